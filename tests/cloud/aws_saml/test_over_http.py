"""The whole way of a program for people: portal, SAML response, credentials, over real HTTP."""

from __future__ import annotations

import boto3
import pytest
from lxml import html

from helpers import lab, providers
from tests.cloud.aws_saml.directory import (
    ACCOUNT,
    ACS,
    AUDIENCE,
    NAMES,
    PROVIDER,
    ROLE,
    Directory,
    assume,
    trust,
)
from tests.cloud.sts_words import client
from tests.providers.browser import Browser


def test_a_program_needs_no_keys_and_no_signature(
    directory: Directory, cloud: lab.Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.serve())
    credentials = assume(directory.response())["Credentials"]
    caller = client("sts", credentials).get_caller_identity()
    assert caller["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Engineer/alice"


def test_an_employee_comes_from_the_company_s_portal(cloud: lab.Cloud) -> None:
    company = providers.company_directory()
    iam = boto3.client("iam")
    iam.create_saml_provider(Name="Company", SAMLMetadataDocument=company.metadata())
    iam.create_role(RoleName="Engineer", AssumeRolePolicyDocument=trust())
    company.register(AUDIENCE, ACS, name="AWS")
    told = {f"{NAMES}Role": f"{ROLE},{PROVIDER}", f"{NAMES}RoleSessionName": "alice"}
    company.tell(AUDIENCE, "alice", told)
    browser = Browser()
    browser.sign_in(company.portal_url)
    portal = browser.get(company.portal_url)
    form = html.fromstring(browser.submit(portal, app=AUDIENCE).text).forms[0]
    assert form.action == ACS
    answer = assume(dict(form.form_values())["SAMLResponse"])
    assert answer["AssumedRoleUser"]["Arn"].endswith(":assumed-role/Engineer/alice")
