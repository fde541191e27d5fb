"""A company with Identity Center: an organization, alice, and what she may do in an account."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import boto3
import lxml.html
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from helpers import lab
from tests.cloud.hosted_ui.site import Browser

PASSWORD = "Correct-horse-7"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
ROLE = "Reader"
QUICK = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1})


@dataclass
class Program:
    """A program that has registered itself."""

    client_id: str
    client_secret: str

    def start(self, start_url: str) -> dict[str, Any]:
        """Ask for a device code."""
        return oidc().start_device_authorization(**self.proof(), startUrl=start_url)

    def poll(self, waiting: dict[str, Any]) -> dict[str, Any]:
        """Ask for the tokens of a device code."""
        return self.token(DEVICE_GRANT, deviceCode=waiting["deviceCode"])

    def token(self, grant_type: str, **given: str) -> dict[str, Any]:
        """CreateToken."""
        return oidc().create_token(**self.proof(), grantType=grant_type, **given)

    def proof(self) -> dict[str, str]:
        """The members that say which program it is."""
        return {"clientId": self.client_id, "clientSecret": self.client_secret}


@dataclass
class Company:
    """The instance, its portal and alice, who has the role Reader in one account."""

    instance_arn: str
    store_id: str
    account: str
    alice: str
    permission_set_arn: str
    inbox: Any
    clock: Any
    browser: Browser = field(default_factory=Browser)

    @property
    def start_url(self) -> str:
        """Where people sign in."""
        return f"https://{self.store_id}.awsapps.com/start"

    def sign_in(self, browser: Browser | None = None, page: Any = None) -> requests.Response:
        """Alice signs in with her password; the page at which her browser ends."""
        browser = browser or self.browser
        page = page if page is not None else browser.get(self.start_url)
        page = browser.submit(page, form=0, username="alice@example.com")
        return browser.submit(page, form=0, password=PASSWORD)

    def choose_first_password(self) -> requests.Response:
        """Alice's very first sign-in: the code from her mail, and a password of her own."""
        browser = Browser()
        page = browser.get(self.start_url)
        page = browser.submit(page, form=0, username="alice@example.com")
        code = self.inbox.latest("alice@example.com").code
        page = browser.submit(page, form=0, code=code)
        page = browser.submit(page, form=0, password=PASSWORD, again=PASSWORD)
        browser.submit(page, form=0)  # the first form of the portal signs out
        return page

    def forget_password(self, chosen: str) -> requests.Response:
        """Alice says that she forgot her password, and chooses this one."""
        browser = Browser()
        page = browser.submit(browser.get(self.start_url), form=0, username="alice@example.com")
        page = browser.submit(page, form=1)
        self.clock.advance(hours=1)  # so often is a code sent
        page = browser.submit(page, form=1)
        code = self.inbox.latest("alice@example.com").code
        page = browser.submit(page, form=0, code=code)
        return browser.submit(page, form=0, password=chosen, again=chosen)

    def allow(self, waiting: dict[str, Any], decision: str = "allow") -> requests.Response:
        """Alice, signed in, opens the address with the code and decides."""
        page = self.browser.get(waiting["verificationUriComplete"])
        page = self.browser.submit(page)
        return decide(self.browser, page, decision)

    def access_token(self, program: Program) -> str:
        """A program's access token for alice."""
        waiting = program.start(self.start_url)
        self.allow(waiting)
        return str(program.poll(waiting)["accessToken"])

    def assignment(self) -> dict[str, str]:
        """What names alice's assignment."""
        return {
            "InstanceArn": self.instance_arn,
            "TargetId": self.account,
            "TargetType": "AWS_ACCOUNT",
            "PermissionSetArn": self.permission_set_arn,
            "PrincipalType": "USER",
            "PrincipalId": self.alice,
        }


def decide(
    browser: Browser, page: requests.Response, decision: str, follow: bool = True
) -> requests.Response:
    """Press one of the two buttons of the question whether to allow access."""
    form = lxml.html.fromstring(page.text).forms[-1]
    data = {**dict(form.form_values()), "decision": decision}
    target = urljoin(page.url, form.action)
    return browser.session.post(target, data=data, allow_redirects=follow)


def refusal(call: Any, *args: Any, **given: Any) -> tuple[str, str]:
    """(exception, OAuth error) with which a call is refused."""
    with pytest.raises(ClientError) as refused:
        call(*args, **given)
    response = refused.value.response
    return response["Error"]["Code"], response.get("error", "")


def oidc() -> Any:
    """An sso-oidc client as programs make it: without credentials."""
    return boto3.client("sso-oidc", config=QUICK)


def portal() -> Any:
    """A client of the portal's API."""
    return boto3.client("sso", config=QUICK)


def register(**changes: Any) -> Program:
    """Register a program for the device grant, with refresh tokens."""
    usual = {"clientName": "tool", "clientType": "public", "scopes": ["sso:account:access"]}
    made = oidc().register_client(**{**usual, **changes})
    return Program(made["clientId"], made["clientSecret"])


def found(cloud: lab.Cloud) -> Company:
    """Make the company. Alice has not signed in yet."""
    organizations, sso = boto3.client("organizations"), boto3.client("sso-admin")
    organizations.create_organization(FeatureSet="ALL")
    organizations.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    made = organizations.create_account(Email="photos@example.com", AccountName="Photos")
    asked = made["CreateAccountStatus"]["Id"]
    made = organizations.describe_create_account_status(CreateAccountRequestId=asked)
    account = made["CreateAccountStatus"]["AccountId"]
    instance = sso.list_instances()["Instances"][0]
    store_id, arn = instance["IdentityStoreId"], instance["InstanceArn"]
    alice = boto3.client("identitystore").create_user(
        IdentityStoreId=store_id,
        UserName="alice@example.com",
        DisplayName="Alice Adams",
        Name={"GivenName": "Alice", "FamilyName": "Adams"},
        Emails=[{"Value": "alice@example.com", "Primary": True}],
    )["UserId"]
    permission_set = sso.create_permission_set(InstanceArn=arn, Name=ROLE)["PermissionSet"]
    listing = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    sso.put_inline_policy_to_permission_set(
        InstanceArn=arn,
        PermissionSetArn=permission_set["PermissionSetArn"],
        InlinePolicy=json.dumps({"Version": "2012-10-17", "Statement": [listing]}),
    )
    company = Company(
        arn, store_id, account, alice, permission_set["PermissionSetArn"], cloud.inbox, cloud.clock
    )
    sso.create_account_assignment(**company.assignment())
    return company
