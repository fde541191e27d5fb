"""Names to sign in with: usernames, aliases, addresses in place of usernames, letter case."""

from __future__ import annotations

from typing import Any

import pytest


def verified(pool: Any, name: str, **attributes: str) -> None:
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username=name,
        UserAttributes=[{"Name": n, "Value": v} for n, v in attributes.items()],
    )


def sign_up(pool: Any, name: str, email: str = "") -> dict[str, Any]:
    attributes = [{"Name": "email", "Value": email}] if email else []
    return pool.idp.sign_up(
        ClientId=pool.client, Username=name, Password=pool.password, UserAttributes=attributes
    )


@pytest.fixture
def by_alias(make_pool):
    return make_pool({"AliasAttributes": ["email", "phone_number", "preferred_username"]})


@pytest.fixture
def by_email(make_pool):
    return make_pool({"UsernameAttributes": ["email"]})


def test_an_address_is_no_name_without_aliases(pool, refused):
    pool.join("alice")
    with refused("UserNotFoundException"):
        pool.sign_in("alice@example.com")


def test_an_alias_counts_once_it_is_verified(by_alias, refused):
    by_alias.sign_up("alice")
    by_alias.idp.admin_confirm_sign_up(UserPoolId=by_alias.id, Username="alice")
    with refused("UserNotFoundException"):
        by_alias.sign_in("alice@example.com")
    verified(by_alias, "alice", email_verified="true")
    token = by_alias.sign_in("alice@example.com")["AccessToken"]
    assert by_alias.who(token) == "alice"


def test_an_alias_moves_with_the_address(by_alias, refused):
    by_alias.join("alice")
    assert by_alias.sign_in("alice@example.com")
    verified(by_alias, "alice", email="new@example.com", email_verified="true")
    with refused("UserNotFoundException"):
        by_alias.sign_in("alice@example.com")
    assert by_alias.sign_in("new@example.com")


def test_nobody_takes_an_alias_away_by_verifying_it_too(by_alias, refused):
    by_alias.join("alice")
    sign_up(by_alias, "mallory", "alice@example.com")
    message = "An account with the given email already exists."
    code = by_alias.code("alice@example.com")
    with refused("AliasExistsException", message):
        by_alias.idp.confirm_sign_up(
            ClientId=by_alias.client, Username="mallory", ConfirmationCode=code
        )
    with refused("AliasExistsException", message):
        verified(by_alias, "mallory", email_verified="true")
    assert by_alias.who(by_alias.sign_in("alice@example.com")["AccessToken"]) == "alice"
    # The owner of the address may move the alias on purpose.
    by_alias.idp.confirm_sign_up(
        ClientId=by_alias.client,
        Username="mallory",
        ConfirmationCode=code,
        ForceAliasCreation=True,
    )
    assert by_alias.who(by_alias.sign_in("alice@example.com")["AccessToken"]) == "mallory"


def test_nobody_takes_another_name_as_preferred_username(by_alias, refused):
    sub = by_alias.join("alice")
    by_alias.join("mallory")
    token = by_alias.sign_in("mallory")["AccessToken"]
    for name in ("alice", "alice@example.com", sub):
        with refused("AliasExistsException"):
            by_alias.idp.update_user_attributes(
                AccessToken=token,
                UserAttributes=[{"Name": "preferred_username", "Value": name}],
            )
    by_alias.idp.update_user_attributes(
        AccessToken=token, UserAttributes=[{"Name": "preferred_username", "Value": "mal"}]
    )
    assert by_alias.sign_in("mal")


def test_a_username_must_not_look_like_an_alias(by_alias, refused):
    message = "Username cannot be of email format, since user pool is configured for email alias."
    with refused("InvalidParameterException", message):
        sign_up(by_alias, "alice@example.com")


def test_a_pool_of_addresses_wants_an_address(by_email, refused):
    with refused("InvalidParameterException", "Username should be an email."):
        sign_up(by_email, "alice")


def test_an_address_is_taken_once(by_email, refused):
    sign_up(by_email, "alice@example.com")
    with refused("UsernameExistsException"):
        sign_up(by_email, "alice@example.com")


def test_an_address_in_place_of_the_username(by_email):
    sub = sign_up(by_email, "alice@example.com")["UserSub"]
    by_email.idp.confirm_sign_up(
        ClientId=by_email.client,
        Username="alice@example.com",
        ConfirmationCode=by_email.code("alice@example.com"),
    )
    assert by_email.who(by_email.sign_in("alice@example.com")["AccessToken"]) == sub
    assert by_email.who(by_email.sign_in(sub)["AccessToken"]) == sub
    assert by_email.idp.admin_get_user(UserPoolId=by_email.id, Username=sub)["Username"] == sub


def test_changing_to_a_taken_address(by_email, refused):
    for name in ("alice", "mallory"):
        sign_up(by_email, f"{name}@example.com")
        by_email.idp.admin_confirm_sign_up(UserPoolId=by_email.id, Username=f"{name}@example.com")
    token = by_email.sign_in("mallory@example.com")["AccessToken"]
    with refused("AliasExistsException"):
        by_email.idp.update_user_attributes(
            AccessToken=token,
            UserAttributes=[{"Name": "email", "Value": "alice@example.com"}],
        )


def test_letter_case_counts_unless_the_pool_says_otherwise(pool, make_pool, refused):
    pool.join("alice")
    with refused("UserNotFoundException"):
        pool.sign_in("Alice")
    lax = make_pool({"UsernameConfiguration": {"CaseSensitive": False}})
    lax.join("alice")
    assert lax.who(lax.sign_in("ALICE")["AccessToken"]) == "alice"
    with refused("UsernameExistsException"):
        sign_up(lax, "Alice")


def test_a_deleted_users_names_are_free_again(by_alias, refused):
    by_alias.join("alice")
    by_alias.idp.admin_delete_user(UserPoolId=by_alias.id, Username="alice")
    for name in ("alice", "alice@example.com"):
        with refused("UserNotFoundException"):
            by_alias.sign_in(name)
    by_alias.join("alice")


def test_finding_a_user_does_not_look_at_all_users(pool):
    from helpers.cloud.user_pools.directory import find_pool, find_user

    for number in range(20):
        pool.idp.admin_create_user(
            UserPoolId=pool.id, Username=f"u{number}", MessageAction="SUPPRESS"
        )
    found = find_pool(pool.world, "123456789012", "us-east-1", pool.id)

    class Counting(dict):  # type: ignore[type-arg]
        looks = 0

        def __iter__(self) -> Any:
            raise AssertionError("all users were looked at")

        values = items = keys = __iter__

    found.resource.users = Counting(found.resource.users)
    assert find_user(found, "u19").username == "u19"
    assert find_user(found, "nobody") is None
