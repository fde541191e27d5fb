from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

WRONG = "Incorrect username or password."


def secret_hash(app: dict, username: str) -> str:
    digest = hmac.new(
        app["ClientSecret"].encode(), (username + app["ClientId"]).encode(), hashlib.sha256
    )
    return base64.b64encode(digest.digest()).decode()


def test_a_wrong_password(pool, refused):
    pool.join("alice")
    with refused("NotAuthorizedException", WRONG):
        pool.sign_in("alice", "Wr0ng-horse")


def test_an_unconfirmed_user(pool, refused):
    pool.sign_up("alice")
    with refused("UserNotConfirmedException", "User is not confirmed."):
        pool.sign_in("alice")
    with refused("NotAuthorizedException", WRONG):
        pool.sign_in("alice", "Wr0ng-horse")


def test_a_disabled_user(pool, refused):
    pool.join("alice")
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username="alice")
    with refused("NotAuthorizedException", "User is disabled."):
        pool.sign_in("alice")
    pool.idp.admin_enable_user(UserPoolId=pool.id, Username="alice")
    assert pool.sign_in("alice")["AccessToken"]


def test_a_deleted_user(pool, refused):
    pool.join("alice")
    pool.idp.admin_delete_user(UserPoolId=pool.id, Username="alice")
    with refused("UserNotFoundException", "User does not exist."):
        pool.sign_in("alice")


def test_an_unknown_name_and_a_wrong_password_look_the_same_where_users_are_hidden(
    make_pool, refused
):
    pool = make_pool(PreventUserExistenceErrors="ENABLED")
    pool.join("alice")
    for name in ("alice", "nobody"):
        for _ in range(5):
            with refused("NotAuthorizedException", WRONG):
                pool.sign_in(name, "Wr0ng-horse")
        with refused("NotAuthorizedException", "Password attempts exceeded"):
            pool.sign_in(name, "Wr0ng-horse")


def test_a_password_is_hashed_even_for_nobody(make_pool, refused, monkeypatch):
    pool = make_pool(PreventUserExistenceErrors="ENABLED")
    pool.join("alice")
    hashed = []
    slow = hashlib.pbkdf2_hmac
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", lambda *a: hashed.append(a[3]) or slow(*a))
    for name in ("alice", "nobody"):
        with refused("NotAuthorizedException", WRONG):
            pool.sign_in(name, "Wr0ng-horse")
    assert len(hashed) == 2
    assert hashed[0] == hashed[1]


def test_a_legacy_client_tells_who_does_not_exist(pool, refused):
    with refused("UserNotFoundException", "User does not exist."):
        pool.sign_in("nobody")


def test_five_wrong_guesses_lock_and_the_lock_doubles(pool, refused):
    pool.join("alice")
    for lock in (None, None, None, None, 1, 2, 4, 8):
        with refused("NotAuthorizedException", WRONG):
            pool.sign_in("alice", "Wr0ng-horse")
        if lock:
            with refused("NotAuthorizedException", "Password attempts exceeded"):
                pool.sign_in("alice")
            pool.cloud.clock.advance(seconds=lock)
    assert pool.sign_in("alice")["AccessToken"]


def test_the_lock_never_lasts_longer_than_a_quarter_of_an_hour(pool, refused):
    pool.join("alice")
    for _ in range(20):
        with refused("NotAuthorizedException", WRONG):
            pool.sign_in("alice", "Wr0ng-horse")
        pool.cloud.clock.advance(minutes=15)
    assert pool.sign_in("alice")["AccessToken"]


def test_a_success_forgives_the_guesses(pool, refused):
    pool.join("alice")
    for _ in range(2):
        for _ in range(4):
            with refused("NotAuthorizedException", WRONG):
                pool.sign_in("alice", "Wr0ng-horse")
        assert pool.sign_in("alice")["AccessToken"]


