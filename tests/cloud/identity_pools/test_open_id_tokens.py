"""The basic flow: a token of the pool for AWS STS, instead of credentials."""

from __future__ import annotations

from typing import Any

import boto3
import jwt
import pytest
import requests

from tests.cloud.identity_pools.app import REGION, App, allowing, error_of, trust
from tests.cloud.identity_pools.backend import OWN, PROVIDER, UNKNOWN, Backend, claims_of

MISMATCH = "Logins don't match. Please include at least one valid login for this identity or "
MISMATCH += "identity pool."


def token(app: App, identity_id: str, logins: dict[str, str] | None = None) -> dict[str, Any]:
    return app.identity.get_open_id_token(IdentityId=identity_id, Logins=logins or {})


def assume(role: str, web_token: str, **more: Any) -> dict[str, Any]:
    """AssumeRoleWithWebIdentity, as an app without AWS credentials calls it."""
    return boto3.client("sts", REGION).assume_role_with_web_identity(
        RoleArn=role, RoleSessionName="app", WebIdentityToken=web_token, **more
    )


def role_arn(name: str) -> str:
    return f"arn:aws:iam::123456789012:role/{name}"


class TestWhoGetsOne:
    def test_nobody_where_the_flow_is_off(self, app: App) -> None:
        off = ("InvalidParameterException", "Basic (classic) flow is not enabled, please use ")
        pool_id = app.new_pool(
            AllowUnauthenticatedIdentities=True, AllowClassicFlow=False, **app.accept()
        )
        for logins in ({}, app.logins("alice")):
            identity_id = app.get_id(logins, pool_id)
            code, message = error_of(token, app=app, identity_id=identity_id, logins=logins)
            assert (code, message) == (off[0], f"{off[1]}enhanced flow.")

    def test_nobody_where_roles_are_chosen(self, app: App) -> None:
        roles = {"authenticated": role_arn("app-user")}
        mapping = {"Type": "Token", "AmbiguousRoleResolution": "Deny"}
        app.identity.set_identity_pool_roles(
            IdentityPoolId=app.pool_id,
            Roles=roles,
            RoleMappings={f"{app.provider}:{app.client_id}": mapping},
        )
        alice = app.logins("alice")
        assert error_of(token, app=app, identity_id=app.get_id(alice), logins=alice) == (
            "InvalidParameterException",
            "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.",
        )

    def test_nobody_for_anothers_identity(self, app: App) -> None:
        of_alice = app.get_id(app.logins("alice"))
        bob = app.logins("bob")
        assert error_of(token, app=app, identity_id=of_alice, logins=bob)[1] == MISMATCH
        forbidden = f"Access to Identity '{of_alice}' is forbidden."
        assert error_of(token, app=app, identity_id=of_alice)[1] == forbidden

    def test_nobody_for_an_identity_that_is_not_there(self, app: App) -> None:
        missing = ("ResourceNotFoundException", f"Identity '{UNKNOWN}' not found.")
        assert error_of(token, app=app, identity_id=UNKNOWN) == missing

    def test_no_guest_where_guests_are_off(self, app: App) -> None:
        guest = app.get_id()
        app.identity.update_identity_pool(
            IdentityPoolId=app.pool_id, IdentityPoolName="app", AllowUnauthenticatedIdentities=False
        )
        says = "Unauthenticated access is not supported for this identity pool."
        assert error_of(token, app=app, identity_id=guest)[1] == says

    def test_a_guest_where_the_flow_was_never_set(self, app: App) -> None:
        guest = app.get_id()
        assert claims_of(token(app, guest)["Token"])["amr"] == ["unauthenticated"]

    def test_a_guest_who_signs_in_keeps_his_identity(self, app: App) -> None:
        guest, alice = app.get_id(), app.logins("alice")
        given = token(app, guest, alice)
        assert given["IdentityId"] == guest
        claims = claims_of(given["Token"])
        sub = claims_of(alice[app.provider])["sub"]
        assert claims["amr"] == [
            "authenticated",
            app.provider,
            f"{app.provider}:CognitoSignIn:{sub}",
        ]
        assert app.get_id(alice) == guest


