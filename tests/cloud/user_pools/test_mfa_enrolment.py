"""Setting up an authenticator app: with an access token, and in the middle of a sign-in."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.cloud.user_pools.second_factor import NO_SESSION, PHONE, Phone, enrol, require, respond

MISMATCH = "Code mismatch and fail enable Software Token MFA"
NOT_ENABLED = "Software Token MFA has not been enabled by the userPool."
ONCE = "Invalid session for the user, session can only be used once."


@pytest.fixture
def token(pool: Any) -> str:
    """alice's access token, in a pool where a second factor is optional."""
    require(pool)
    pool.join("alice")
    return pool.sign_in("alice")["AccessToken"]


@pytest.fixture
def challenge(pool: Any) -> dict[str, Any]:
    """alice signs in to a pool that requires a second factor; she has none."""
    require(pool, "ON")
    pool.join("alice")
    return pool.start("alice")


def associate(pool: Any, session: str) -> tuple[Phone, str]:
    answer = pool.idp.associate_software_token(Session=session)
    return Phone(pool, answer["SecretCode"]), answer["Session"]


# --- with an access token ------------------------------------------------------------------------


def test_a_pool_without_mfa_offers_no_app(pool, refused):
    pool.join("alice")
    access = pool.sign_in("alice")["AccessToken"]
    with refused("SoftwareTokenMFANotFoundException", NOT_ENABLED):
        pool.idp.associate_software_token(AccessToken=access)
    with refused("SoftwareTokenMFANotFoundException", NOT_ENABLED):
        pool.idp.verify_software_token(AccessToken=access, UserCode="123456")


def test_a_bad_token_or_none(pool, token, refused):
    with refused("NotAuthorizedException", "Invalid Access Token"):
        pool.idp.associate_software_token(AccessToken="eyJ.eyJ.x")
    with refused("InvalidParameterException"):
        pool.idp.associate_software_token()
    with refused("InvalidParameterException"):
        pool.idp.associate_software_token(AccessToken=token, Session="x" * 20)
    with refused("InvalidParameterException"):
        pool.idp.verify_software_token(UserCode="123456")


@pytest.mark.parametrize("code", ["1234567", "abcdef", "12 345"])
def test_a_code_has_six_digits(pool, token, refused, code):
    pool.idp.associate_software_token(AccessToken=token)
    with refused("InvalidParameterException"):
        pool.idp.verify_software_token(AccessToken=token, UserCode=code)


def test_there_must_be_a_secret_to_prove(pool, token, refused):
    with refused("SoftwareTokenMFANotFoundException"):
        pool.idp.verify_software_token(AccessToken=token, UserCode="123456")


def test_a_wrong_code_sets_nothing_up(pool, token, refused):
    phone = Phone(pool, pool.idp.associate_software_token(AccessToken=token)["SecretCode"])
    with refused("EnableSoftwareTokenMFAException", MISMATCH):
        pool.idp.verify_software_token(AccessToken=token, UserCode=phone.wrong())
    assert pool.sign_in("alice")
    pool.idp.verify_software_token(AccessToken=token, UserCode=phone.code())
    assert pool.start("alice")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_guesses_at_the_first_code_are_limited(pool, token, refused):
    phone = Phone(pool, pool.idp.associate_software_token(AccessToken=token)["SecretCode"])
    for _ in range(5):
        with refused("EnableSoftwareTokenMFAException", MISMATCH):
            pool.idp.verify_software_token(AccessToken=token, UserCode=phone.wrong())
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        pool.idp.verify_software_token(AccessToken=token, UserCode=phone.code())


def test_only_the_secret_handed_out_last_counts(pool, token, refused):
    first = Phone(pool, pool.idp.associate_software_token(AccessToken=token)["SecretCode"])
    pool.idp.associate_software_token(AccessToken=token)
    with refused("EnableSoftwareTokenMFAException", MISMATCH):
        pool.idp.verify_software_token(AccessToken=token, UserCode=first.code())


def test_a_new_app_replaces_the_old_one_once_it_is_proved(pool, token, refused):
    old = enrol(pool)
    new = Phone(pool, pool.idp.associate_software_token(AccessToken=token)["SecretCode"])
    with refused("CodeMismatchException"):
        respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=new.code())
    assert respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=old.next())
    pool.idp.verify_software_token(AccessToken=token, UserCode=new.code())
    with refused("CodeMismatchException"):
        respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=old.next())
    assert respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=new.next())


def test_a_secret_has_160_bits_and_is_the_users_own(pool, token):
    pool.join("bob")
    secrets = [
        pool.idp.associate_software_token(AccessToken=access)["SecretCode"]
        for access in (token, token, pool.sign_in("bob")["AccessToken"])
    ]
    assert [len(base64.b32decode(s)) for s in secrets] == [20, 20, 20]
    assert len(set(secrets)) == 3


def test_a_user_of_an_outside_provider_sets_nothing_up(pool, token, refused):
    pool.idp.admin_disable_provider_for_user(
        UserPoolId=pool.id,
        User={
            "ProviderName": "Cognito",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": "alice",
        },
    )
    with refused("InvalidParameterException"):
        pool.idp.associate_software_token(AccessToken=token)


def test_the_apps_name_is_told_at_sign_in(pool, token):
    phone = Phone(pool, pool.idp.associate_software_token(AccessToken=token)["SecretCode"])
    pool.idp.verify_software_token(
        AccessToken=token, UserCode=phone.code(), FriendlyDeviceName="My phone"
    )
    assert pool.start("alice")["ChallengeParameters"] == {
        "USER_ID_FOR_SRP": "alice",
        "FRIENDLY_DEVICE_NAME": "My phone",
    }