@pytest.mark.parametrize(
    ("flow", "message"),
    [
        ("USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH flow not enabled for this client"),
        ("USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client."),
        ("ADMIN_USER_PASSWORD_AUTH", "Initiate Auth method not supported."),
    ],
)
def test_a_flow_the_client_lacks(make_pool, refused, flow, message):
    pool = make_pool(ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"])
    with refused("InvalidParameterException", message):
        pool.idp.initiate_auth(
            ClientId=pool.client,
            AuthFlow=flow,
            AuthParameters={"USERNAME": "a", "PASSWORD": "b", "SRP_A": "2"},
        )


def test_an_administrators_flow_the_client_lacks(make_pool, refused):
    pool = make_pool(ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"])
    with refused("InvalidParameterException", "Auth flow not enabled for this client"):
        pool.idp.admin_initiate_auth(
            UserPoolId=pool.id,
            ClientId=pool.client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "a", "PASSWORD": "b"},
        )


def test_a_client_without_flows_has_no_password_flow(make_pool, refused):
    pool = make_pool(ExplicitAuthFlows=[])
    with refused("InvalidParameterException"):
        pool.sign_in("alice")


@pytest.mark.parametrize("given", [{}, {"USERNAME": "alice"}, {"PASSWORD": "x"}, {"USERNAME": ""}])
def test_missing_parameters(pool, refused, given):
    with refused("InvalidParameterException"):
        pool.idp.initiate_auth(
            ClientId=pool.client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given
        )


@pytest.mark.parametrize("flow", ["CUSTOM_AUTH", "USER_AUTH"])
def test_flows_that_are_not_offered_say_so(pool, refused, flow):
    message = f"The offline cloud does not offer the authentication flow {flow}"
    with refused("NotImplementedException", message):
        pool.idp.initiate_auth(
            ClientId=pool.client, AuthFlow=flow, AuthParameters={"USERNAME": "alice"}
        )


def test_the_secret_hash(make_pool, refused):
    pool = make_pool(GenerateSecret=True)
    pool.idp.admin_create_user(UserPoolId=pool.id, Username="alice", MessageAction="SUPPRESS")
    pool.idp.admin_set_user_password(
        UserPoolId=pool.id, Username="alice", Password=pool.password, Permanent=True
    )
    missing = f"Client {pool.client} is configured with secret but SECRET_HASH was not received"
    with refused("NotAuthorizedException", missing):
        pool.sign_in("alice")
    given = {"USERNAME": "alice", "PASSWORD": pool.password}
    bad = f"Unable to verify secret hash for client {pool.client}"
    for value in ("x", secret_hash(pool.app, "bob")):
        with refused("NotAuthorizedException", bad):
            pool.idp.initiate_auth(
                ClientId=pool.client,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={**given, "SECRET_HASH": value},
            )
    answer = pool.idp.initiate_auth(
        ClientId=pool.client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={**given, "SECRET_HASH": secret_hash(pool.app, "alice")},
    )
    token = answer["AuthenticationResult"]["RefreshToken"]
    with refused("NotAuthorizedException", missing):
        pool.refresh(token)
    pool.idp.initiate_auth(
        ClientId=pool.client,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": token, "SECRET_HASH": secret_hash(pool.app, "alice")},
    )


def test_a_client_of_another_pool(make_pool, refused):
    pool, other = make_pool(), make_pool()
    with refused("ResourceNotFoundException"):
        pool.idp.admin_initiate_auth(
            UserPoolId=pool.id,
            ClientId=other.client,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "a", "PASSWORD": "b"},
        )
    pool.join("alice")
    with refused("UserNotFoundException"):
        pool.sign_in("alice", client=other.client)


def test_a_deleted_client_and_a_deleted_pool(pool, refused):
    pool.join("alice")
    token = pool.sign_in("alice")["AccessToken"]
    other = pool.new_app()["ClientId"]
    pool.idp.delete_user_pool_client(UserPoolId=pool.id, ClientId=other)
    with refused("ResourceNotFoundException"):
        pool.sign_in("alice", client=other)
    pool.idp.delete_user_pool(UserPoolId=pool.id)
    with refused("ResourceNotFoundException"):
        pool.sign_in("alice")
    with refused("NotAuthorizedException", "Invalid Access Token"):
        pool.who(token)


def test_an_administrator_signs_a_user_in(pool):
    pool.join("alice")
    answer = pool.idp.admin_initiate_auth(
        UserPoolId=pool.id,
        ClientId=pool.client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "alice", "PASSWORD": pool.password},
    )
    assert pool.who(answer["AuthenticationResult"]["AccessToken"]) == "alice"


def test_huge_and_odd_passwords_are_only_wrong(pool, refused):
    pool.join("alice")
    for password in ("x" * 100_000, "\u0000", "пароль"):
        with refused("NotAuthorizedException", WRONG):
            pool.sign_in("alice", password)
