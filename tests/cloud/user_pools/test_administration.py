from __future__ import annotations

from typing import Any

import pytest


def create(pool: Any, name: str = "alice", **more: Any) -> dict[str, Any]:
    attributes = [{"Name": "email", "Value": f"{name}@example.com"}]
    given = {"UserAttributes": attributes, **more}
    return pool.idp.admin_create_user(UserPoolId=pool.id, Username=name, **given)["User"]


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("admin_get_user", {}),
        ("admin_confirm_sign_up", {}),
        ("admin_delete_user", {}),
        ("admin_disable_user", {}),
        ("admin_enable_user", {}),
        ("admin_reset_user_password", {}),
        ("admin_user_global_sign_out", {}),
        ("admin_set_user_password", {"Password": "Corr3ct-horse"}),
        ("admin_update_user_attributes", {"UserAttributes": [{"Name": "name", "Value": "A"}]}),
        ("admin_delete_user_attributes", {"UserAttributeNames": ["name"]}),
        ("admin_list_groups_for_user", {}),
    ],
)
def test_an_unknown_user_and_an_unknown_pool(pool, refused, operation, more):
    call = getattr(pool.idp, operation)
    with refused("UserNotFoundException", "User does not exist."):
        call(UserPoolId=pool.id, Username="nobody", **more)
    with refused("ResourceNotFoundException", "User pool us-east-1_none does not exist."):
        call(UserPoolId="us-east-1_none", Username="nobody", **more)


def test_a_taken_name(pool, refused):
    create(pool)
    with refused("UsernameExistsException", "User account already exists"):
        create(pool)


def test_a_temporary_password_keeps_the_policy(pool, refused):
    with refused("InvalidPasswordException"):
        create(pool, TemporaryPassword="short")
    with refused("UserNotFoundException"):
        pool.idp.admin_get_user(UserPoolId=pool.id, Username="alice")


def test_the_invitation_holds_the_password(pool):
    user = create(pool)
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    message = pool.cloud.inbox.latest("alice@example.com")
    assert "alice" in message.body
    assert pool.start("alice", message.code)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_no_invitation_when_suppressed(pool):
    create(pool, MessageAction="SUPPRESS")
    assert pool.cloud.inbox.to("alice@example.com") == []


def test_a_second_invitation_voids_the_first(pool, refused):
    create(pool)
    first = pool.code("alice@example.com")
    create(pool, MessageAction="RESEND")
    second = pool.code("alice@example.com")
    with refused("NotAuthorizedException", "Incorrect username or password."):
        pool.start("alice", first)
    assert pool.start("alice", second)["Session"]


def test_only_waiting_users_are_invited_again(pool, refused):
    with refused("UserNotFoundException"):
        create(pool, MessageAction="RESEND")
    pool.join("alice")
    message = "Resend not possible. alice status is not FORCE_CHANGE_PASSWORD"
    with refused("UnsupportedUserStateException", message):
        create(pool, MessageAction="RESEND")


def test_a_permanent_password_signs_in_and_a_temporary_one_must_be_changed(pool):
    create(pool)
    for permanent, challenged in ((False, True), (True, False)):
        pool.idp.admin_set_user_password(
            UserPoolId=pool.id, Username="alice", Password=pool.password, Permanent=permanent
        )
        assert ("ChallengeName" in pool.start("alice")) is challenged


def test_confirming_leaves_the_address_unverified(pool, refused):
    pool.sign_up("alice")
    pool.idp.admin_confirm_sign_up(UserPoolId=pool.id, Username="alice")
    user = pool.idp.admin_get_user(UserPoolId=pool.id, Username="alice")
    found = {a["Name"]: a["Value"] for a in user["UserAttributes"]}
    assert found.get("email_verified", "false") == "false"
    message = "User cannot be confirmed. Current status is CONFIRMED"
    with refused("NotAuthorizedException", message):
        pool.idp.admin_confirm_sign_up(UserPoolId=pool.id, Username="alice")


def test_a_reset_needs_a_confirmed_user_with_a_verified_address(pool, refused):
    create(pool)
    with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        pool.idp.admin_reset_user_password(UserPoolId=pool.id, Username="alice")
    pool.idp.admin_set_user_password(
        UserPoolId=pool.id, Username="alice", Password=pool.password, Permanent=True
    )
    with refused("InvalidParameterException"):
        pool.idp.admin_reset_user_password(UserPoolId=pool.id, Username="alice")


def test_a_changed_address_is_unverified_unless_the_administrator_says_so(pool):
    pool.join("alice")

    def change(**attributes: str) -> str:
        pool.idp.admin_update_user_attributes(
            UserPoolId=pool.id,
            Username="alice",
            UserAttributes=[{"Name": n, "Value": v} for n, v in attributes.items()],
        )
        user = pool.idp.admin_get_user(UserPoolId=pool.id, Username="alice")
        return {a["Name"]: a["Value"] for a in user["UserAttributes"]}["email_verified"]

    assert change(email="a@example.com") == "false"
    assert change(email="b@example.com", email_verified="true") == "true"


def test_users_are_listed_with_what_we_wrote(pool):
    pool.join("alice")
    listed = pool.idp.list_users(UserPoolId=pool.id, Filter='email = "alice@example.com"')
    assert [u["Username"] for u in listed["Users"]] == ["alice"]
    assert listed["Users"][0]["UserStatus"] == "CONFIRMED"