# --- in the middle of a sign-in ------------------------------------------------------------------


def test_a_pool_that_requires_mfa_lets_nobody_in_without(pool, challenge, refused):
    assert challenge["ChallengeName"] == "MFA_SETUP"
    assert "AuthenticationResult" not in challenge
    shown = challenge["ChallengeParameters"]
    assert json.loads(shown["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
    assert shown["USER_ID_FOR_SRP"] == "alice"


def test_the_challenge_is_not_answered_before_an_app_is_proved(pool, challenge, refused):
    with refused("NotAuthorizedException", NO_SESSION):
        respond(pool, challenge)
    _, session = associate(pool, challenge["Session"])
    with refused("NotAuthorizedException", NO_SESSION):
        respond(pool, {**challenge, "Session": session})


def test_enrolment_needs_the_session_of_this_challenge(pool, challenge, refused):
    with refused("NotAuthorizedException", NO_SESSION):
        pool.idp.associate_software_token(Session="x" * 40)
    with refused("NotAuthorizedException", NO_SESSION):
        pool.idp.verify_software_token(Session="x" * 40, UserCode="123456")
    with refused("NotAuthorizedException", NO_SESSION):
        # No secret has been handed out under this session.
        pool.idp.verify_software_token(Session=challenge["Session"], UserCode="123456")


def test_each_session_serves_once(pool, challenge, refused):
    phone, second = associate(pool, challenge["Session"])
    with refused("NotAuthorizedException", ONCE):
        associate(pool, challenge["Session"])
    third = pool.idp.verify_software_token(Session=second, UserCode=phone.code())["Session"]
    with refused("NotAuthorizedException", ONCE):
        pool.idp.verify_software_token(Session=second, UserCode=phone.code())
    with refused("NotAuthorizedException", NO_SESSION):
        # The app is proved: nobody hands out another secret in this sign-in.
        associate(pool, third)
    answer = respond(pool, {**challenge, "Session": third})
    assert pool.who(answer["AuthenticationResult"]["AccessToken"]) == "alice"
    with refused("NotAuthorizedException", ONCE):
        respond(pool, {**challenge, "Session": third})


def test_a_wrong_first_code_may_be_bettered(pool, challenge, refused):
    phone, session = associate(pool, challenge["Session"])
    with refused("EnableSoftwareTokenMFAException", MISMATCH):
        pool.idp.verify_software_token(Session=session, UserCode=phone.wrong())
    assert pool.idp.verify_software_token(Session=session, UserCode=phone.code())


def test_sessions_end(pool, challenge, refused):
    phone, session = associate(pool, challenge["Session"])
    pool.cloud.clock.advance(minutes=3)
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        pool.idp.verify_software_token(Session=session, UserCode=phone.code())


def test_a_thief_of_the_password_cannot_replace_the_app(pool, challenge, refused):
    """He began before alice set up her app, and goes on afterwards."""
    early = pool.start("alice")
    thief, begun = associate(pool, pool.start("alice")["Session"])
    phone, session = associate(pool, challenge["Session"])
    proved = pool.idp.verify_software_token(Session=session, UserCode=phone.code())["Session"]
    respond(pool, {**challenge, "Session": proved})
    with refused("NotAuthorizedException", NO_SESSION):
        associate(pool, early["Session"])
    with refused("NotAuthorizedException", NO_SESSION):
        pool.idp.verify_software_token(Session=begun, UserCode=thief.code())
    assert respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=phone.next())


def test_a_session_for_a_code_is_not_one_for_an_enrolment(pool, refused):
    require(pool)
    pool.join("alice")
    enrol(pool)
    session = pool.start("alice")["Session"]
    with refused("NotAuthorizedException", NO_SESSION):
        pool.idp.associate_software_token(Session=session)


def test_an_app_set_up_at_sign_in_is_asked_for_at_the_next(pool, challenge):
    phone, session = associate(pool, challenge["Session"])
    proved = pool.idp.verify_software_token(Session=session, UserCode=phone.code())
    assert proved["Status"] == "SUCCESS"
    respond(pool, {**challenge, "Session": proved["Session"]})
    again = pool.start("alice")
    assert again["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert respond(pool, again, SOFTWARE_TOKEN_MFA_CODE=phone.next())["AuthenticationResult"]


def test_after_a_first_password_comes_the_enrolment(pool):
    require(pool, "ON")
    pool.idp.admin_create_user(
        UserPoolId=pool.id, Username="alice", TemporaryPassword="Temp0rary-1"
    )
    step = respond(pool, pool.start("alice", "Temp0rary-1"), NEW_PASSWORD=pool.password)
    assert step["ChallengeName"] == "MFA_SETUP"


def test_text_messages_are_set_up_by_a_phone_number(pool, refused):
    require(pool, "ON", sms=True, totp=False)
    pool.join("alice")
    challenge = pool.start("alice")
    assert json.loads(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SMS_MFA"]
    with refused("NotAuthorizedException", NO_SESSION):
        respond(pool, challenge)
    with refused("SoftwareTokenMFANotFoundException", NOT_ENABLED):
        associate(pool, challenge["Session"])
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username="alice",
        UserAttributes=[{"Name": "phone_number", "Value": PHONE}],
    )
    assert pool.start("alice")["ChallengeName"] == "SMS_MFA"


def test_a_user_who_can_have_no_factor_at_all_cannot_sign_in(make_pool, refused):
    ways = [{"Priority": 1, "Name": "verified_phone_number"}]
    pool = make_pool({"AccountRecoverySetting": {"RecoveryMechanisms": ways}})
    require(pool, "ON", sms=True, totp=False)
    pool.join("alice", phone_number=PHONE)
    with refused("InvalidUserPoolConfigurationException"):
        pool.start("alice")
