"""A profile with an `sso-session`, as developers have it: botocore's own credential chain.

The token in the cache file is made as `aws sso login` makes it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.credentials import SSOProvider
from botocore.exceptions import ClientError, TokenRetrievalError, UnauthorizedSSOTokenError
from botocore.tokens import SSOTokenProvider
from botocore.utils import JSONFileCache, SSOTokenLoader

from helpers import lab
from tests.cloud.access_portal import workforce
from tests.cloud.access_portal.workforce import Company, Program

SESSION = "company"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own; botocore has looked at the real one when it was imported."""
    cache = tmp_path / ".aws" / "sso" / "cache"
    for provider in (SSOProvider, SSOTokenProvider):
        monkeypatch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", str(cache))
    return tmp_path


@pytest.fixture
def company(door: lab.Cloud) -> Company:
    """The company, alice being signed in."""
    made = workforce.found(door)
    made.choose_first_password()
    made.sign_in()
    return made


@pytest.fixture
def program(company: Company) -> Program:
    """The program that signs in for everybody: what `aws sso login` registers."""
    return workforce.register(clientName=f"botocore-client-{SESSION}")


@pytest.fixture
def developer(
    company: Company, program: Program, home: Path, monkeypatch: pytest.MonkeyPatch
) -> boto3.Session:
    """Alice's session with her profile, after `aws sso login`."""
    write_profile(home, company)
    log_in(home, company, program)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(home / ".aws" / "config"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    return boto3.Session(profile_name="work")


def write_profile(home: Path, company: Company, role: str = workforce.ROLE) -> None:
    """The file ~/.aws/config."""
    (home / ".aws").mkdir(exist_ok=True)
    (home / ".aws" / "config").write_text(f"""
[sso-session {SESSION}]
sso_start_url = {company.start_url}
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile work]
sso_session = {SESSION}
sso_account_id = {company.account}
sso_role_name = {role}
region = us-east-1
""")


def log_in(home: Path, company: Company, program: Program) -> None:
    """The cache file ~/.aws/sso/cache/<hash>.json, by the device grant."""
    waiting = program.start(company.start_url)
    company.allow(waiting)
    given = program.poll(waiting)
    now = datetime.now(UTC).timestamp()
    token = {
        "startUrl": company.start_url,
        "region": "us-east-1",
        "accessToken": given["accessToken"],
        "expiresAt": _iso(now + given["expiresIn"]),
        "clientId": program.client_id,
        "clientSecret": program.client_secret,
        "registrationExpiresAt": _iso(now + 90 * 86400),
        "refreshToken": given["refreshToken"],
    }
    cache = JSONFileCache(str(home / ".aws" / "sso" / "cache"))
    SSOTokenLoader(cache=cache).save_token(company.start_url, token, session_name=SESSION)


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def kept_token(home: Path, company: Company) -> dict[str, Any]:
    """What the cache file says."""
    cache = JSONFileCache(str(home / ".aws" / "sso" / "cache"))
    return dict(SSOTokenLoader(cache=cache)(company.start_url, session_name=SESSION))


def test_a_role_that_is_not_assigned_is_refused(
    company: Company, developer: boto3.Session, home: Path
) -> None:
    write_profile(home, company, role="Administrator")
    other = boto3.Session(profile_name="work")
    with pytest.raises(ClientError, match="No access") as refused:
        other.client("s3").list_buckets()
    assert refused.value.response["Error"]["Code"] == "ForbiddenException"


def test_the_session_may_do_what_the_permission_set_says(
    company: Company, developer: boto3.Session
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        developer.client("s3").create_bucket(Bucket="not-for-readers")
    assert developer.client("s3").list_buckets()["Buckets"] == []
    who = developer.client("sts").get_caller_identity()
    assert who["Account"] == company.account
    assert who["Arn"].endswith("/alice@example.com")
    assert ":assumed-role/AWSReservedSSO_Reader_" in who["Arn"]


def test_an_old_token_is_refreshed_and_the_new_one_kept(
    door: lab.Cloud, company: Company, developer: boto3.Session, home: Path
) -> None:
    before = kept_token(home, company)
    door.clock.advance(minutes=50)
    assert developer.client("s3").list_buckets()["Buckets"] == []
    after = kept_token(home, company)
    assert after["accessToken"] != before["accessToken"]
    assert after["refreshToken"] != before["refreshToken"]
    assert after["expiresAt"] > before["expiresAt"]


def test_a_session_that_is_over_is_refreshed_no_more(
    door: lab.Cloud, developer: boto3.Session
) -> None:
    door.clock.advance(hours=8)
    with pytest.raises(TokenRetrievalError):
        developer.client("s3").list_buckets()


def test_after_logout_the_token_gets_no_credentials(
    company: Company, developer: boto3.Session, home: Path
) -> None:
    developer.client("s3").list_buckets()
    workforce.portal().logout(accessToken=kept_token(home, company)["accessToken"])
    # The role's session lives on until it expires; there is no next one.
    assert developer.client("s3").list_buckets()["Buckets"] == []
    with pytest.raises(UnauthorizedSSOTokenError):
        boto3.Session(profile_name="work").client("s3").list_buckets()


def test_after_the_assignment_is_gone_there_are_no_credentials(
    company: Company, developer: boto3.Session
) -> None:
    admin = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test")
    admin.client("sso-admin", region_name="us-east-1").delete_account_assignment(
        **company.assignment()
    )
    with pytest.raises(ClientError, match="No access"):
        developer.client("s3").list_buckets()


def test_the_command_line_uses_the_same_profile(live_cloud: lab.Cloud, home: Path) -> None:
    company = workforce.found(live_cloud)
    company.choose_first_password()
    company.sign_in()
    write_profile(home, company)
    log_in(home, company, workforce.register())
    settings = {
        "AWS_CONFIG_FILE": str(home / ".aws" / "config"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": live_cloud.serve(),
        "AWS_PROFILE": "work",
        "HOME": str(home),
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [sys.executable, "-m", "awscli", "sts", "get-caller-identity", "--output", "json"],
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["Account"] == company.account
