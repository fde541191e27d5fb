"""Programs register themselves, and prove afterwards that they are the same."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from helpers import lab
from tests.cloud.access_portal.workforce import Company, Program, oidc, refusal, register


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"clientType": "confidential"}, "InvalidClientMetadataException"),
        ({"clientName": ""}, "InvalidClientMetadataException"),
        ({"scopes": ["everything"]}, "InvalidScopeException"),
        ({"grantTypes": ["password"]}, "UnsupportedGrantTypeException"),
        ({"grantTypes": []}, "UnsupportedGrantTypeException"),
        ({"grantTypes": ["authorization_code"]}, "InvalidRequestException"),
        ({"redirectUris": ["https://evil.example/callback"]}, "InvalidRedirectUriException"),
        ({"redirectUris": ["http://127.0.0.1.evil.example/"]}, "InvalidRedirectUriException"),
        ({"redirectUris": ["http://127.0.0.1@evil.example/"]}, "InvalidRedirectUriException"),
        ({"redirectUris": ["http://127.0.0.1\\@evil.example/"]}, "InvalidRedirectUriException"),
        ({"redirectUris": ["http://[::1/"]}, "InvalidRedirectUriException"),
        ({"redirectUris": ["http://127.0.0.1/#fragment"]}, "InvalidRedirectUriException"),
        ({"redirectUris": ["javascript:alert(1)"]}, "InvalidRedirectUriException"),
        ({"entitledApplicationArn": "arn:aws:sso::1:application/x"}, "InvalidRequestException"),
    ],
)
def test_a_registration_that_is_not_sound_is_refused(
    cloud: lab.Cloud, wrong: dict[str, Any], error: str
) -> None:
    assert refusal(register, **wrong)[0] == error


def test_a_registration_lasts_ninety_days(cloud: lab.Cloud, company: Company) -> None:
    made = oidc().register_client(clientName="tool", clientType="public")
    assert made["clientSecretExpiresAt"] - made["clientIdIssuedAt"] == 90 * 86400
    cloud.clock.advance(days=90)
    late = Program(made["clientId"], made["clientSecret"])
    assert refusal(late.start, company.start_url) == ("InvalidClientException", "invalid_client")


def test_a_wrong_secret_is_refused(company: Company, program: Program) -> None:
    liar = Program(program.client_id, program.client_secret[:-1] + "!")
    assert refusal(liar.start, company.start_url)[1] == "invalid_client"
    nobody = Program("unknown", "")
    assert refusal(nobody.start, company.start_url)[1] == "invalid_client"


def test_a_registration_is_of_one_region(company: Company, program: Program) -> None:
    elsewhere = boto3.client("sso-oidc", region_name="eu-west-1")
    wrong = {**program.proof(), "startUrl": company.start_url}
    assert refusal(elsewhere.start_device_authorization, **wrong)[1] == "invalid_client"
