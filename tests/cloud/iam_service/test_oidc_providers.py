"""IAM's OpenID Connect providers: what an account may register, and what is refused."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.config import Config

from helpers import lab
from tests.cloud.sts_words import ACCOUNT, client, error_of, new_user, policy, statement, status_of

URL = "https://login.example.org"
ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/login.example.org"
THUMBPRINT = "6938FD4D98BAB03FAADB97B34396831E3780AEA1"
INVALID = "Invalid Open ID Connect Provider URL"


@pytest.fixture
def iam(cloud: lab.Cloud) -> BaseClient:
    return boto3.client("iam", config=Config(parameter_validation=False))


def create(iam: BaseClient, url: str = URL, **more: Any) -> dict[str, Any]:
    asked = {"Url": url, "ClientIDList": ["app"], "ThumbprintList": [THUMBPRINT], **more}
    return iam.create_open_id_connect_provider(**asked)


def read(iam: BaseClient, arn: str = ARN) -> dict[str, Any]:
    return iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "refused"),
        [
            ("login.example.org", ("ValidationError", INVALID)),
            ("https://", ("ValidationError", INVALID)),
            ("https://[", ("ValidationError", INVALID)),
            (
                "http://login.example.org",
                ("InvalidInput", f"{INVALID}. The URL must begin with https://."),
            ),
            ("https://login.example.org?tenant=1", ("InvalidInput", f"{INVALID}.")),
            ("https://login.example.org/?", ("InvalidInput", f"{INVALID}.")),
            ("https://login.example.org#a", ("InvalidInput", f"{INVALID}.")),
            ("https://login.example.org:8443", ("InvalidInput", f"{INVALID}.")),
            ("https://alice:secret@login.example.org", ("InvalidInput", f"{INVALID}.")),
            ("https://login_example.org", ("InvalidInput", f"{INVALID}.")),
            ("https://login.example.org/a b", ("InvalidInput", f"{INVALID}.")),
            ("https://login.example.org/\u00e9", ("InvalidInput", f"{INVALID}.")),
            ("https://login.example.org/\n", ("InvalidInput", f"{INVALID}.")),
        ],
    )
    def test_that_are_refused(self, iam: BaseClient, url: str, refused: tuple[str, str]) -> None:
        assert error_of(create, iam, url) == refused

    def test_that_are_too_long(self, iam: BaseClient) -> None:
        code, text = error_of(create, iam, f"https://{'a' * 250}.com")
        assert code == "ValidationError"
        assert text.endswith("Member must have length less than or equal to 255")

    def test_name_the_provider(self, iam: BaseClient) -> None:
        made = create(iam, f"{URL}/tenant/7")
        assert made["OpenIDConnectProviderArn"] == f"{ARN}/tenant/7"
        assert read(iam, f"{ARN}/tenant/7")["Url"] == "login.example.org/tenant/7"

    def test_serve_once_in_an_account(self, iam: BaseClient) -> None:
        create(iam)
        exists = ("EntityAlreadyExists", f"Provider with url {URL} already exists.")
        assert error_of(create, iam) == exists
        assert status_of(create, iam) == 409
        create(iam, f"{URL}/")  # a slash at the end makes another name


class TestClientIds:
    @pytest.mark.parametrize("client_id", ["", "x" * 256])
    def test_are_one_to_255_characters(self, iam: BaseClient, client_id: str) -> None:
        assert error_of(create, iam, ClientIDList=[client_id])[0] == "ValidationError"

    def test_are_a_hundred_at_most(self, iam: BaseClient) -> None:
        many = [f"app-{n}" for n in range(101)]
        text = "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100"
        assert error_of(create, iam, ClientIDList=many) == ("LimitExceeded", text)
        create(iam, ClientIDList=many[:100])
        add = iam.add_client_id_to_open_id_connect_provider
        one_more = {"OpenIDConnectProviderArn": ARN, "ClientID": "one-more"}
        assert error_of(add, **one_more) == ("LimitExceeded", text)

    def test_come_and_go(self, iam: BaseClient) -> None:
        create(iam)
        two = {"OpenIDConnectProviderArn": ARN, "ClientID": "two"}
        for _ in range(2):  # the second time is no error, and changes nothing
            iam.add_client_id_to_open_id_connect_provider(**two)
        assert read(iam)["ClientIDList"] == ["app", "two"]
        for _ in range(2):
            iam.remove_client_id_from_open_id_connect_provider(**two)
        assert read(iam)["ClientIDList"] == ["app"]


class TestThumbprints:
    @pytest.mark.parametrize("odd", ["a" * 39, "a" * 41, "z" * 40])
    def test_are_forty_hexadecimal_digits(self, iam: BaseClient, odd: str) -> None:
        code, _ = error_of(create, iam, ThumbprintList=[odd])
        assert code in ("ValidationError", "InvalidInput")
        create(iam)
        change = iam.update_open_id_connect_provider_thumbprint
        given = {"OpenIDConnectProviderArn": ARN, "ThumbprintList": [odd]}
        assert error_of(change, **given)[0] in ("ValidationError", "InvalidInput")
        assert read(iam)["ThumbprintList"] == [THUMBPRINT.lower()]

    def test_are_five_at_most(self, iam: BaseClient) -> None:
        text = "Thumbprint list must contain fewer than 5 entries."
        assert error_of(create, iam, ThumbprintList=["0" * 40] * 6) == ("InvalidInput", text)
        create(iam, ThumbprintList=["0" * 40] * 5)

    def test_can_be_replaced(self, iam: BaseClient) -> None:
        create(iam)
        iam.update_open_id_connect_provider_thumbprint(
            OpenIDConnectProviderArn=ARN, ThumbprintList=["A" * 40, "b" * 40]
        )
        assert read(iam)["ThumbprintList"] == ["a" * 40, "b" * 40]

    def test_are_not_needed_where_the_server_can_be_reached(self, iam: BaseClient) -> None:
        code, _ = error_of(create, iam, "https://nowhere.example.net", ThumbprintList=[])
        assert code == "OpenIdIdpCommunicationError"
        create(iam, ThumbprintList=[])


class TestTags:
    def test_are_checked(self, iam: BaseClient) -> None:
        twice = [{"Key": "team", "Value": "a"}, {"Key": "Team", "Value": "b"}]
        text = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        assert error_of(create, iam, Tags=twice) == ("InvalidInput", text)
        reserved = [{"Key": "aws:team", "Value": "a"}]
        assert error_of(create, iam, Tags=reserved)[0] == "InvalidInput"
        create(iam)
        many = [{"Key": f"k{n}", "Value": ""} for n in range(50)]
        tag = iam.tag_open_id_connect_provider
        tag(OpenIDConnectProviderArn=ARN, Tags=many)
        more = [{"Key": "one-more", "Value": ""}]
        assert error_of(tag, OpenIDConnectProviderArn=ARN, Tags=more)[0] == "LimitExceeded"

    def test_are_kept_changed_and_listed(self, iam: BaseClient) -> None:
        made = create(iam, Tags=[{"Key": "team", "Value": "a"}])
        assert made["Tags"] == [{"Key": "team", "Value": "a"}]
        iam.tag_open_id_connect_provider(
            OpenIDConnectProviderArn=ARN,
            Tags=[{"Key": "Team", "Value": "b"}, {"Key": "cost", "Value": "7"}],
        )
        listed = iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=ARN, MaxItems=1)
        assert listed["Tags"] == [{"Key": "Team", "Value": "b"}]
        assert listed["IsTruncated"]
        rest = iam.list_open_id_connect_provider_tags(
            OpenIDConnectProviderArn=ARN, Marker=listed["Marker"]
        )
        assert rest["Tags"] == [{"Key": "cost", "Value": "7"}]
        iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=ARN, TagKeys=["TEAM"])
        assert read(iam)["Tags"] == [{"Key": "cost", "Value": "7"}]


class TestNobodyKnows:
    @pytest.mark.parametrize("arn", [ARN, f"{ARN}/x", ARN.upper()])
    def test_a_provider_that_is_not_there(self, iam: BaseClient, arn: str) -> None:
        named, missing = {"OpenIDConnectProviderArn": arn}, "NoSuchEntity"
        text = f"OpenIDConnect Provider not found for arn {arn}"
        assert error_of(iam.get_open_id_connect_provider, **named) == (missing, text)
        assert error_of(iam.delete_open_id_connect_provider, **named)[0] == missing
        add = iam.add_client_id_to_open_id_connect_provider
        assert error_of(add, **named, ClientID="x")[0] == missing
        drop = iam.remove_client_id_from_open_id_connect_provider
        assert error_of(drop, **named, ClientID="x")[0] == missing
        tag = iam.tag_open_id_connect_provider
        assert error_of(tag, **named, Tags=[{"Key": "a", "Value": "b"}])[0] == missing

    def test_a_provider_that_was_deleted(self, iam: BaseClient) -> None:
        create(iam)
        assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [{"Arn": ARN}]
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=ARN)
        assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []
        assert error_of(read, iam)[0] == "NoSuchEntity"


class TestPermissions:
    def test_creating_one_needs_a_permission(self, iam: BaseClient) -> None:
        allowed = policy(statement("iam:CreateOpenIDConnectProvider", Resource=f"{ARN}/own"))
        own = client("iam", new_user("builder", allowed))
        assert error_of(create, own)[0] == "AccessDenied"
        create(own, f"{URL}/own")

    def test_propagated_identities_are_not_pretended(self, iam: BaseClient) -> None:
        wanted = {"IdentityCenterInstanceArn": "arn:aws:sso:::instance/ssoins-1234567890abcdef"}
        assert error_of(create, iam, **wanted)[0].startswith("NotImplemented")
