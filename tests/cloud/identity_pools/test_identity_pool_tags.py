"""The tags of an identity pool, and policies that ask for them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.identity_pools.app import REGION, App, allowing, error_of


def arn_of(app: App, account: str = "123456789012", region: str = REGION) -> str:
    return f"arn:aws:cognito-identity:{region}:{account}:identitypool/{app.pool_id}"


def calls(app: App, arn: str) -> list[tuple[Any, dict[str, Any]]]:
    """Every operation on tags, with the arguments for this resource."""
    return [
        (app.identity.tag_resource, {"ResourceArn": arn, "Tags": {"stage": "test"}}),
        (app.identity.untag_resource, {"ResourceArn": arn, "TagKeys": ["stage"]}),
        (app.identity.list_tags_for_resource, {"ResourceArn": arn}),
    ]


def tags_of(app: App) -> dict[str, str]:
    """The pool's tags; ListTagsForResource and DescribeIdentityPool must agree."""
    listed = app.identity.list_tags_for_resource(ResourceArn=arn_of(app))["Tags"]
    described = app.identity.describe_identity_pool(IdentityPoolId=app.pool_id)
    assert described.get("IdentityPoolTags", {}) == listed
    return listed


@pytest.mark.parametrize(
    "arn",
    ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/x", "\ud800" * 20, "POOL/", "POOL\n"],
)
def test_a_pool_is_named_by_its_arn(app: App, arn: str) -> None:
    for act, arguments in calls(app, arn.replace("POOL", arn_of(app))):
        assert error_of(act, **arguments)[0] == "InvalidParameterException"


def test_other_pools_are_not_found(app: App) -> None:
    elsewhere = arn_of(app, region="eu-west-1")
    unknown = arn_of(app)[:-8] + "00000000"
    for arn in (elsewhere, unknown):
        for act, arguments in calls(app, arn):
            assert error_of(act, **arguments)[0] == "ResourceNotFoundException"


def test_another_accounts_pools_are_its_own(app: App) -> None:
    for act, arguments in calls(app, arn_of(app, "999999999999")):
        assert error_of(act, **arguments)[0] == "AccessDeniedException"


@pytest.mark.parametrize(
    "tags", [{"aws:stage": "x"}, {"AWS:stage": "x"}, {f"k{n}": "" for n in range(51)}]
)
def test_there_are_reserved_keys_and_a_limit(app: App, tags: dict[str, str]) -> None:
    code, _ = error_of(app.identity.tag_resource, ResourceArn=arn_of(app), Tags=tags)
    assert code == "InvalidParameterException"
    assert tags_of(app) == {}


def test_the_limit_is_one_of_the_pool_and_not_of_a_call(app: App) -> None:
    app.identity.tag_resource(ResourceArn=arn_of(app), Tags={f"k{n}": "" for n in range(50)})
    more = {"ResourceArn": arn_of(app), "Tags": {"another": ""}}
    assert error_of(app.identity.tag_resource, **more)[0] == "InvalidParameterException"
    app.identity.tag_resource(ResourceArn=arn_of(app), Tags={"k0": "changed"})
    assert len(tags_of(app)) == 50


def test_those_who_may_not_tag_are_refused(app: App) -> None:
    intern = app.new_user_client(allowing("cognito-identity:ListTagsForResource"))
    more = {"ResourceArn": arn_of(app), "Tags": {"stage": "test"}}
    code, message = error_of(intern.tag_resource, **more)
    assert code == "AccessDeniedException"
    assert f"cognito-identity:TagResource on resource: {arn_of(app)}" in message
    assert intern.list_tags_for_resource(ResourceArn=arn_of(app))["Tags"] == {}


def test_a_policy_may_ask_for_the_tags_of_a_pool(app: App) -> None:
    policy = allowing("cognito-identity:DescribeIdentityPool")
    policy["Statement"][0]["Condition"] = {"StringEquals": {"aws:ResourceTag/stage": "test"}}
    intern = app.new_user_client(policy)
    asked = {"IdentityPoolId": app.pool_id}
    assert error_of(intern.describe_identity_pool, **asked)[0] == "AccessDeniedException"
    app.identity.tag_resource(ResourceArn=arn_of(app), Tags={"stage": "test"})
    assert intern.describe_identity_pool(**asked)["IdentityPoolTags"] == {"stage": "test"}
    app.identity.untag_resource(ResourceArn=arn_of(app), TagKeys=["stage"])
    assert error_of(intern.describe_identity_pool, **asked)[0] == "AccessDeniedException"


def test_tags_are_added_changed_and_taken_off(app: App) -> None:
    app.identity.tag_resource(ResourceArn=arn_of(app), Tags={"stage": "test", "owner": "me"})
    app.identity.tag_resource(ResourceArn=arn_of(app), Tags={"stage": "live", "empty": ""})
    assert tags_of(app) == {"stage": "live", "owner": "me", "empty": ""}
    app.identity.untag_resource(ResourceArn=arn_of(app), TagKeys=["owner", "unknown"])
    assert tags_of(app) == {"stage": "live", "empty": ""}
