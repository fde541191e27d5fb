"""The AWS SDK for JavaScript and aws-jwt-verify against the served cloud, where Node is there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.clients.app import App
from tests.clients.served import Served

SCRIPTS = Path(__file__).resolve().parent / "javascript"
OLDEST_NODE = 20


@pytest.fixture(scope="module")
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the scripts and the packages of the lock file, kept in pytest's cache."""
    needed_programs()
    wanted = hashlib.sha256((SCRIPTS / "package-lock.json").read_bytes()).hexdigest()[:16]
    cache = getattr(request.config, "cache", None)
    folder = cache.mkdir(f"node-{wanted}") if cache else tmp_path_factory.mktemp("node")
    for script in SCRIPTS.iterdir():
        shutil.copy(script, folder)
    if not (folder / "complete").exists():
        install(folder)
        (folder / "complete").touch()
    return folder


def needed_programs() -> None:
    """Skip where Node or npm is absent or too old."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine")
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    version = told.stdout.strip()
    if not version.startswith("v") or int(version[1:].partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"Node is {version or 'broken'}; the AWS SDK needs {OLDEST_NODE} or newer")


def install(folder: Path) -> None:
    """`npm ci`, or skip where the packages cannot be had."""
    command = [shutil.which("npm") or "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=180
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm ci took more than three minutes")
    if done.returncode != 0:
        reasons = [line for line in done.stderr.splitlines() if "npm error" in line]
        pytest.skip(f"npm ci could not install the packages: {' '.join(reasons[:3])}")


def run(folder: Path, script: str, settings: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a script recorded: for each of its steps {"value": …} or {"error": name}."""
    done = subprocess.run(
        ["node", script, json.dumps(settings)],
        cwd=folder,
        env={**os.environ, "NODE_NO_WARNINGS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_sdk_from_sign_up_to_an_own_folder(node: Path, app: App) -> None:
    told = run(node, "main_path.mjs", app.as_dict())
    etag = told.pop("put into the own folder")
    assert etag["value"]
    assert told == {
        "a wrong code": {"error": "CodeMismatchException"},
        "a wrong password": {"error": "NotAuthorizedException"},
        "an access token as the login": {"error": "NotAuthorizedException"},
        "put into another folder": {"error": "AccessDenied"},
        "get from another folder": {"error": "AccessDenied"},
        "get from the own folder": {"value": "mine"},
        "a wrong secret": {"error": "SignatureDoesNotMatch"},
        "an hour later": {"error": "ExpiredToken"},
    }


def test_aws_jwt_verify(node: Path, app: App, served: Served) -> None:
    others = boto3.client("cognito-idp").create_user_pool(PoolName="others")["UserPool"]["Id"]
    settings = {**app.as_dict(), "tokens": app.tokens(), "other_user_pool_id": others}
    assert run(node, "verify_tokens.mjs", settings) == {
        "a tampered ID token": {"error": "JwtInvalidSignatureError"},
        "a tampered access token": {"error": "JwtInvalidSignatureError"},
        "an access token for an ID token": {"error": "CognitoJwtInvalidTokenUseError"},
        "an ID token for an access token": {"error": "CognitoJwtInvalidTokenUseError"},
        "an ID token of another app client": {"error": "CognitoJwtInvalidClientIdError"},
        # Its words for an issuer that it was not told to trust.
        "an ID token of another user pool": {"error": "ParameterValidationError"},
        "an ID token with another pool's keys": {"error": "KidNotFoundInJwksError"},
        "an ID token in a group it is not in": {"error": "CognitoJwtInvalidGroupError"},
        "an ID token": {"value": "alice"},
        "an access token": {"value": "alice"},
    }
