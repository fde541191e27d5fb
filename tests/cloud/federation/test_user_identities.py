"""A federated user's `identities`, and the group that each provider has."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.cloud.federation.brands import (
    Federation,
    MakeFederation,
    username,
)


def test_the_entity_id_of_a_directory_is_the_identitys_issuer(family: Federation) -> None:
    family.add("openid")
    family.enter("u1", session={"issuer": "https://idp.example.com/metadata"})
    (identity,) = json.loads(family.attributes("Partner_u1")["identities"])
    assert identity["issuer"] == "https://idp.example.com/metadata"


def test_nobody_writes_the_identities_attribute(family: Federation) -> None:
    family.add("openid")
    family.enter("u1")
    with pytest.raises(ClientError) as caught:
        family.idp.admin_update_user_attributes(
            UserPoolId=family.pool_id,
            Username="Partner_u1",
            UserAttributes=[{"Name": "identities", "Value": "[]"}],
        )
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
    with pytest.raises(ClientError):
        family.idp.admin_delete_user_attributes(
            UserPoolId=family.pool_id, Username="Partner_u1", UserAttributeNames=["identities"]
        )


def test_identities_are_shown_whatever_the_client_may_read(
    make_federation: MakeFederation,
) -> None:
    family = make_federation({"ReadAttributes": ["email"]})
    family.add("google")
    tokens = family.tokens("google", scope="openid aws.cognito.signin.user.admin")
    shown = family.idp.get_user(AccessToken=tokens["access_token"])["UserAttributes"]
    assert {a["Name"] for a in shown} == {"sub", "email", "identities"}


def test_a_local_user_has_no_identities(family: Federation) -> None:
    family.local_user("alice", email="alice@example.com")
    assert "identities" not in family.attributes("alice")


def test_the_providers_own_group_is_made_for_its_first_user(family: Federation) -> None:
    family.add("google")
    family.tokens("google")
    family.tokens("google", "bob")
    (group,) = family.idp.list_groups(UserPoolId=family.pool_id)["Groups"]
    assert group["GroupName"] == f"{family.pool_id}_Google"
    assert "RoleArn" not in group
    members = family.idp.list_users_in_group(
        UserPoolId=family.pool_id, GroupName=group["GroupName"]
    )["Users"]
    assert {m["Username"] for m in members} == {username("google"), username("google", "bob")}


def test_who_was_taken_out_of_the_group_stays_out(family: Federation) -> None:
    family.add("google")
    family.tokens("google")
    family.idp.admin_remove_user_from_group(
        UserPoolId=family.pool_id,
        Username=username("google"),
        GroupName=f"{family.pool_id}_Google",
    )
    assert "cognito:groups" not in family.claims("google")
