"""Authenticator apps: every way to come in without the right code is closed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.user_pools.second_factor import (
    NO_SESSION,
    USED_ONCE,
    Phone,
    enrol,
    prefer,
    require,
    respond,
)

WRONG = "Invalid code received for user"


@pytest.fixture
def phone(pool: Any) -> Phone:
    """alice's authenticator app; from now on she must use it."""
    require(pool)
    pool.join("alice")
    return enrol(pool)


def test_a_wrong_code_is_refused_and_the_same_session_may_try_again(pool, phone, refused):
    challenge = pool.start("alice")
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert "AuthenticationResult" not in challenge
    with refused("CodeMismatchException", WRONG):
        respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.wrong())
    answer = respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.next())
    assert pool.who(answer["AuthenticationResult"]["AccessToken"]) == "alice"


@pytest.mark.parametrize(
    "odd", ["12345", "1234567", " ", "abcdef", "\uff11\uff12\uff13\uff14\uff15\uff16", "\ud800"]
)
def test_codes_of_odd_form_are_wrong(pool, phone, refused, odd):
    challenge = pool.start("alice")
    with refused("CodeMismatchException", WRONG):
        respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=odd)


def test_no_code_at_all(pool, phone, refused):
    challenge = pool.start("alice")
    message = "Missing required parameter SOFTWARE_TOKEN_MFA_CODE"
    with refused("InvalidParameterException", message):
        respond(pool, challenge, SMS_MFA_CODE=phone.next())


def test_a_code_is_good_once(pool, phone, refused):
    code = phone.next()
    assert respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=code)
    with refused("ExpiredCodeException", USED_ONCE):
        respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=code)


def test_the_code_that_proved_the_app_does_not_sign_in(pool, phone, refused):
    with refused("ExpiredCodeException", USED_ONCE):
        respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=phone.code())


def test_an_older_code_does_not_serve_after_a_newer_one(pool, phone, refused):
    older = phone.next()
    respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=phone.code(1))
    with refused("ExpiredCodeException", USED_ONCE):
        respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=older)


@pytest.mark.parametrize("step", [-1, 1])
def test_one_step_early_or_late_is_accepted(pool, phone, step):
    pool.cloud.clock.advance(minutes=5)
    assert respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=phone.code(step))


@pytest.mark.parametrize("step", [-2, 2])
def test_two_steps_are_too_many(pool, phone, refused, step):
    pool.cloud.clock.advance(minutes=5)
    with refused("CodeMismatchException", WRONG):
        respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=phone.code(step))


def test_after_five_wrong_codes_even_the_right_one_must_wait(pool, phone, refused):
    for _ in range(5):
        # A right password in between forgives nothing.
        with refused("CodeMismatchException", WRONG):
            respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=phone.wrong())
    challenge = pool.start("alice")
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.code(1))
    pool.cloud.clock.advance(seconds=1)
    assert respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.code(1))


def test_a_session_serves_once(pool, phone, refused):
    challenge = pool.start("alice")
    respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.next())
    message = "Invalid session for the user, session can only be used once."
    with refused("NotAuthorizedException", message):
        respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.next())


def test_a_session_ends_after_three_minutes(pool, phone, refused):
    challenge = pool.start("alice")
    pool.cloud.clock.advance(minutes=3)
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.code())


def test_a_session_is_one_users_and_one_clients(pool, phone, refused):
    pool.join("mallory")
    theirs = enrol(pool, "mallory")
    challenge = pool.start("alice")
    with refused("NotAuthorizedException", NO_SESSION):
        respond(pool, challenge, "mallory", SOFTWARE_TOKEN_MFA_CODE=theirs.next())
    with refused("NotAuthorizedException", NO_SESSION):
        pool.idp.respond_to_auth_challenge(
            ClientId=pool.new_app()["ClientId"],
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": phone.code()},
        )


@pytest.mark.parametrize("name", ["SMS_MFA", "SELECT_MFA_TYPE", "MFA_SETUP"])
def test_a_session_does_not_answer_another_challenge(pool, phone, refused, name):
    challenge = {**pool.start("alice"), "ChallengeName": name}
    with refused("NotAuthorizedException", NO_SESSION):
        respond(pool, challenge, ANSWER="SOFTWARE_TOKEN_MFA", SMS_MFA_CODE="000000")


def test_another_users_app_does_not_serve(pool, phone, refused):
    pool.join("mallory")
    theirs = enrol(pool, "mallory")
    with refused("CodeMismatchException", WRONG):
        respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=theirs.next())


