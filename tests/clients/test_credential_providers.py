"""botocore's own credential providers against the served cloud: nothing is told but a profile."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.clients.app import App, new_client
from tests.clients.served import Served

BUCKET = "reports"
REPORT = {"Bucket": BUCKET, "Key": "2026.txt"}
READS = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}

# A program as an administrator writes it: from a token in a file to credentials, as JSON.
PROCESS = """
import json, sys, boto3
from botocore import UNSIGNED
from botocore.config import Config
pool, provider, file = sys.argv[1:]
pools = boto3.client("cognito-identity", config=Config(signature_version=UNSIGNED))
logins = {provider: open(file).read()}
who = pools.get_id(IdentityPoolId=pool, Logins=logins)["IdentityId"]
keys = pools.get_credentials_for_identity(IdentityId=who, Logins=logins)["Credentials"]
print(json.dumps({"Version": 1, "AccessKeyId": keys["AccessKeyId"],
                  "SecretAccessKey": keys["SecretKey"], "SessionToken": keys["SessionToken"],
                  "Expiration": keys["Expiration"].isoformat()}))
"""

Configure = Callable[[str], None]


@pytest.fixture
def report(served: Served) -> None:
    """One object that roles may be allowed to read."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(**REPORT, Body=b"figures")


@pytest.fixture
def configure(served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Configure:
    """Write ~/.aws/config, and take the administrator's keys out of the environment."""

    def write(text: str) -> None:
        (tmp_path / "config").write_text(text)
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name, raising=False)

    return write


def read(profile: str) -> str:
    """The report, or the code of the error on the way to it."""
    try:
        s3 = boto3.Session(profile_name=profile).client("s3")
        return s3.get_object(**REPORT)["Body"].read().decode()
    except ClientError as refused:
        return refused.response["Error"]["Code"]


def new_role(name: str, trust: dict[str, Any]) -> str:
    """A role that may read the report."""
    iam = boto3.client("iam")
    trusts = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **trust}]}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trusts))["Role"]["Arn"]
    reads = json.dumps({"Version": "2012-10-17", "Statement": [READS]})
    iam.put_role_policy(RoleName=name, PolicyName="reads", PolicyDocument=reads)
    return arn


# --- web identity: AWS_WEB_IDENTITY_TOKEN_FILE ----------------------------------------------------


