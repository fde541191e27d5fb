from __future__ import annotations

from typing import Any

import pytest

NEW = "N3w-password"


def forgot(pool: Any, name: str = "alice", client: str = "") -> dict[str, Any]:
    answer = pool.idp.forgot_password(ClientId=client or pool.client, Username=name)
    return answer["CodeDeliveryDetails"]


def confirm(pool: Any, code: str, name: str = "alice", client: str = "") -> None:
    pool.idp.confirm_forgot_password(
        ClientId=client or pool.client, Username=name, ConfirmationCode=code, Password=NEW
    )


@pytest.fixture
def joined(pool):
    pool.join("alice")
    return pool


def test_a_wrong_code(joined, refused, wrong):
    forgot(joined)
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        confirm(joined, wrong(joined.code("alice@example.com")))
    assert joined.sign_in("alice")


def test_a_code_nobody_asked_for(joined, refused):
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        confirm(joined, "123456")


def test_the_sign_up_code_resets_nothing(pool, refused):
    pool.sign_up("alice")
    pool.idp.admin_confirm_sign_up(UserPoolId=pool.id, Username="alice")
    with refused("ExpiredCodeException"):
        confirm(pool, pool.code("alice@example.com"))


def test_another_users_code(joined, refused):
    joined.join("mallory")
    forgot(joined)
    forgot(joined, "mallory")
    with refused("CodeMismatchException"):
        confirm(joined, joined.code("mallory@example.com"))


def test_a_code_ends_after_an_hour(joined, refused):
    forgot(joined)
    joined.cloud.clock.advance(hours=1)
    with refused("ExpiredCodeException"):
        confirm(joined, joined.code("alice@example.com"))


def test_a_code_serves_once(joined, refused):
    forgot(joined)
    code = joined.code("alice@example.com")
    confirm(joined, code)
    with refused("ExpiredCodeException"):
        confirm(joined, code)


def test_a_code_does_not_replace_a_temporary_password(joined, refused):
    forgot(joined)
    joined.idp.admin_set_user_password(
        UserPoolId=joined.id, Username="alice", Password="Temp0rary-1", Permanent=False
    )
    with refused("ExpiredCodeException"):
        confirm(joined, joined.code("alice@example.com"))


def test_guessing_codes_is_limited(joined, refused, wrong):
    forgot(joined)
    code = joined.code("alice@example.com")
    for _ in range(5):
        with refused("CodeMismatchException"):
            confirm(joined, wrong(code))
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        confirm(joined, code)


def test_asking_for_codes_is_limited(joined, refused):
    for _ in range(5):
        forgot(joined)
    with refused("LimitExceededException"):
        forgot(joined)
    joined.cloud.clock.advance(hours=1)
    forgot(joined)


def test_a_bad_password_does_not_use_the_code_up(joined, refused):
    forgot(joined)
    code = joined.code("alice@example.com")
    with refused("InvalidPasswordException"):
        joined.idp.confirm_forgot_password(
            ClientId=joined.client, Username="alice", ConfirmationCode=code, Password="short"
        )
    confirm(joined, code)


def test_an_unverified_address_gets_no_code(pool, refused):
    pool.sign_up("alice")
    pool.idp.admin_confirm_sign_up(UserPoolId=pool.id, Username="alice")
    with refused(
        "InvalidParameterException",
        "Cannot reset password for the user as there is no registered/verified email or "
        "phone_number",
    ):
        forgot(pool)


def test_an_invited_user_has_no_password_to_forget(pool, refused):
    pool.idp.admin_create_user(UserPoolId=pool.id, Username="alice")
    with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        forgot(pool)


def test_a_pool_may_leave_recovery_to_administrators(make_pool, refused):
    ways = [{"Priority": 1, "Name": "admin_only"}]
    pool = make_pool({"AccountRecoverySetting": {"RecoveryMechanisms": ways}})
    pool.join("alice")
    with refused("NotAuthorizedException", "Contact administrator to reset password."):
        forgot(pool)


def test_an_unknown_user_is_named_by_a_legacy_client(pool, refused):
    message = "Username/client id combination not found."
    with refused("UserNotFoundException", message):
        forgot(pool, "nobody")
    with refused("UserNotFoundException", message):
        confirm(pool, "123456", "nobody")


def test_an_unknown_user_looks_like_a_known_one_where_users_are_hidden(make_pool, refused, wrong):
    pool = make_pool(PreventUserExistenceErrors="ENABLED")
    pool.join("alice")
    for name in ("alice", "nobody"):
        details = forgot(pool, name)
        assert details["DeliveryMedium"] == "EMAIL"
        assert details["Destination"].startswith(f"{name[0]}***@")
        for _ in range(5):
            with refused("CodeMismatchException"):
                confirm(pool, wrong(pool.code("alice@example.com")), name)
        with refused("LimitExceededException"):
            confirm(pool, "000000", name)
        for _ in range(4):
            forgot(pool, name)
        with refused("LimitExceededException"):
            forgot(pool, name)


def test_an_administrators_reset_closes_sign_in_until_the_code_comes_back(joined, refused):
    token = joined.sign_in("alice")["AccessToken"]
    joined.idp.admin_reset_user_password(UserPoolId=joined.id, Username="alice")
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        joined.sign_in("alice")
    with refused("PasswordResetRequiredException"):
        joined.who(token)
    confirm(joined, joined.code("alice@example.com"))
    assert joined.sign_in("alice", NEW)


def test_the_code_sets_a_new_password(joined, refused):
    details = forgot(joined)
    assert details["AttributeName"] == "email"
    confirm(joined, joined.code("alice@example.com"))
    with refused("NotAuthorizedException", "Incorrect username or password."):
        joined.sign_in("alice")
    assert joined.sign_in("alice", NEW)


def test_the_verified_phone_is_preferred(make_pool, attributes):
    pool = make_pool()
    pool.join("alice")
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username="alice",
        UserAttributes=attributes(
            {"phone_number": "+15555550100", "phone_number_verified": "true"}
        ),
    )
    assert forgot(pool)["DeliveryMedium"] == "SMS"


def test_the_history_of_passwords(make_pool, refused):
    policy = {"MinimumLength": 8, "PasswordHistorySize": 2}
    pool = make_pool({"Policies": {"PasswordPolicy": policy}})
    pool.join("alice")

    def change(password: str) -> None:
        pool.idp.admin_set_user_password(
            UserPoolId=pool.id, Username="alice", Password=password, Permanent=True
        )

    with refused("PasswordHistoryPolicyViolationException"):
        change(pool.password)
    change("second-one")
    with refused("PasswordHistoryPolicyViolationException"):
        change(pool.password)
    change("third-one")
    change(pool.password)
