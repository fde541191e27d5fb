"""The AWS CLI against the served cloud, as somebody at a terminal types it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clients.app import PASSWORD, REGION, App
from tests.clients.policies import BUCKET, OWN_FOLDER, trust
from tests.clients.served import Served

ERROR = re.compile(r"An error occurred \((\w+)\)")


class AwsCli:
    """The `aws` command with the credentials of one caller."""

    def __init__(self, **environment: str) -> None:
        self.environment = environment

    def __call__(self, *arguments: str) -> Any:
        """Run a command that must succeed. Returns its JSON answer, or None if it has none."""
        done = self._run(arguments)
        assert done.returncode == 0, f"aws {' '.join(arguments)}\n{done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else None

    def refused(self, *arguments: str) -> str:
        """Run a command that must be refused. Returns the code of the error."""
        done = self._run(arguments)
        error = ERROR.search(done.stderr)
        assert done.returncode != 0 and error, done.stdout + done.stderr
        return error[1]

    def _run(self, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "awscli", *arguments],
            env={**os.environ, "AWS_DEFAULT_OUTPUT": "json", **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def root(served: Served) -> AwsCli:
    """The command with the administrator's key."""
    return AwsCli()


def vended(credentials: dict[str, str]) -> AwsCli:
    """The command with credentials from GetCredentialsForIdentity."""
    return AwsCli(
        AWS_ACCESS_KEY_ID=credentials["AccessKeyId"],
        AWS_SECRET_ACCESS_KEY=credentials["SecretKey"],
        AWS_SESSION_TOKEN=credentials["SessionToken"],
    )


def test_a_wrong_secret_is_refused(served: Served) -> None:
    liar = AwsCli(AWS_SECRET_ACCESS_KEY="guess")
    assert liar.refused("sts", "get-caller-identity") == "SignatureDoesNotMatch"


def test_an_unknown_key_is_refused(served: Served) -> None:
    stranger = AwsCli(AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE")
    assert stranger.refused("sts", "get-caller-identity") == "InvalidClientTokenId"


def test_a_wrong_password_is_refused(root: AwsCli, app: App) -> None:
    assert root.refused(*sign_in(app.client_id, "Wrong-Horse-7")) == "NotAuthorizedException"


def test_expired_credentials_are_refused(app: App, served: Served) -> None:
    _, credentials = app.credentials()
    served.advance(seconds=3601)
    assert vended(credentials).refused("s3api", "list-buckets") == "ExpiredToken"


def test_from_sign_up_to_an_own_folder(root: AwsCli, served: Served, tmp_path: Path) -> None:
    pool_id, client_id = make_user_pool(root)
    sign_up(root, served, client_id)
    id_token = root(*sign_in(client_id))["AuthenticationResult"]["IdToken"]
    identity_pool_id = make_identity_pool(root, pool_id, client_id)
    logins = f"cognito-idp.{REGION}.amazonaws.com/{pool_id}={id_token}"
    known = ("--identity-pool-id", identity_pool_id, "--logins", logins)
    identity_id = root("cognito-identity", "get-id", *known)["IdentityId"]
    given = root(
        *("cognito-identity", "get-credentials-for-identity"),
        *("--identity-id", identity_id, "--logins", logins),
    )
    alice = vended(given["Credentials"])

    arn = alice("sts", "get-caller-identity")["Arn"]
    assert re.fullmatch(
        r"arn:aws:sts::\d{12}:assumed-role/app-user/CognitoIdentityCredentials", arn
    )

    root("s3api", "create-bucket", "--bucket", BUCKET)
    note = tmp_path / "note.txt"
    note.write_text("mine")
    put = ("s3api", "put-object", "--bucket", BUCKET, "--body", str(note), "--key")
    other = identity_id[:-1] + ("0" if identity_id[-1] != "0" else "1")
    assert alice.refused(*put, f"{other}/note.txt") == "AccessDenied"
    copy = ("s3", "cp", "--only-show-errors", str(note))
    assert alice.refused(*copy, f"s3://{BUCKET}/{other}/note.txt") == "AccessDenied"

    assert alice(*put, f"{identity_id}/put.txt")["ETag"]
    copied = f"s3://{BUCKET}/{identity_id}/copied.txt"
    assert alice(*copy, copied) is None
    back = tmp_path / "back.txt"
    alice("s3", "cp", "--only-show-errors", copied, str(back))
    assert back.read_text() == "mine"


def make_user_pool(root: AwsCli) -> tuple[str, str]:
    """The ids of a new user pool that verifies e-mail addresses, and of its app client."""
    pool = root(
        *("cognito-idp", "create-user-pool", "--pool-name", "people"),
        *("--auto-verified-attributes", "email"),
    )
    pool_id = pool["UserPool"]["Id"]
    client = root(
        *("cognito-idp", "create-user-pool-client", "--user-pool-id", pool_id),
        *("--client-name", "app", "--explicit-auth-flows", "ALLOW_USER_PASSWORD_AUTH"),
        "ALLOW_REFRESH_TOKEN_AUTH",
    )
    return pool_id, client["UserPoolClient"]["ClientId"]


def sign_up(root: AwsCli, served: Served, client_id: str) -> None:
    """Sign alice up; a wrong code is refused, the one from her e-mail is not."""
    who = ("--client-id", client_id, "--username", "alice")
    email = ("--user-attributes", "Name=email,Value=alice@example.com")
    root("cognito-idp", "sign-up", *who, "--password", PASSWORD, *email)
    code = served.code("alice@example.com")
    wrong = "000000" if code != "000000" else "111111"
    confirm = ("cognito-idp", "confirm-sign-up", *who, "--confirmation-code")
    assert root.refused(*confirm, wrong) == "CodeMismatchException"
    root(*confirm, code)


def sign_in(client_id: str, password: str = PASSWORD) -> tuple[str, ...]:
    """The command that signs alice in."""
    return (
        *("cognito-idp", "initiate-auth", "--client-id", client_id),
        *("--auth-flow", "USER_PASSWORD_AUTH"),
        *("--auth-parameters", f"USERNAME=alice,PASSWORD={password}"),
    )


def make_identity_pool(root: AwsCli, pool_id: str, client_id: str) -> str:
    """The id of a new identity pool whose users each have an own folder."""
    provider = f"cognito-idp.{REGION}.amazonaws.com/{pool_id}"
    identity_pool_id = root(
        *("cognito-identity", "create-identity-pool", "--identity-pool-name", "app"),
        "--no-allow-unauthenticated-identities",
        *("--cognito-identity-providers", f"ProviderName={provider},ClientId={client_id}"),
    )["IdentityPoolId"]
    role = root(
        *("iam", "create-role", "--role-name", "app-user"),
        *("--assume-role-policy-document", json.dumps(trust(identity_pool_id))),
    )["Role"]["Arn"]
    root(
        *("iam", "put-role-policy", "--role-name", "app-user", "--policy-name", "own-folder"),
        *("--policy-document", json.dumps(OWN_FOLDER)),
    )
    root(
        *("cognito-identity", "set-identity-pool-roles"),
        *("--identity-pool-id", identity_pool_id, "--roles", f"authenticated={role}"),
    )
    return identity_pool_id