@pytest.fixture
def token_profile(app: App, report: None, configure: Configure, tmp_path: Path) -> Path:
    """The token file of a profile whose role trusts the app's user pool, by way of IAM."""
    provider = boto3.client("iam").create_open_id_connect_provider(
        Url=app.issuer, ClientIDList=[app.client_id], ThumbprintList=["0" * 40]
    )["OpenIDConnectProviderArn"]
    audience = {f"{app.issuer.removeprefix('https://')}:aud": app.client_id}
    role = new_role(
        "web",
        {
            "Principal": {"Federated": provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringEquals": audience},
        },
    )
    file = tmp_path / "token"
    configure(f"[profile web]\nrole_arn={role}\nweb_identity_token_file={file}\n")
    return file


def test_a_token_in_a_file_opens_its_role(app: App, token_profile: Path) -> None:
    token_profile.write_text(app.tokens()["IdToken"])
    assert read("web") == "figures"


def test_a_token_file_that_is_not_true_opens_nothing(app: App, token_profile: Path) -> None:
    tokens = app.tokens()
    head, payload, signature = tokens["IdToken"].split(".")
    token_profile.write_text(f"{head}.{payload}.{'A' * len(signature)}")
    assert read("web") == "InvalidIdentityToken"
    token_profile.write_text(tokens["AccessToken"])
    assert read("web") == "InvalidIdentityToken"
    token_profile.write_text("no token")
    assert read("web") == "InvalidIdentityToken"


def test_a_token_for_another_app_opens_nothing(
    app: App, token_profile: Path, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as admin:
        admin.setenv("AWS_ACCESS_KEY_ID", "test")
        admin.setenv("AWS_SECRET_ACCESS_KEY", "test")
        admin.delenv("AWS_CONFIG_FILE")
        other = App(app.region, app.user_pool_id, new_client(app.user_pool_id), "")
    token_profile.write_text(other.tokens()["IdToken"])
    assert read("web") == "InvalidIdentityToken"


def test_a_token_file_that_is_too_old_opens_nothing(
    app: App, token_profile: Path, served: Served
) -> None:
    token_profile.write_text(app.tokens()["IdToken"])
    served.advance(3601)
    assert read("web") == "ExpiredTokenException"


# --- role chaining: source_profile ----------------------------------------------------------------


@pytest.fixture
def chain(report: None, configure: Configure) -> dict[str, str]:
    """A user who may wear `first`, which may wear `second`: the ARNs, and the user's profile."""
    iam = boto3.client("iam")
    user = iam.create_user(UserName="dana")["User"]["Arn"]
    keys = iam.create_access_key(UserName="dana")["AccessKey"]
    first = new_role("first", {"Principal": {"AWS": user}, "Action": "sts:AssumeRole"})
    second = new_role("second", {"Principal": {"AWS": first}, "Action": "sts:AssumeRole"})
    pair = (
        f"aws_access_key_id={keys['AccessKeyId']}\naws_secret_access_key={keys['SecretAccessKey']}"
    )
    return {"first": first, "second": second, "dana": f"[profile dana]\n{pair}\n"}


def test_a_chain_of_roles_is_walked(chain: dict[str, str], configure: Configure) -> None:
    configure(
        f"{chain['dana']}"
        f"[profile one]\nrole_arn={chain['first']}\nsource_profile=dana\n"
        f"[profile two]\nrole_arn={chain['second']}\nsource_profile=one\n"
        f"[profile short]\nrole_arn={chain['second']}\nsource_profile=dana\n"
        f"[profile long]\nrole_arn={chain['second']}\nsource_profile=one\nduration_seconds=7200\n"
    )
    assert read("dana") == "AccessDenied"
    assert read("short") == "AccessDenied"
    assert read("long") == "ValidationError"
    assert read("two") == "figures"
    who = boto3.Session(profile_name="two").client("sts").get_caller_identity()["Arn"]
    assert ":assumed-role/second/" in who


# --- credential_process ---------------------------------------------------------------------------


def test_a_program_hands_out_the_identity_pools_credentials(
    app: App, configure: Configure, tmp_path: Path
) -> None:
    (tmp_path / "process.py").write_text(PROCESS)
    token = tmp_path / "token"
    provider = app.issuer.removeprefix("https://")
    program = f"{sys.executable} {tmp_path / 'process.py'}"
    good = app.tokens()["IdToken"]
    configure(
        f"[profile pool]\ncredential_process={program} {app.identity_pool_id} {provider} {token}\n"
    )
    token.write_text(good)
    session = boto3.Session(profile_name="pool")
    assert ":assumed-role/app-user/" in session.client("sts").get_caller_identity()["Arn"]
    with pytest.raises(ClientError, match="AccessDenied"):
        session.client("s3").get_object(Bucket=app.bucket, Key="someone-else/note")


def test_a_program_that_makes_credentials_up_is_refused(
    report: None, configure: Configure, tmp_path: Path
) -> None:
    made_up = {"Version": 1, "AccessKeyId": "ASIA" + "A" * 16, "SecretAccessKey": "s" * 40}
    made_up["SessionToken"] = "token"
    (tmp_path / "liar.json").write_text(json.dumps(made_up))
    show = f"{sys.executable} -c \"print(open('{tmp_path / 'liar.json'}').read())\""
    configure(f"[profile liar]\ncredential_process={show}\n")
    assert read("liar") == "InvalidAccessKeyId"
