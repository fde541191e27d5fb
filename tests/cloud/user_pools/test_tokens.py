from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from helpers.cloud import user_pools
from helpers.cloud.user_pools import directory, tokens
from helpers.cloud.user_pools.keys import signing_keys

ACCOUNT, REGION = "123456789012", "us-east-1"


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def check(pool: Any, token: str, **changes: Any) -> dict[str, Any]:
    world = pool.world
    given: dict[str, Any] = {
        "pool_id": pool.id,
        "region": REGION,
        "account": ACCOUNT,
        "token_use": None,
        "client_ids": None,
        "check_revocation": True,
    }
    return user_pools.verify_token(world, token, **{**given, **changes})


def reason(pool: Any, token: str, **changes: Any) -> str:
    with pytest.raises(user_pools.TokenError) as caught:
        check(pool, token, **changes)
    return caught.value.reason


def edited(token: str, **changes: Any) -> str:
    head, body, signature = token.split(".")
    text = json.loads(base64.urlsafe_b64decode(body + "==")) | changes
    body = base64.urlsafe_b64encode(json.dumps(text).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{signature}"


@pytest.fixture
def alice(pool):
    pool.join("alice")
    return pool.sign_in("alice")


# --- refused -----------------------------------------------------------------------------------


def test_a_token_that_was_changed(pool, alice, refused):
    forged = edited(alice["AccessToken"], username="root")
    with refused("NotAuthorizedException", "Invalid Access Token"):
        pool.who(forged)
    assert reason(pool, forged) == "signature"


def test_a_token_somebody_else_signed(pool, alice, refused):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    head = jwt.get_unverified_header(alice["AccessToken"])
    body = claims(alice["AccessToken"])
    forged = jwt.encode(body, key, algorithm="RS256", headers={"kid": head["kid"]})
    assert reason(pool, forged) == "signature"
    assert reason(pool, jwt.encode(body, key, algorithm="RS256")) == "signature"
    with refused("NotAuthorizedException", "Invalid Access Token"):
        pool.who(forged)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_another_algorithm(pool, alice, algorithm):
    key = None if algorithm == "none" else "x" * 32
    kid = jwt.get_unverified_header(alice["IdToken"])["kid"]
    forged = jwt.encode(claims(alice["IdToken"]), key, algorithm, headers={"kid": kid})
    assert reason(pool, forged) == "algorithm"


def test_an_expired_token(pool, alice, refused):
    pool.cloud.clock.advance(minutes=60)
    with refused("NotAuthorizedException", "Access Token has expired"):
        pool.who(alice["AccessToken"])
    assert reason(pool, alice["IdToken"]) == "expired"


def test_a_token_of_another_pool(pool, make_pool, alice):
    other = make_pool()
    assert reason(other, alice["IdToken"]) == "issuer"


def test_a_token_of_another_client(pool, alice):
    for name in ("IdToken", "AccessToken"):
        assert reason(pool, alice[name], client_ids=["other"]) == "audience"
        assert check(pool, alice[name], client_ids=[pool.client])


def test_an_id_token_is_no_access_token(pool, alice, refused):
    with refused("NotAuthorizedException", "Invalid Access Token"):
        pool.who(alice["IdToken"])
    assert reason(pool, alice["IdToken"], token_use="access") == "token_use"
    assert reason(pool, alice["AccessToken"], token_use="id") == "token_use"


@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "..", "e30.e30.e30", "eyJhbGciOjF9.e30.", "9" * 99]
)
def test_what_is_no_token(pool, refused, token):
    with refused("NotAuthorizedException", "Invalid Access Token"):
        pool.who(token)
    assert reason(pool, token) in ("malformed", "issuer")


def test_a_token_of_a_user_who_is_gone(pool, alice, refused):
    pool.idp.delete_user(AccessToken=alice["AccessToken"])
    with refused("UserNotFoundException", "User does not exist."):
        pool.who(alice["AccessToken"])
    with refused("NotAuthorizedException", "Invalid Refresh Token."):
        pool.refresh(alice["RefreshToken"])
    assert reason(pool, alice["IdToken"]) == "user"
    # The name may be taken again; the old tokens do not follow it.
    pool.join("alice")
    with refused("UserNotFoundException"):
        pool.who(alice["AccessToken"])


