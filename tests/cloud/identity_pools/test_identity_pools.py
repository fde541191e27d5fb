from __future__ import annotations

import boto3
import botocore.session
import pytest

from helpers import lab
from helpers.cloud import identity_pools
from tests.cloud.identity_pools.app import REGION, App, allowing, error_of


@pytest.fixture
def bare(cloud: lab.Cloud) -> App:
    return App(cloud, user_pool_id=f"{REGION}_AbCdEf123", client_id="client")


UNKNOWN = "us-east-1:00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "operation",
    ["describe_identity_pool", "delete_identity_pool", "get_identity_pool_roles", "get_id"],
)
def test_a_pool_that_does_not_exist_is_not_found(bare: App, operation: str) -> None:
    refused = error_of(getattr(bare.identity, operation), IdentityPoolId=UNKNOWN)
    assert refused == ("ResourceNotFoundException", f"IdentityPool '{UNKNOWN}' not found.")


def test_a_pool_is_not_found_in_another_region(bare: App) -> None:
    pool_id = bare.new_pool(AllowUnauthenticatedIdentities=True)
    elsewhere = boto3.client("cognito-identity", "eu-west-1")
    code, message = error_of(elsewhere.get_id, IdentityPoolId=pool_id)
    assert (code, message) == ("ResourceNotFoundException", f"IdentityPool '{pool_id}' not found.")
    assert error_of(elsewhere.describe_identity_pool, IdentityPoolId=pool_id)[0] == code


def test_a_pool_is_not_found_under_another_account(bare: App) -> None:
    pool_id = bare.new_pool(AllowUnauthenticatedIdentities=True)
    refused = error_of(bare.identity.get_id, IdentityPoolId=pool_id, AccountId="999999999999")
    assert refused[0] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "provider",
    [
        {"ProviderName": "us-east-1_AbCdEf123", "ClientId": "c"},
        {
            "ProviderName": "cognito-idp.us-east-1.amazonaws.com/eu-west-1_AbCdEf123",
            "ClientId": "c",
        },
        {"ProviderName": "cognito-idp.us-east-1.example.com/us-east-1_AbCdEf123", "ClientId": "c"},
        {"ProviderName": "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEf123"},
        {"ClientId": "c"},
    ],
)
def test_a_provider_that_names_no_user_pool_is_refused(bare: App, provider: dict) -> None:
    settings = {"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": False}
    code, _ = error_of(
        bare.identity.create_identity_pool, CognitoIdentityProviders=[provider], **settings
    )
    assert code == "InvalidParameterException"


def test_the_name_of_a_developer_provider_stays(bare: App) -> None:
    pool_id = bare.new_pool(DeveloperProviderName="login.mine")
    settings = {"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": False}
    code, _ = error_of(
        bare.identity.update_identity_pool,
        IdentityPoolId=pool_id,
        DeveloperProviderName="login.yours",
        **settings,
    )
    assert code == "InvalidParameterException"
    bare.identity.update_identity_pool(IdentityPoolId=pool_id, **settings)
    described = bare.identity.describe_identity_pool(IdentityPoolId=pool_id)
    assert described["DeveloperProviderName"] == "login.mine"


def test_a_user_without_permission_makes_no_pool(bare: App) -> None:
    intern = bare.new_user_client(allowing("s3:*"))
    settings = {"IdentityPoolName": "app", "AllowUnauthenticatedIdentities": True}
    code, message = error_of(intern.create_identity_pool, **settings)
    assert code == "AccessDeniedException"
    assert "is not authorized to perform: cognito-identity:CreateIdentityPool" in message


def test_a_policy_may_ask_for_a_pools_tags(bare: App) -> None:
    pool_id = bare.new_pool(IdentityPoolTags={"team": "blue"})
    other = bare.new_pool(IdentityPoolTags={"team": "red"})
    blue = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
    policy = allowing("cognito-identity:*")
    policy["Statement"][0]["Condition"] = blue
    intern = bare.new_user_client(policy)
    assert error_of(intern.describe_identity_pool, IdentityPoolId=other)[0] == (
        "AccessDeniedException"
    )
    assert intern.describe_identity_pool(IdentityPoolId=pool_id)["IdentityPoolName"] == "app"


def test_every_operation_is_ours() -> None:
    """None falls through to moto, which would pretend."""
    model = botocore.session.get_session().get_service_model("cognito-identity")
    assert set(identity_pools.OPERATIONS) == set(model.operation_names)


def test_a_pool_is_described_as_it_was_made(bare: App) -> None:
    settings = {
        "IdentityPoolName": "my app",
        "AllowUnauthenticatedIdentities": True,
        "AllowClassicFlow": True,
        "SupportedLoginProviders": {"accounts.google.com": "client.google"},
        "IdentityPoolTags": {"team": "blue"},
        **bare.accept(ServerSideTokenCheck=True),
    }
    made = bare.identity.create_identity_pool(**settings)
    assert made["IdentityPoolId"].startswith("us-east-1:")
    described = bare.identity.describe_identity_pool(IdentityPoolId=made["IdentityPoolId"])
    del made["ResponseMetadata"], described["ResponseMetadata"]
    assert made == described == settings | {"IdentityPoolId": made["IdentityPoolId"]}


def test_an_update_replaces_every_setting(bare: App) -> None:
    pool_id = bare.new_pool(AllowClassicFlow=True, **bare.accept())
    bare.identity.update_identity_pool(
        IdentityPoolId=pool_id, IdentityPoolName="renamed", AllowUnauthenticatedIdentities=True
    )
    described = bare.identity.describe_identity_pool(IdentityPoolId=pool_id)
    del described["ResponseMetadata"]
    assert described == {
        "IdentityPoolId": pool_id,
        "IdentityPoolName": "renamed",
        "AllowUnauthenticatedIdentities": True,
    }


def test_pools_are_listed_in_pages(bare: App) -> None:
    made = [bare.new_pool() for _ in range(5)]
    pages = bare.identity.get_paginator("list_identity_pools").paginate(MaxResults=2)
    listed = [pool["IdentityPoolId"] for page in pages for pool in page["IdentityPools"]]
    assert listed == made


@pytest.mark.parametrize("token", ["x", "-1", "1e9", "٣", "99999999999999999999"])
def test_a_made_up_page_token_is_refused(bare: App, token: str) -> None:
    code, _ = error_of(bare.identity.list_identity_pools, MaxResults=2, NextToken=token)
    assert code == "InvalidParameterException"


def test_a_deleted_pool_takes_its_identities_along(bare: App) -> None:
    pool_id = bare.new_pool(AllowUnauthenticatedIdentities=True)
    guest = bare.get_id(pool_id=pool_id)
    bare.identity.delete_identity_pool(IdentityPoolId=pool_id)
    assert error_of(bare.credentials, identity_id=guest) == (
        "ResourceNotFoundException",
        f"Identity '{guest}' not found.",
    )
    assert bare.identity.list_identity_pools(MaxResults=10)["IdentityPools"] == []


def test_ids_are_the_same_on_every_run(bare: App) -> None:
    first = bare.new_pool()
    lab.stop()
    again = App(lab.start())
    assert again.new_pool() == first