def test_a_password_that_changed_meanwhile_voids_the_session(pool, phone, refused):
    challenge = pool.start("alice")
    pool.idp.admin_set_user_password(
        UserPoolId=pool.id, Username="alice", Password="An0ther-horse", Permanent=True
    )
    with refused("NotAuthorizedException", NO_SESSION):
        respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.next())


def test_a_user_disabled_meanwhile(pool, phone, refused):
    challenge = pool.start("alice")
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username="alice")
    with refused("NotAuthorizedException", "User is disabled."):
        respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.next())


def test_a_deleted_user(pool, phone, refused):
    challenge = pool.start("alice")
    pool.idp.admin_delete_user(UserPoolId=pool.id, Username="alice")
    with refused("NotAuthorizedException", NO_SESSION):
        respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.next())


def test_a_wrong_password_never_comes_to_the_code(pool, phone, refused):
    with refused("NotAuthorizedException", "Incorrect username or password."):
        pool.start("alice", "Wr0ng-horse!")


def test_a_new_password_by_code_is_no_way_around_the_second_factor(pool, phone):
    pool.idp.forgot_password(ClientId=pool.client, Username="alice")
    pool.idp.confirm_forgot_password(
        ClientId=pool.client,
        Username="alice",
        ConfirmationCode=pool.code("alice@example.com"),
        Password="An0ther-horse",
    )
    assert pool.start("alice", "An0ther-horse")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_a_new_password_in_place_of_a_temporary_one_comes_first(pool, phone):
    pool.idp.admin_set_user_password(
        UserPoolId=pool.id, Username="alice", Password="Temp0rary-1", Permanent=False
    )
    challenge = pool.start("alice", "Temp0rary-1")
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    step = respond(pool, challenge, NEW_PASSWORD="An0ther-horse")
    assert step["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert respond(pool, step, SOFTWARE_TOKEN_MFA_CODE=phone.next())["AuthenticationResult"]


def test_an_administrators_sign_in_asks_as_well(pool, phone, refused):
    started = pool.idp.admin_initiate_auth(
        UserPoolId=pool.id,
        ClientId=pool.client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "alice", "PASSWORD": pool.password},
    )
    assert started["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    def answer(code: str) -> Any:
        return pool.idp.admin_respond_to_auth_challenge(
            UserPoolId=pool.id,
            ClientId=pool.client,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=started["Session"],
            ChallengeResponses={"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": code},
        )

    with refused("CodeMismatchException", WRONG):
        answer(phone.wrong())
    assert pool.who(answer(phone.next())["AuthenticationResult"]["AccessToken"]) == "alice"


def test_an_app_client_with_a_secret_proves_it_again(pool, phone, refused):
    secret = pool.new_app(GenerateSecret=True)
    challenge = pool.start("alice")
    with refused("NotAuthorizedException"):
        pool.idp.respond_to_auth_challenge(
            ClientId=secret["ClientId"],
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": phone.next()},
        )


def test_a_lost_app_is_deleted_by_an_administrator(pool, phone, refused):
    challenge = pool.start("alice")
    pool.idp.admin_delete_software_token(UserPoolId=pool.id, Username="alice")
    message = "Software Token MFA does not exist for the user."
    with refused("SoftwareTokenMFANotFoundException", message):
        respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.next())
    assert pool.sign_in("alice")


def test_an_app_goes_on_to_serve_where_the_pool_no_longer_offers_new_ones(pool, phone, refused):
    require(pool, sms=True, totp=False)
    challenge = pool.start("alice")
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    answer = respond(pool, challenge, SOFTWARE_TOKEN_MFA_CODE=phone.next())
    message = "Software Token MFA has not been enabled by the userPool."
    with refused("SoftwareTokenMFANotFoundException", message):
        pool.idp.associate_software_token(AccessToken=answer["AuthenticationResult"]["AccessToken"])


def test_a_refresh_token_renews_without_a_code(pool, phone):
    answer = respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=phone.next())
    assert pool.refresh(answer["AuthenticationResult"]["RefreshToken"])["AccessToken"]


def test_neither_secret_nor_code_is_recorded(pool, phone):
    code = phone.next()
    respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=code)
    recorded = str([entry.as_dict() for entry in pool.cloud.trace])
    assert phone.secret not in recorded
    assert code not in recorded
    assert phone.secret not in repr(pool.world.room(_state()))


def _state() -> type:
    from helpers.cloud.user_pools.state import UserPoolsState

    return UserPoolsState


def test_mfa_switched_off_asks_nobody(pool, phone):
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration="OFF")
    assert pool.sign_in("alice")


def test_who_turns_it_off_is_not_asked(pool, phone):
    prefer(pool, totp={"Enabled": False})
    assert pool.sign_in("alice")
