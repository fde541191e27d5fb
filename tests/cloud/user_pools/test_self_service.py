from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def alice(pool):
    pool.join("alice")
    return pool.sign_in("alice")["AccessToken"]


def shown(pool: Any, token: str) -> dict[str, str]:
    return {a["Name"]: a["Value"] for a in pool.idp.get_user(AccessToken=token)["UserAttributes"]}


def update(pool: Any, token: str, **changes: str) -> list[dict[str, str]]:
    listed = [{"Name": name, "Value": value} for name, value in changes.items()]
    answer = pool.idp.update_user_attributes(AccessToken=token, UserAttributes=listed)
    return answer["CodeDeliveryDetailsList"]


def verify(pool: Any, token: str, code: str, name: str = "email") -> None:
    pool.idp.verify_user_attribute(AccessToken=token, AttributeName=name, Code=code)


def test_nobody_verifies_himself(pool, alice, refused):
    message = "A client attempted to write unauthorized attribute"
    with refused("NotAuthorizedException", message):
        update(pool, alice, email="boss@example.com", email_verified="true")
    assert shown(pool, alice)["email"] == "alice@example.com"


def test_a_custom_attribute_is_written_only_where_the_client_lists_it(make_pool, refused):
    schema = [{"Name": "role", "AttributeDataType": "String", "Mutable": True}]
    pool = make_pool({"Schema": schema})
    pool.join("alice")
    token = pool.sign_in("alice")["AccessToken"]
    with refused("NotAuthorizedException"):
        update(pool, token, **{"custom:role": "admin"})
    wide = pool.new_app(
        WriteAttributes=["email", "custom:role"], ReadAttributes=["email", "custom:role"]
    )
    token = pool.sign_in("alice", client=wide["ClientId"])["AccessToken"]
    update(pool, token, **{"custom:role": "admin"})
    assert shown(pool, token)["custom:role"] == "admin"


def test_what_the_client_may_not_write(make_pool, refused):
    pool = make_pool(WriteAttributes=["email"])
    pool.join("alice")
    token = pool.sign_in("alice")["AccessToken"]
    with refused("NotAuthorizedException"):
        update(pool, token, name="Alice")
    with refused("NotAuthorizedException"):
        pool.idp.delete_user_attributes(AccessToken=token, UserAttributeNames=["name"])


def test_what_the_client_may_not_read(make_pool):
    pool = make_pool(ReadAttributes=["name"])
    sub = pool.join("alice", name="Alice")
    token = pool.sign_in("alice")["AccessToken"]
    assert shown(pool, token) == {"sub": sub, "name": "Alice"}


def test_an_immutable_attribute(make_pool, refused):
    schema = [{"Name": "badge", "AttributeDataType": "String", "Mutable": False}]
    pool = make_pool({"Schema": schema}, WriteAttributes=["email", "custom:badge"])
    pool.join("alice", **{"custom:badge": "7"})
    token = pool.sign_in("alice")["AccessToken"]
    with refused("InvalidParameterException"):
        update(pool, token, **{"custom:badge": "8"})


def test_a_new_address_must_be_verified(pool, alice, refused, wrong):
    details = update(pool, alice, email="new@example.com")
    assert details[0]["Destination"] == "n***@e***"
    assert shown(pool, alice)["email_verified"] == "false"
    code = pool.code("new@example.com")
    with refused("CodeMismatchException"):
        verify(pool, alice, wrong(code))
    verify(pool, alice, code)
    assert shown(pool, alice)["email_verified"] == "true"
    with refused("ExpiredCodeException"):
        verify(pool, alice, code)


def test_a_code_for_one_address_does_not_verify_the_next(pool, alice, refused):
    update(pool, alice, email="mine@example.com")
    code = pool.code("mine@example.com")
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username="alice",
        UserAttributes=[
            {"Name": "email", "Value": "boss@example.com"},
            {"Name": "email_verified", "Value": "false"},
        ],
    )
    with refused("CodeMismatchException"):
        verify(pool, alice, code)


def test_another_users_code_does_not_verify(pool, alice, refused):
    pool.join("mallory")
    other = pool.sign_in("mallory")["AccessToken"]
    for token in (alice, other):
        pool.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    with refused("CodeMismatchException"):
        verify(pool, alice, pool.code("mallory@example.com"))


def test_a_pool_may_keep_the_old_address_until_the_new_one_is_verified(make_pool):
    pool = make_pool(
        {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}}
    )
    pool.join("alice")
    token = pool.sign_in("alice")["AccessToken"]
    update(pool, token, email="new@example.com")
    assert shown(pool, token)["email"] == "alice@example.com"
    assert shown(pool, token)["email_verified"] == "true"
    verify(pool, token, pool.code("new@example.com"))
    assert shown(pool, token)["email"] == "new@example.com"


@pytest.mark.parametrize("name", ["name", "sub", "custom:x"])
def test_only_addresses_can_be_verified(pool, alice, refused, name):
    with refused("InvalidParameterException"):
        pool.idp.get_user_attribute_verification_code(AccessToken=alice, AttributeName=name)
    with refused("InvalidParameterException"):
        verify(pool, alice, "123456", name)


def test_an_address_the_user_does_not_have(pool, alice, refused):
    with refused("InvalidParameterException"):
        pool.idp.get_user_attribute_verification_code(
            AccessToken=alice, AttributeName="phone_number"
        )


def test_the_password_is_changed_only_with_the_old_one(pool, alice, refused):
    with refused("NotAuthorizedException", "Incorrect username or password."):
        pool.idp.change_password(
            AccessToken=alice, PreviousPassword="Wr0ng-horse", ProposedPassword="N3w-password"
        )
    with refused("InvalidPasswordException"):
        pool.idp.change_password(
            AccessToken=alice, PreviousPassword=pool.password, ProposedPassword="short"
        )
    pool.idp.change_password(
        AccessToken=alice, PreviousPassword=pool.password, ProposedPassword="N3w-password"
    )
    with refused("NotAuthorizedException"):
        pool.sign_in("alice")
    assert pool.sign_in("alice", "N3w-password")


def test_a_stolen_token_does_not_help_to_guess_the_password(pool, alice, refused):
    for _ in range(5):
        with refused("NotAuthorizedException"):
            pool.idp.change_password(
                AccessToken=alice, PreviousPassword="Wr0ng-horse", ProposedPassword="N3w-password"
            )
    message = "Attempt limit exceeded, please try after some time."
    with refused("LimitExceededException", message):
        pool.idp.change_password(
            AccessToken=alice, PreviousPassword=pool.password, ProposedPassword="N3w-password"
        )


def test_attributes_are_deleted(pool, alice):
    update(pool, alice, name="Alice")
    pool.idp.delete_user_attributes(AccessToken=alice, UserAttributeNames=["name", "email"])
    assert set(shown(pool, alice)) == {"sub"}


def test_an_emptied_address_is_gone_and_no_longer_verified(pool, alice):
    update(pool, alice, email="")
    assert set(shown(pool, alice)) == {"sub"}


def test_users_delete_themselves(pool, alice, refused):
    pool.idp.delete_user(AccessToken=alice)
    with refused("UserNotFoundException"):
        pool.idp.admin_get_user(UserPoolId=pool.id, Username="alice")


def test_tokens_of_another_region_are_not_known(pool, alice, refused):
    import boto3

    with refused("NotAuthorizedException", "Invalid Access Token"):
        boto3.client("cognito-idp", region_name="eu-west-1").get_user(AccessToken=alice)
