"""Attribute-based access: one role for all, and what each may reach hangs on a claim."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.client import BaseClient

from tests.cloud.identity_pools.app import REGION, App, error_of, trust
from tests.cloud.identity_pools.choosing import (
    BROKEN,
    add_attributes,
    describe,
    let_client,
    vend,
)
from tests.cloud.identity_pools.test_principal_tags import WITH_TAGS

TEAM = "${aws:PrincipalTag/team}"
TABLE = "notes"


def policy() -> dict[str, Any]:
    """A team's folder, objects labelled for the team, and a team's items in the table."""
    statements = [
        {
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": f"arn:aws:s3:::teams/{TEAM}/*",
        },
        {
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::labelled/*",
            "Condition": {"StringEquals": {"s3:ExistingObjectTag/team": TEAM}},
        },
        {
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::teams",
            "Condition": {"StringLike": {"s3:prefix": f"{TEAM}/*"}},
        },
        {
            "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
            "Resource": f"arn:aws:dynamodb:{REGION}:123456789012:table/{TABLE}",
            "Condition": {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [TEAM]}},
        },
    ]
    allowed = [{"Effect": "Allow", **one} for one in statements]
    return {"Version": "2012-10-17", "Statement": allowed}


@pytest.fixture
def teams(app: App) -> App:
    """Objects and items of the teams red and blue, and the claim custom:team as a tag."""
    s3, dynamodb = boto3.client("s3", REGION), boto3.client("dynamodb", REGION)
    for bucket in ("teams", "labelled"):
        s3.create_bucket(Bucket=bucket)
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "team", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "team", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for team in ("red", "blue"):
        s3.put_object(Bucket="teams", Key=f"{team}/plan", Body=team.encode())
        s3.put_object(Bucket="labelled", Key=team, Body=b"x", Tagging=f"team={team}")
        dynamodb.put_item(TableName=TABLE, Item={"team": {"S": team}})
    add_attributes(app, "team")
    role = app.new_role(
        "everybody", trust(app.pool_id, "authenticated", Action=WITH_TAGS), policy()
    )
    app.identity.set_identity_pool_roles(IdentityPoolId=app.pool_id, Roles={"authenticated": role})
    app.identity.set_principal_tag_attribute_map(
        IdentityPoolId=app.pool_id,
        IdentityProviderName=app.provider,
        PrincipalTags={"team": "custom:team"},
    )
    return app


def opened(app: App, team: str) -> list[str]:
    """What alice reaches of the team's things."""
    given = vend(app, app.logins("alice"))
    s3, dynamodb = app.client("s3", given), app.client("dynamodb", given)
    attempts = {
        "folder": (s3.get_object, {"Bucket": "teams", "Key": f"{team}/plan"}),
        "listing": (s3.list_objects_v2, {"Bucket": "teams", "Prefix": f"{team}/"}),
        "label": (s3.get_object, {"Bucket": "labelled", "Key": team}),
        "item": (dynamodb.get_item, {"TableName": TABLE, "Key": {"team": {"S": team}}}),
    }
    return [name for name, (act, asked) in attempts.items() if may(s3, act, asked)]


def may(client: BaseClient, act: Any, asked: dict[str, Any]) -> bool:
    try:
        act(**asked)
    except client.exceptions.ClientError as refused:
        assert refused.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
        return False
    return True


EVERYTHING = ["folder", "listing", "label", "item"]


def test_a_user_without_the_tag_reaches_nothing(teams: App) -> None:
    assert (opened(teams, "red"), opened(teams, "blue")) == ([], [])


def test_a_user_reaches_what_is_his_teams(teams: App) -> None:
    describe(teams, "alice", team="red")
    assert (opened(teams, "red"), opened(teams, "blue")) == (EVERYTHING, [])
    describe(teams, "alice", team="blue")
    assert (opened(teams, "red"), opened(teams, "blue")) == ([], EVERYTHING)


def test_the_session_keeps_its_tags_whatever_becomes_of_the_user(teams: App) -> None:
    describe(teams, "alice", team="red")
    s3 = teams.client("s3", vend(teams, teams.logins("alice")))
    describe(teams, "alice", team="blue")
    assert s3.get_object(Bucket="teams", Key="red/plan")["Body"].read() == b"red"
    assert error_of(s3.get_object, Bucket="teams", Key="blue/plan")[0] == "AccessDenied"


@pytest.mark.parametrize(
    "team", ["*", "?ed", "r*", "${aws:PrincipalTag/team}", "${aws:username}", "red\u0000", "${*}"]
)
def test_a_wildcard_or_a_variable_makes_no_tag(teams: App, team: str) -> None:
    describe(teams, "alice", team=team)
    assert error_of(vend, app=teams, logins=teams.logins("alice")) == BROKEN


@pytest.mark.parametrize("team", ["", ".", "..", "red/..", "/", "red/plan", "Red", " red", "re"])
def test_a_value_opens_what_is_spelled_like_it_and_nothing_else(teams: App, team: str) -> None:
    describe(teams, "alice", team=team)
    assert (opened(teams, "red"), opened(teams, "blue")) == ([], [])


def test_a_path_in_the_value_leads_below_and_never_beside(teams: App) -> None:
    boto3.client("s3", REGION).put_object(Bucket="teams", Key="red/plan/draft", Body=b"x")
    describe(teams, "alice", team="red/plan")
    s3 = teams.client("s3", vend(teams, teams.logins("alice")))
    assert s3.get_object(Bucket="teams", Key="red/plan/draft")["Body"].read() == b"x"
    assert error_of(s3.get_object, Bucket="teams", Key="red/plan")[0] == "AccessDenied"


def test_a_tag_that_users_write_themselves_opens_every_team(teams: App) -> None:
    """The attack, and the repair: an app client that may not write the attribute."""
    mine = [{"Name": "custom:team", "Value": "blue"}]
    token = teams.tokens("alice")["AccessToken"]
    describe(teams, "alice", team="red")
    teams.idp.update_user_attributes(AccessToken=token, UserAttributes=mine)
    assert opened(teams, "blue") == EVERYTHING
    describe(teams, "alice", team="red")
    let_client(teams, ReadAttributes=["custom:team"], WriteAttributes=["name"])
    write = {"AccessToken": token, "UserAttributes": mine}
    assert error_of(teams.idp.update_user_attributes, **write)[0] == "NotAuthorizedException"
    assert (opened(teams, "red"), opened(teams, "blue")) == (EVERYTHING, [])