def test_tokens_of_a_disabled_user_stay_dead(pool, alice, refused):
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username="alice")
    with refused("NotAuthorizedException", "User is disabled."):
        pool.who(alice["AccessToken"])
    with refused("NotAuthorizedException", "User is disabled."):
        pool.refresh(alice["RefreshToken"])
    assert reason(pool, alice["IdToken"]) == "user"
    pool.idp.admin_enable_user(UserPoolId=pool.id, Username="alice")
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        pool.who(alice["AccessToken"])


@pytest.mark.parametrize("by", ["user", "administrator"])
def test_global_sign_out_ends_every_session(pool, alice, refused, by):
    second = pool.sign_in("alice")
    if by == "user":
        pool.idp.global_sign_out(AccessToken=alice["AccessToken"])
    else:
        pool.idp.admin_user_global_sign_out(UserPoolId=pool.id, Username="alice")
    for given in (alice, second):
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            pool.who(given["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            pool.refresh(given["RefreshToken"])
        assert reason(pool, given["IdToken"]) == "revoked"
    assert pool.who(pool.sign_in("alice")["AccessToken"]) == "alice"


def test_revoke_token_ends_one_session_only(pool, alice, refused):
    second = pool.sign_in("alice")
    renewed = pool.refresh(alice["RefreshToken"])
    pool.idp.revoke_token(ClientId=pool.client, Token=alice["RefreshToken"])
    for token in (alice["AccessToken"], renewed["AccessToken"]):
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            pool.who(token)
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(alice["RefreshToken"])
    assert pool.who(second["AccessToken"]) == "alice"


def test_a_revoked_token_still_verifies_offline(pool, alice):
    pool.idp.revoke_token(ClientId=pool.client, Token=alice["RefreshToken"])
    assert check(pool, alice["AccessToken"], check_revocation=False)["username"] == "alice"


def test_only_refresh_tokens_of_the_own_client_can_be_revoked(pool, alice, refused):
    with refused("UnsupportedTokenTypeException"):
        pool.idp.revoke_token(ClientId=pool.client, Token=alice["AccessToken"])
    other = pool.new_app()["ClientId"]
    with refused("UnauthorizedException"):
        pool.idp.revoke_token(ClientId=other, Token=alice["RefreshToken"])
    assert pool.who(alice["AccessToken"]) == "alice"


def test_the_client_secret_is_asked_for(make_pool, refused):
    pool = make_pool(GenerateSecret=True)
    for given in ({}, {"ClientSecret": "x" * 51}):
        with refused("UnauthorizedException"):
            pool.idp.revoke_token(ClientId=pool.client, Token="unknown", **given)
        with refused("NotAuthorizedException"):
            pool.idp.get_tokens_from_refresh_token(
                ClientId=pool.client, RefreshToken="unknown", **given
            )
    right = pool.app["ClientSecret"]
    pool.idp.revoke_token(ClientId=pool.client, Token="unknown", ClientSecret=right)


def test_each_key_signs_its_own_kind_of_token(pool, alice):
    keys = signing_keys(pool.world, pool.id)
    body = claims(alice["AccessToken"])
    crossed = jwt.encode(body, keys.id_key, algorithm="RS256", headers={"kid": keys.id_kid})
    assert reason(pool, crossed) == "signature"


def test_a_client_without_revocation(make_pool, refused):
    pool = make_pool(EnableTokenRevocation=False)
    pool.join("alice")
    given = pool.sign_in("alice")
    assert "origin_jti" not in claims(given["AccessToken"])
    with refused("UnsupportedOperationException"):
        pool.idp.revoke_token(ClientId=pool.client, Token=given["RefreshToken"])
    pool.idp.global_sign_out(AccessToken=given["AccessToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        pool.who(given["AccessToken"])


def test_a_refresh_token_of_another_client_or_of_nobody(pool, alice, refused):
    other = pool.new_app()["ClientId"]
    with refused("NotAuthorizedException", "Invalid Refresh Token."):
        pool.refresh(alice["RefreshToken"], client=other)
    with refused("NotAuthorizedException", "Invalid Refresh Token."):
        pool.refresh("made-up")


def test_a_client_without_the_refresh_flow(make_pool, refused):
    pool = make_pool(ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])
    pool.join("alice")
    token = pool.sign_in("alice")["RefreshToken"]
    with refused("InvalidParameterException", "Auth flow not enabled for this client"):
        pool.refresh(token)


def test_a_refresh_token_ends(make_pool, refused):
    pool = make_pool(RefreshTokenValidity=2)
    pool.join("alice")
    token = pool.sign_in("alice")["RefreshToken"]
    pool.cloud.clock.advance(days=1, hours=23)
    assert pool.refresh(token)["AccessToken"]
    pool.cloud.clock.advance(hours=1)
    with refused("NotAuthorizedException", "Refresh Token has expired"):
        pool.refresh(token)


# --- granted -----------------------------------------------------------------------------------


def test_the_claims(make_pool):
    pool = make_pool(
        {"Schema": [{"Name": "team", "AttributeDataType": "String"}]},
        ReadAttributes=["email", "email_verified", "custom:team"],
        WriteAttributes=["email", "name", "custom:team"],
    )
    sub = pool.join("alice", name="Alice", **{"custom:team": "blue"})
    given = pool.sign_in("alice")
    now = int(pool.cloud.clock.now().timestamp())
    iss = f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}"
    common = {"sub": sub, "iss": iss, "auth_time": now, "iat": now, "exp": now + 3600}
    access, identity = claims(given["AccessToken"]), claims(given["IdToken"])
    fresh = ("jti", "event_id", "origin_jti")
    assert {k: v for k, v in access.items() if k not in fresh} == {
        **common,
        "token_use": "access",
        "client_id": pool.client,
        "scope": "aws.cognito.signin.user.admin",
        "username": "alice",
    }
    assert {k: v for k, v in identity.items() if k not in fresh} == {
        **common,
        "token_use": "id",
        "aud": pool.client,
        "cognito:username": "alice",
        "email": "alice@example.com",
        "email_verified": True,
        "custom:team": "blue",
    }
    assert access["jti"] != identity["jti"]
    assert access["origin_jti"] == identity["origin_jti"]
    assert (given["ExpiresIn"], given["TokenType"]) == (3600, "Bearer")


def test_a_stock_verifier_accepts_both_tokens(pool, alice):
    keys = jwt.PyJWKSet.from_dict(user_pools.jwks(pool.world, pool.id, REGION, ACCOUNT))
    iss = f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}"
    used = set()
    for name, audience in (("IdToken", pool.client), ("AccessToken", None)):
        header = jwt.get_unverified_header(alice[name])
        assert set(header) == {"kid", "alg"}
        key = next(k for k in keys.keys if k.key_id == header["kid"])
        jwt.decode(alice[name], key, algorithms=["RS256"], audience=audience, issuer=iss)
        used.add(header["kid"])
    assert len(used) == len(keys.keys) == 2


def test_no_two_pools_share_a_key(pool, make_pool):
    world, other = pool.world, make_pool()
    sets = [user_pools.jwks(world, p.id, REGION, ACCOUNT)["keys"] for p in (pool, other)]
    assert len({key["n"] for keys in sets for key in keys}) == 4


def test_the_discovery_document(pool):
    document = user_pools.discovery(pool.world, pool.id, REGION, ACCOUNT)
    assert document["issuer"] == f"https://cognito-idp.us-east-1.amazonaws.com/{pool.id}"
    assert document["jwks_uri"] == document["issuer"] + "/.well-known/jwks.json"
    assert "authorization_endpoint" not in document
    pool.idp.create_user_pool_domain(Domain="lesson", UserPoolId=pool.id)
    document = user_pools.discovery(pool.world, pool.id, REGION, ACCOUNT)
    base = "https://lesson.auth.us-east-1.amazoncognito.com"
    assert document["token_endpoint"] == base + "/oauth2/token"


def test_validity_follows_the_client(make_pool, refused):
    pool = make_pool(
        AccessTokenValidity=5,
        IdTokenValidity=10,
        RefreshTokenValidity=60,
        TokenValidityUnits={
            "AccessToken": "minutes",
            "IdToken": "minutes",
            "RefreshToken": "minutes",
        },
    )
    pool.join("alice")
    given = pool.sign_in("alice")
    pool.cloud.clock.advance(minutes=5)
    with refused("NotAuthorizedException", "Access Token has expired"):
        pool.who(given["AccessToken"])
    assert check(pool, given["IdToken"])
    pool.cloud.clock.advance(minutes=5)
    assert reason(pool, given["IdToken"]) == "expired"
    pool.cloud.clock.advance(minutes=50)
    with refused("NotAuthorizedException", "Refresh Token has expired"):
        pool.refresh(given["RefreshToken"])


def test_renewal_keeps_the_sign_in_and_takes_up_changes(pool, alice):
    pool.cloud.clock.advance(minutes=30)
    pool.idp.create_group(UserPoolId=pool.id, GroupName="admins")
    pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username="alice", GroupName="admins")
    before = claims(alice["AccessToken"])
    renewed = pool.refresh(alice["RefreshToken"])
    after = claims(renewed["AccessToken"])
    assert "RefreshToken" not in renewed
    assert "cognito:groups" not in before
    assert after["cognito:groups"] == ["admins"]
    assert [after[k] for k in ("origin_jti", "auth_time")] == [
        before[k] for k in ("origin_jti", "auth_time")
    ]
    assert after["iat"] == before["iat"] + 1800


