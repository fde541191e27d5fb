"""Users of an app's own backend: only its owner vouches for them, with AWS credentials."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
import requests

from helpers import lab
from tests.cloud.identity_pools.app import REGION, App, allowing, error_of
from tests.cloud.identity_pools.backend import OWN, PROVIDER, UNKNOWN, Backend, claims_of

MISMATCH = (
    "NotAuthorizedException",
    "Logins don't match. Please include at least one valid login for this identity or "
    "identity pool.",
)


def forbidden(identity_id: str) -> tuple[str, str]:
    return "NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."


class TestWhoMayVouch:
    PUBLIC = ("InvalidParameterException", "Please provide a valid public provider.")

    def test_nobody_is_a_user_of_the_backend_by_saying_so(self, backend: Backend) -> None:
        alice = backend.identity_of("alice")
        said = {PROVIDER: "alice"}
        assert error_of(backend.get_id, logins=said) == self.PUBLIC
        assert error_of(backend.credentials, identity_id=alice, logins=said) == self.PUBLIC
        token = backend.identity.get_open_id_token
        assert error_of(token, IdentityId=alice, Logins=said) == self.PUBLIC

    def test_nor_without_a_signature(self, backend: Backend) -> None:
        response = requests.post(
            f"https://cognito-identity.{REGION}.amazonaws.com/",
            json={"IdentityPoolId": backend.pool_id, "Logins": {PROVIDER: "alice"}},
            headers={
                "X-Amz-Target": "AWSCognitoIdentityService.GetOpenIdTokenForDeveloperIdentity",
                "Content-Type": "application/x-amz-json-1.1",
            },
            timeout=5,
        )
        assert response.status_code == 400
        assert response.json()["__type"] == "MissingAuthenticationTokenException"

    def test_nor_with_credentials_that_are_not_allowed_to(self, backend: Backend) -> None:
        intern = backend.new_user_client(allowing("cognito-identity:GetId"))
        code, message = error_of(
            intern.get_open_id_token_for_developer_identity,
            IdentityPoolId=backend.pool_id,
            Logins={PROVIDER: "alice"},
        )
        assert code == "AccessDeniedException"
        assert "cognito-identity:GetOpenIdTokenForDeveloperIdentity" in message
        assert f"identitypool/{backend.pool_id}" in message

    def test_a_pool_without_a_developer_provider_vouches_for_nobody(self, app: App) -> None:
        code, message = error_of(
            app.identity.get_open_id_token_for_developer_identity,
            IdentityPoolId=app.pool_id,
            Logins={PROVIDER: "alice"},
        )
        assert code == "InvalidParameterException"
        assert message == "This identity pool does not support the specified developer provider."

    @pytest.mark.parametrize("name", ["login.other.example", PROVIDER.upper(), OWN])
    def test_another_provider_is_not_the_pools(self, backend: Backend, name: str) -> None:
        code, _ = error_of(
            backend.identity.get_open_id_token_for_developer_identity,
            IdentityPoolId=backend.pool_id,
            Logins={name: "alice"},
        )
        assert code == "InvalidParameterException"

    @pytest.mark.parametrize(
        "odd",
        [
            {"Logins": {PROVIDER: "a" * 1025}},
            {"TokenDuration": 86401},
            {"PrincipalTags": {"team": "x" * 257}},
            {"IdentityPoolId": "nonsense"},
        ],
        ids=str,
    )
    def test_odd_values(self, backend: Backend, odd: dict[str, Any]) -> None:
        code, _ = error_of(backend.vouch, user="alice", **odd)
        assert code in ("InvalidParameterException", "ValidationException")

    def test_half_a_character_is_no_user(self, backend: Backend) -> None:
        code, _ = error_of(backend.vouch, user="\ud800")
        assert code == "InvalidParameterException"
        code, _ = error_of(backend.vouch, user="alice", PrincipalTags={"team": "\udfff"})
        assert code == "InvalidParameterException"


class TestTheToken:
    def test_says_who_it_is_in_the_backends_words(self, backend: Backend) -> None:
        given = backend.vouch("alice")
        claims = claims_of(given["Token"])
        assert claims["iss"] == f"https://{OWN}"
        assert (claims["sub"], claims["aud"]) == (given["IdentityId"], backend.pool_id)
        named = f"{PROVIDER}:{backend.pool_id}:alice"
        assert claims["amr"] == ["authenticated", PROVIDER, named]
        assert claims["exp"] - claims["iat"] == 15 * 60
        arn = f"arn:aws:cognito-identity:{REGION}:123456789012:identitypool/{backend.pool_id}"
        assert claims[f"https://{OWN}/identity-pool-arn"] == arn

    def test_lives_up_to_a_day(self, backend: Backend) -> None:
        claims = claims_of(backend.vouch("alice", TokenDuration=86400)["Token"])
        assert claims["exp"] - claims["iat"] == 86400

    def test_carries_the_backends_tags(self, backend: Backend) -> None:
        claims = claims_of(backend.vouch("alice", PrincipalTags={"team": "blue"})["Token"])
        assert claims["https://aws.amazon.com/tags"] == {"principal_tags": {"team": ["blue"]}}

    def test_is_no_login_for_get_id(self, backend: Backend) -> None:
        given = backend.vouch("alice")
        own = ("NotAuthorizedException", "Invalid login token. Can't pass in a Cognito token.")
        assert error_of(backend.get_id, logins={OWN: given["Token"]}) == own
        again = backend.identity.get_open_id_token
        wanted = {"IdentityId": given["IdentityId"], "Logins": {OWN: given["Token"]}}
        assert error_of(again, **wanted) == own

    def test_opens_no_other_identity(self, backend: Backend) -> None:
        alice, bob = backend.vouch("alice"), backend.vouch("bob")
        stolen = {"IdentityId": bob["IdentityId"], "Token": alice["Token"]}
        assert error_of(backend.sign_in, given=stolen) == MISMATCH
        guest = {"IdentityId": backend.get_id(), "Token": alice["Token"]}
        assert error_of(backend.sign_in, given=guest) == MISMATCH

    def test_of_another_pool_opens_none_here(self, backend: Backend) -> None:
        here = backend.vouch("alice")
        there = backend.vouch(
            "alice", IdentityPoolId=backend.new_pool(DeveloperProviderName=PROVIDER)
        )
        stolen = {"IdentityId": here["IdentityId"], "Token": there["Token"]}
        assert error_of(backend.sign_in, given=stolen) == MISMATCH

    def test_expires(self, backend: Backend) -> None:
        given = backend.vouch("alice", TokenDuration=60)
        backend.cloud.clock.advance(seconds=60)
        code, message = error_of(backend.sign_in, given=given)
        assert code == "NotAuthorizedException"
        assert message.startswith("Invalid login token. Token expired: ")

    def test_with_anything_changed_is_worth_nothing(self, backend: Backend) -> None:
        given, other = backend.vouch("alice"), backend.vouch("bob")
        head, body, mark = given["Token"].split(".")
        forged = [
            f"{head}.{other['Token'].split('.')[1]}.{mark}",
            f"eyJhbGciOiJub25lIn0.{body}.",
            f"{head}.{body}.{'A' * len(mark)}",
            "x",
        ]
        for token in forged:
            stolen = {"IdentityId": given["IdentityId"], "Token": token}
            code, message = error_of(backend.sign_in, given=stolen)
            assert code == "NotAuthorizedException"
            assert message.startswith("Invalid login token.")

    def test_of_the_public_door_is_no_login_of_the_backend(self, backend: Backend) -> None:
        guest = backend.get_id()
        token = backend.identity.get_open_id_token(IdentityId=guest)["Token"]
        assert error_of(backend.sign_in, given={"IdentityId": guest, "Token": token}) == MISMATCH

    def test_opens_the_users_own_folder_and_no_other(self, backend: Backend) -> None:
        boto3.client("s3", REGION).create_bucket(Bucket="app-files")
        given = backend.vouch("alice")
        s3 = backend.client("s3", backend.sign_in(given))
        s3.put_object(Bucket="app-files", Key=f"{given['IdentityId']}/a", Body=b"x")
        other = f"{backend.identity_of('bob')}/a"
        code, _ = error_of(s3.put_object, Bucket="app-files", Key=other, Body=b"x")
        assert code == "AccessDenied"

    def test_opens_the_role_in_the_kernel_and_over_http(
        self, door: lab.Cloud, backend: Backend
    ) -> None:
        given = backend.vouch("alice")
        arn = backend.client("sts", backend.sign_in(given)).get_caller_identity()["Arn"]
        assert arn.endswith(":assumed-role/backend-authenticated/CognitoIdentityCredentials")


class TestIdentities:
    def test_a_user_keeps_his_identity(self, backend: Backend) -> None:
        alice = backend.identity_of("alice")
        backend.cloud.clock.advance(days=30)
        assert backend.identity_of("alice") == alice
        assert backend.identity_of("bob") != alice
        described = backend.identity.describe_identity(IdentityId=alice)
        assert described["Logins"] == [PROVIDER]

    def test_a_guest_who_signs_in_keeps_his(self, backend: Backend) -> None:
        guest = backend.get_id()
        assert backend.vouch("alice", IdentityId=guest)["IdentityId"] == guest
        assert error_of(backend.credentials, identity_id=guest) == forbidden(guest)

    def test_a_user_is_not_registered_twice(self, backend: Backend) -> None:
        backend.identity_of("alice")
        guest = backend.get_id()
        assert error_of(backend.vouch, user="alice", IdentityId=guest) == (
            "DeveloperUserAlreadyRegisteredException",
            "This developer user identifier is already registered with Cognito.",
        )

    def test_nobody_is_added_to_anothers_identity(self, backend: Backend) -> None:
        alice = backend.identity_of("alice")
        assert error_of(backend.vouch, user="mallory", IdentityId=alice) == MISMATCH

    def test_an_identity_of_another_pool_is_not_found(self, backend: Backend) -> None:
        stranger = backend.get_id(pool_id=backend.new_pool(AllowUnauthenticatedIdentities=True))
        for identity_id in (stranger, UNKNOWN):
            assert error_of(backend.vouch, user="alice", IdentityId=identity_id) == (
                "ResourceNotFoundException",
                f"Identity '{identity_id}' not found.",
            )

    def test_a_user_pools_login_is_linked_only_with_its_token(self, app: App) -> None:
        backend = Backend(app.cloud, app.user_pool_id, app.client_id)
        backend.pool_id = app.new_pool(DeveloperProviderName=PROVIDER, **app.accept())
        alice = backend.logins("alice")
        code, message = error_of(backend.vouch, user="a", logins={app.provider: "alice"})
        assert (code, message[:20]) == ("NotAuthorizedException", "Invalid login token.")
        mine = backend.vouch("a", alice)["IdentityId"]
        assert backend.get_id(alice) == mine
        amr = claims_of(backend.vouch("a", alice)["Token"])["amr"]
        assert amr[1:4:2] == [app.provider, PROVIDER]
        described = backend.identity.describe_identity(IdentityId=mine)
        assert described["Logins"] == [app.provider, PROVIDER]