class TestTheToken:
    def test_verifies_with_the_published_keys(self, backend: Backend) -> None:
        given = token(backend, backend.get_id())
        found = requests.get(f"https://{OWN}/.well-known/openid-configuration", timeout=5).json()
        keys = requests.get(found["jwks_uri"], timeout=5).json()["keys"]
        header = jwt.get_unverified_header(given["Token"])
        (key,) = [jwt.PyJWK(one).key for one in keys if one["kid"] == header["kid"]]
        claims = jwt.decode(
            given["Token"],
            key,
            algorithms=found["id_token_signing_alg_values_supported"],
            audience=backend.pool_id,
            issuer=found["issuer"],
        )
        assert claims["sub"] == given["IdentityId"]
        assert claims["exp"] - claims["iat"] == 600

    def test_opens_the_role_at_sts_for_ten_minutes(self, backend: Backend) -> None:
        boto3.client("s3", REGION).create_bucket(Bucket="app-files")
        guest = backend.get_id()
        web_token = token(backend, guest)["Token"]
        given = assume(role_arn("backend-unauthenticated"), web_token)
        assert given["SubjectFromWebIdentityToken"] == guest
        keys = given["Credentials"]
        s3 = boto3.client(
            "s3",
            REGION,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        s3.put_object(Bucket="app-files", Key=f"{guest}/a", Body=b"x")
        assert error_of(s3.put_object, Bucket="app-files", Key="other/a")[0] == "AccessDenied"
        backend.cloud.clock.advance(minutes=10)
        refused = error_of(assume, role=role_arn("backend-unauthenticated"), web_token=web_token)
        assert refused[0] == "ExpiredTokenException"

    def test_opens_no_role_of_other_users(self, backend: Backend) -> None:
        guest = token(backend, backend.get_id())["Token"]
        alice = backend.vouch("alice")["Token"]
        denied = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        assert error_of(assume, role=role_arn("backend-authenticated"), web_token=guest) == denied
        assert error_of(assume, role=role_arn("backend-unauthenticated"), web_token=alice) == denied
        assume(role_arn("backend-authenticated"), alice)

    def test_opens_no_role_of_another_pool(self, backend: Backend) -> None:
        other = backend.new_pool(DeveloperProviderName=PROVIDER)
        alice = backend.vouch("alice", IdentityPoolId=other)["Token"]
        code, _ = error_of(assume, role=role_arn("backend-authenticated"), web_token=alice)
        assert code == "AccessDenied"

    def test_of_a_backend_tags_the_session(self, backend: Backend) -> None:
        trusted = trust(
            backend.pool_id,
            "authenticated",
            Action=["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        )
        team = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
        policy = allowing("s3:ListAllMyBuckets")
        policy["Statement"][0]["Condition"] = team
        role = backend.new_role("team", trusted, policy)
        for color, allowed in (("blue", True), ("red", False)):
            web_token = backend.vouch("alice", PrincipalTags={"team": color})["Token"]
            keys = assume(role, web_token)["Credentials"]
            s3 = boto3.client(
                "s3",
                REGION,
                aws_access_key_id=keys["AccessKeyId"],
                aws_secret_access_key=keys["SecretAccessKey"],
                aws_session_token=keys["SessionToken"],
            )
            if allowed:
                s3.list_buckets()
            else:
                assert error_of(s3.list_buckets)[0] == "AccessDenied"

    def test_with_tags_wants_a_role_that_takes_them(self, backend: Backend) -> None:
        tagged = backend.vouch("alice", PrincipalTags={"team": "blue"})
        refused = error_of(
            assume, role=role_arn("backend-authenticated"), web_token=tagged["Token"]
        )
        assert refused[0] == "AccessDenied"
        refused = error_of(backend.sign_in, given=tagged)
        assert refused[0] == "InvalidIdentityPoolConfigurationException"

    @pytest.mark.parametrize("value", ["*", "${aws:username}", "a?"])
    def test_a_tag_is_no_pattern(self, backend: Backend, value: str) -> None:
        trusted = trust(
            backend.pool_id,
            "authenticated",
            Action=["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        )
        mine = allowing("s3:*", resource="arn:aws:s3:::app-files/${aws:PrincipalTag/team}/*")
        role = backend.new_role("team", trusted, mine)
        web_token = backend.vouch("mallory", PrincipalTags={"team": value})["Token"]
        assert error_of(assume, role=role, web_token=web_token)[0] == "ValidationError"