def test_the_scopes_of_a_domain_limit_the_claims(make_pool, refused):
    pool = make_pool()
    sub = pool.join("alice", name="Alice")
    found = directory.find_pool(pool.world, ACCOUNT, REGION, pool.id)
    app = directory.App(found, found.resource.clients[pool.client])
    user = directory.find_user(found, "alice")
    wanted = {
        ("openid",): {"sub", "name", "email", "email_verified"},
        ("openid", "email"): {"sub", "email", "email_verified"},
        ("openid", "profile"): {"sub", "name"},
        ("openid", "phone"): {"sub"},
    }
    for scopes, names in wanted.items():
        assert set(tokens.user_claims(app, user, scopes)) == names
    nonce = {"nonce": "n"}
    issued = tokens.sign_in(app, user, scopes=("openid",), extra_id_claims=nonce, from_domain=True)
    assert (claims(issued["IdToken"])["nonce"], claims(issued["IdToken"])["sub"]) == ("n", sub)
    assert claims(issued["AccessToken"])["version"] == 2
    with refused("NotAuthorizedException", "Access Token does not have required scopes"):
        pool.who(issued["AccessToken"])
    assert "IdToken" not in tokens.sign_in(app, user, scopes=("email",), from_domain=True)
    machine = tokens.machine_token(app, ("api/read",))["AccessToken"]
    assert check(pool, machine, token_use="access", check_revocation=False)["sub"] == pool.client
    assert reason(pool, machine) == "user"


def test_rotation_replaces_the_refresh_token(make_pool, refused):
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    pool = make_pool(RefreshTokenRotation=rotation, ExplicitAuthFlows=flows)
    pool.join("alice")
    old = pool.sign_in("alice")["RefreshToken"]

    def renew(token: str) -> dict[str, Any]:
        answer = pool.idp.get_tokens_from_refresh_token(RefreshToken=token, ClientId=pool.client)
        return answer["AuthenticationResult"]

    new = renew(old)["RefreshToken"]
    assert renew(old)["AccessToken"]  # within the grace
    pool.cloud.clock.advance(seconds=10)
    with refused("RefreshTokenReuseException"):
        renew(old)
    assert renew(new)["AccessToken"]


def test_a_lesson_repeats(cloud, make_pool):
    from helpers import lab

    def run() -> list[str]:
        pool = make_pool()
        sub = pool.join("alice")
        token = claims(pool.sign_in("alice")["AccessToken"])
        return [pool.id, pool.client, sub, token["jti"], token["origin_jti"]]

    first = run()
    lab.start()
    assert run() == first
