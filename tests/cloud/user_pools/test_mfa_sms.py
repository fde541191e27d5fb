"""Codes by text message, the choice between two factors, and what a phone may not be as well."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cloud.user_pools import test_srp as srp
from tests.cloud.user_pools.second_factor import (
    NO_SESSION,
    PHONE,
    SMS,
    enrol,
    prefer,
    require,
    respond,
)

WRONG = "Invalid code or auth state for the user."
ON = {"Enabled": True, "PreferredMfa": True}


@pytest.fixture
def alice(pool: Any) -> dict[str, str]:
    """alice gets her codes by text message."""
    require(pool, sms=True)
    pool.join("alice", phone_number=PHONE)
    prefer(pool, sms=ON)
    return {"name": "alice"}


def attributes_of(pool: Any, name: str = "alice") -> dict[str, str]:
    user = pool.idp.admin_get_user(UserPoolId=pool.id, Username=name)
    return {a["Name"]: a["Value"] for a in user["UserAttributes"]}


def test_a_wrong_code_is_refused_and_the_same_session_may_try_again(pool, alice, refused, wrong):
    challenge = pool.start("alice")
    assert challenge["ChallengeName"] == "SMS_MFA"
    assert "AuthenticationResult" not in challenge
    code = pool.code(PHONE)
    with refused("CodeMismatchException", WRONG):
        respond(pool, challenge, SMS_MFA_CODE=wrong(code))
    answer = respond(pool, challenge, SMS_MFA_CODE=code)
    assert pool.who(answer["AuthenticationResult"]["AccessToken"]) == "alice"


@pytest.mark.parametrize("odd", ["0", " ", "\ud800", "1" * 2000])
def test_codes_of_odd_form_are_wrong(pool, alice, refused, odd):
    challenge = pool.start("alice")
    with refused("CodeMismatchException", WRONG):
        respond(pool, challenge, SMS_MFA_CODE=odd)


def test_no_code_at_all(pool, alice, refused):
    challenge = pool.start("alice")
    with refused("InvalidParameterException", "Missing required parameter SMS_MFA_CODE"):
        respond(pool, challenge)


def test_a_code_belongs_to_its_session(pool, alice, refused):
    first = pool.start("alice")
    code = pool.code(PHONE)
    second = pool.start("alice")
    with refused("CodeMismatchException", WRONG):
        respond(pool, second, SMS_MFA_CODE=code)
    assert respond(pool, first, SMS_MFA_CODE=code)


def test_code_and_session_serve_once_and_end(pool, alice, refused):
    challenge = pool.start("alice")
    code = pool.code(PHONE)
    respond(pool, challenge, SMS_MFA_CODE=code)
    message = "Invalid session for the user, session can only be used once."
    with refused("NotAuthorizedException", message):
        respond(pool, challenge, SMS_MFA_CODE=code)
    late = pool.start("alice")
    pool.cloud.clock.advance(minutes=3)
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        respond(pool, late, SMS_MFA_CODE=pool.code(PHONE))


def test_guesses_are_limited_over_all_sessions(pool, alice, refused, wrong):
    challenge = pool.start("alice")
    code = pool.code(PHONE)
    for _ in range(5):
        with refused("CodeMismatchException", WRONG):
            respond(pool, challenge, SMS_MFA_CODE=wrong(code))
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        respond(pool, challenge, SMS_MFA_CODE=code)
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        pool.start("alice")


def test_nobody_is_flooded_with_messages(pool, alice, refused):
    for _ in range(5):
        pool.start("alice")
    with refused("LimitExceededException"):
        pool.start("alice")
    assert len(pool.cloud.inbox.to(PHONE)) == 5


def test_signing_in_often_is_no_flood(pool, alice):
    for _ in range(7):
        assert respond(pool, pool.start("alice"), SMS_MFA_CODE=pool.code(PHONE))


def test_a_number_that_changed_meanwhile_is_not_proved(pool, alice, refused):
    challenge = pool.start("alice")
    code = pool.code(PHONE)
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username="alice",
        UserAttributes=[{"Name": "phone_number", "Value": "+15555550199"}],
    )
    with refused("CodeMismatchException", WRONG):
        respond(pool, challenge, SMS_MFA_CODE=code)
    assert attributes_of(pool)["phone_number_verified"] == "false"


def test_the_number_is_masked_and_the_code_not_recorded(pool, alice):
    challenge = pool.start("alice")
    assert challenge["ChallengeParameters"] == {
        "USER_ID_FOR_SRP": "alice",
        "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
        "CODE_DELIVERY_DESTINATION": "+*******0123",
    }
    code = pool.code(PHONE)
    respond(pool, challenge, SMS_MFA_CODE=code)
    assert code not in str([entry.as_dict() for entry in pool.cloud.trace])


def test_the_pool_words_the_message(pool, alice):
    assert pool.start("alice")
    message = pool.cloud.inbox.latest(PHONE)
    assert (message.medium, message.body) == (
        "SMS",
        f"Your authentication code is {message.code}. ",
    )
    pool.idp.set_user_pool_mfa_config(
        UserPoolId=pool.id,
        MfaConfiguration="OPTIONAL",
        SmsMfaConfiguration={"SmsConfiguration": SMS, "SmsAuthenticationMessage": "Psst: {####}"},
    )
    pool.start("alice")
    assert pool.cloud.inbox.latest(PHONE).body == f"Psst: {pool.code(PHONE)}"


def test_a_code_that_comes_back_verifies_the_number(pool, alice):
    assert "phone_number_verified" not in attributes_of(pool)
    respond(pool, pool.start("alice"), SMS_MFA_CODE=pool.code(PHONE))
    assert attributes_of(pool)["phone_number_verified"] == "true"


def test_a_number_that_is_another_users_name_stays_unverified(make_pool):
    pool = make_pool({"AliasAttributes": ["phone_number"]})
    require(pool, sms=True)
    pool.join("mallory", phone_number=PHONE)
    prefer(pool, "mallory", sms=ON)
    pool.join("alice")
    proved = {"phone_number": PHONE, "phone_number_verified": "true"}
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username="alice",
        UserAttributes=[{"Name": k, "Value": v} for k, v in proved.items()],
    )
    assert respond(pool, pool.start("mallory"), "mallory", SMS_MFA_CODE=pool.code(PHONE))
    assert attributes_of(pool, "mallory").get("phone_number_verified") != "true"


# --- a pool that requires a factor ---------------------------------------------------------------


def test_where_mfa_is_required_a_phone_number_is_enough_to_be_asked(pool):
    require(pool, "ON", sms=True)
    pool.join("alice", phone_number=PHONE)
    challenge = pool.start("alice")
    assert challenge["ChallengeName"] == "SMS_MFA"
    assert respond(pool, challenge, SMS_MFA_CODE=pool.code(PHONE))["AuthenticationResult"]


def test_where_mfa_is_optional_it_is_not(pool):
    require(pool, sms=True)
    pool.join("alice", phone_number=PHONE)
    assert pool.sign_in("alice")


# --- two factors ---------------------------------------------------------------------------------


@pytest.fixture
def both(pool: Any) -> Any:
    """alice has an app and a phone, and prefers neither; her app."""
    require(pool, sms=True)
    pool.join("alice", phone_number=PHONE)
    phone = enrol(pool)
    prefer(pool, sms={"Enabled": True})
    return phone


def test_who_has_two_factors_chooses(pool, both, refused):
    challenge = pool.start("alice")
    assert challenge["ChallengeName"] == "SELECT_MFA_TYPE"
    offered = json.loads(challenge["ChallengeParameters"]["MFAS_CAN_CHOOSE"])
    assert offered == ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]
    assert pool.cloud.inbox.to(PHONE) == []
    for answer in ("EMAIL_OTP", "PASSWORD", "x" * 500):
        with refused("InvalidParameterException"):
            respond(pool, challenge, ANSWER=answer)
    with refused("InvalidParameterException", "Missing required parameter ANSWER"):
        respond(pool, challenge)
    step = respond(pool, challenge, ANSWER="SMS_MFA")
    with refused("NotAuthorizedException"):
        respond(pool, challenge, ANSWER="SOFTWARE_TOKEN_MFA")
    assert respond(pool, step, SMS_MFA_CODE=pool.code(PHONE))["AuthenticationResult"]
    step = respond(pool, pool.start("alice"), ANSWER="SOFTWARE_TOKEN_MFA")
    assert respond(pool, step, SOFTWARE_TOKEN_MFA_CODE=both.next())["AuthenticationResult"]


def test_the_choice_itself_opens_nothing(pool, both, refused):
    challenge = pool.start("alice")
    with refused("NotAuthorizedException", NO_SESSION):
        respond(
            pool,
            {**challenge, "ChallengeName": "SOFTWARE_TOKEN_MFA"},
            SOFTWARE_TOKEN_MFA_CODE=both.next(),
        )


def test_the_preferred_factor_is_asked_for(pool, both):
    prefer(pool, totp=ON)
    assert pool.start("alice")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    prefer(pool, sms=ON)
    assert pool.start("alice")["ChallengeName"] == "SMS_MFA"


def test_a_preferred_phone_that_is_gone_leaves_the_other_factor(pool, both):
    prefer(pool, sms=ON)
    pool.idp.admin_delete_user_attributes(
        UserPoolId=pool.id, Username="alice", UserAttributeNames=["phone_number"]
    )
    assert pool.start("alice")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


@pytest.mark.parametrize("chosen", ["SMS_MFA", "SOFTWARE_TOKEN_MFA"])
def test_secure_remote_password_comes_to_the_same_challenges(pool, both, refused, chosen):
    responses = srp.answer(pool, srp.begin(pool, "alice"), pool.password)
    challenge = srp.respond(pool, responses)
    assert challenge["ChallengeName"] == "SELECT_MFA_TYPE"
    step = respond(pool, challenge, ANSWER=chosen)
    code = pool.code(PHONE) if chosen == "SMS_MFA" else both.next()
    with refused("CodeMismatchException"):
        respond(pool, step, **{f"{chosen}_CODE": "x"})
    assert respond(pool, step, **{f"{chosen}_CODE": code})["AuthenticationResult"]


# --- a phone for the second factor is none for recovery ------------------------------------------

WAYS = [
    {"Priority": 1, "Name": "verified_phone_number"},
    {"Priority": 2, "Name": "verified_email"},
]


def recovers_to(pool: Any) -> str:
    answer = pool.idp.forgot_password(ClientId=pool.client, Username="alice")
    return answer["CodeDeliveryDetails"]["DeliveryMedium"]


def test_codes_for_a_new_password_do_not_go_to_the_phone_of_the_second_factor(make_pool, refused):
    pool = make_pool({"AccountRecoverySetting": {"RecoveryMechanisms": WAYS}})
    require(pool, sms=True)
    pool.join("alice", phone_number=PHONE)
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username="alice",
        UserAttributes=[{"Name": "phone_number_verified", "Value": "true"}],
    )
    assert recovers_to(pool) == "SMS"
    prefer(pool, sms=ON)
    assert recovers_to(pool) == "EMAIL"
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username="alice",
        UserAttributes=[{"Name": "email_verified", "Value": "false"}],
    )
    with refused("InvalidParameterException"):
        recovers_to(pool)


def test_a_phone_that_recovers_first_is_not_made_a_factor_unasked(make_pool):
    pool = make_pool({"AccountRecoverySetting": {"RecoveryMechanisms": WAYS}})
    require(pool, "ON", sms=True)
    pool.join("alice", phone_number=PHONE)
    challenge = pool.start("alice")
    assert challenge["ChallengeName"] == "MFA_SETUP"
    assert challenge["ChallengeParameters"]["MFAS_CAN_SETUP"] == '["SOFTWARE_TOKEN_MFA"]'
