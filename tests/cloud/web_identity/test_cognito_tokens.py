"""The tokens of identity pools: who signs them, who believes them, and what they are worth at STS.

The tokens here are signed by the room itself: how an app gets one is for the tests of identity
pools.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import boto3
import jwt
import pytest
import requests

from helpers import lab
from helpers.cloud.web_identity import TokenFault, cognito_identity
from helpers.cloud.world import World
from tests.cloud.federation.stranger import rsa_key
from tests.cloud.identity_pools.app import allowing, trust
from tests.cloud.sts_words import error_of, new_role
from tests.cloud.web_identity.exchange import NO_JWT, NO_KEY, NOT_AUTHORIZED, exchange, refusal

ISSUER = "https://cognito-identity.amazonaws.com"
POOL = "us-east-1:11111111-2222-4333-8444-555555555555"
OTHER_POOL = "us-east-1:99999999-2222-4333-8444-555555555555"
IDENTITY = "us-east-1:aaaaaaaa-2222-4333-8444-555555555555"
Issue = Callable[..., str]


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.stop()


def issue(world: World, **changes: Any) -> str:
    given = {"pool_id": POOL, "identity_id": IDENTITY, "amr": ["authenticated", "x"]}
    given |= {"lifetime": timedelta(minutes=10)}
    return cognito_identity.issue(world, **{**given, **changes})


def reason(world: World, token: str) -> str:
    with pytest.raises(TokenFault) as caught:
        cognito_identity.verify(world, token)
    return caught.value.reason


class TestTheToken:
    def test_looks_like_aws_s(self, world: World) -> None:
        token = issue(world, tags={"team": "blue"}, pool_arn="arn:aws:cognito-identity:x")
        header = jwt.get_unverified_header(token)
        assert header == {"alg": "RS512", "kid": "us-east-11", "typ": "JWS"}
        claims = cognito_identity.verify(world, token)
        assert claims["exp"] - claims["iat"] == 600
        assert {k: v for k, v in claims.items() if k not in ("exp", "iat")} == {
            "iss": ISSUER,
            "aud": POOL,
            "sub": IDENTITY,
            "amr": ["authenticated", "x"],
            f"{ISSUER}/identity-pool-arn": "arn:aws:cognito-identity:x",
            "https://aws.amazon.com/tags": {"principal_tags": {"team": ["blue"]}},
        }

    def test_no_further_claim_replaces_one_of_its_own(self, world: World) -> None:
        token = issue(world, extra={"sub": "another", "aud": OTHER_POOL, "note": "kept"})
        claims = cognito_identity.verify(world, token)
        assert (claims["sub"], claims["aud"], claims["note"]) == (IDENTITY, POOL, "kept")

    def test_ends(self, world: World) -> None:
        token = issue(world)
        world.clock.advance(minutes=10)
        assert reason(world, token) == "expired"

    def test_is_not_believed_from_another_key(self, world: World) -> None:
        claims = cognito_identity.verify(world, issue(world))
        for kid, alg, expected in [
            ("us-east-11", "RS512", "signature"),
            ("us-east-11", "RS256", "algorithm"),
            ("us-east-12", "RS512", "keys"),
            ("eu-west-11", "RS512", "keys"),
            (None, "RS512", "keys"),
        ]:
            forged = jwt.encode(claims, rsa_key(), alg, {"kid": kid} if kid else {})
            assert reason(world, forged) == expected
        assert reason(world, jwt.encode(claims, None, "none")) == "algorithm"

    def test_is_not_believed_for_another_issuer(self, world: World) -> None:
        claims = cognito_identity.verify(world, issue(world)) | {"iss": f"{ISSUER}/"}
        assert reason(world, jwt.encode(claims, rsa_key(), "RS512")) == "issuer"

    def test_regions_have_keys_of_their_own(self, world: World) -> None:
        far = issue(world, pool_id="eu-west-1:11111111-2222-4333-8444-555555555555")
        near = issue(world)
        kids = {jwt.get_unverified_header(token)["kid"] for token in (near, far)}
        assert kids == {"eu-west-11", "us-east-11"}
        assert cognito_identity.verify(world, far)


@pytest.fixture
def mint(cloud: lab.Cloud) -> Issue:
    """Sign a token as the identity pools of the running cloud do."""
    return lambda **changes: issue(cloud._app.world, **changes)


class TestThePublishedKeys:
    @pytest.mark.parametrize("served", [False, True])
    def test_verify_a_token(self, mint: Issue, cloud: lab.Cloud, served: bool) -> None:
        token, base = mint(), cloud.serve() if served else ISSUER
        found = requests.get(f"{base}/.well-known/openid-configuration").json()
        assert found["issuer"] == ISSUER
        assert found["id_token_signing_alg_values_supported"] == ["RS512"]
        path = found["jwks_uri"].removeprefix(ISSUER)
        keys = requests.get(f"{base}{path}").json()["keys"]
        (key,) = [k for k in keys if k["kid"] == jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["RS512"], audience=POOL)
        assert claims["sub"] == IDENTITY

    def test_are_at_no_other_host(self, cloud: lab.Cloud) -> None:
        elsewhere = "https://cognito-idp.us-east-1.amazonaws.com/.well-known/jwks_uri"
        assert requests.get(elsewhere).status_code >= 400


class TestAtSts:
    @pytest.fixture
    def role(self, cloud: lab.Cloud) -> str:
        trusted = trust(POOL, "authenticated")
        return new_role("app-user", trusted, allowing("s3:ListAllMyBuckets"))

    def test_another_pool_s_token_is_refused(self, mint: Issue, role: str) -> None:
        assert refusal(mint(pool_id=OTHER_POOL), role) == NOT_AUTHORIZED

    def test_a_guest_s_token_is_refused(self, mint: Issue, role: str) -> None:
        assert refusal(mint(amr=["unauthenticated"]), role) == NOT_AUTHORIZED

    def test_a_token_of_another_cloud_is_refused(self, mint: Issue, role: str) -> None:
        claims = jwt.decode(mint(), options={"verify_signature": False})
        made = jwt.encode(claims, rsa_key(), "RS512", {"kid": "us-east-11", "typ": "JWS"})
        assert refusal(made, role) == ("InvalidIdentityToken", "Token signature invalid")
        assert refusal(jwt.encode(claims, rsa_key(), "RS512", {"kid": "x"}), role) == NO_KEY
        assert refusal(jwt.encode(claims, None, "none", {"kid": "us-east-11"}), role) == NO_JWT

    def test_a_role_for_another_provider_is_refused(self, mint: Issue, role: str) -> None:
        trusted = trust(POOL, "authenticated", Principal={"Federated": "accounts.google.com"})
        other = new_role("google-user", trusted)
        assert refusal(mint(), other) == NOT_AUTHORIZED

    def test_an_expired_token_is_refused(self, mint: Issue, role: str, cloud: lab.Cloud) -> None:
        token = mint()
        cloud.clock.advance(minutes=10)
        assert refusal(token, role)[0] == "ExpiredTokenException"

    def test_a_true_token_is_worth_a_session(self, mint: Issue, role: str) -> None:
        answer = exchange(mint(), role)
        assert answer["SubjectFromWebIdentityToken"] == IDENTITY
        assert answer["Provider"] == "cognito-identity.amazonaws.com"
        assert answer["Audience"] == POOL
        assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/app-user/session")

    def test_its_tags_need_a_permission(self, mint: Issue, role: str) -> None:
        refused = ("AccessDenied", "Not authorized to perform sts:TagSession")
        assert refusal(mint(tags={"team": "blue"}), role) == refused
        both = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
        iam = boto3.client("iam")
        trusted = json.dumps(trust(POOL, "authenticated", Action=both))
        iam.update_assume_role_policy(RoleName="app-user", PolicyDocument=trusted)
        exchange(mint(tags={"team": "blue"}), role)

    def test_a_missing_role_looks_like_a_closed_one(self, mint: Issue, role: str) -> None:
        assert refusal(mint(), f"{role}-of-nobody") == NOT_AUTHORIZED
        no_role = role.replace(":role/", ":user/")
        assert error_of(exchange, mint(), no_role) == ("ValidationError", "Request ARN is invalid")
