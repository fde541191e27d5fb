"""What SetIdentityPoolRoles accepts as RoleMappings."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.cloud.identity_pools.app import REGION, App, allowing, error_of
from tests.cloud.identity_pools.choosing import by_rules, by_token, key_of, rule

ROLE = "arn:aws:iam::123456789012:role/app-user"
INVALID = "InvalidParameterException"
ADMINS = rule("cognito:groups", "Contains", "admins", ROLE)


def refused(app: App, mappings: dict[str, Any]) -> tuple[str, str]:
    """The refusal of these mappings, after which nothing has changed."""
    before = app.identity.get_identity_pool_roles(IdentityPoolId=app.pool_id)
    roles = {"authenticated": ROLE}
    unchecked = Config(parameter_validation=False)
    refusal = error_of(
        boto3.client("cognito-identity", REGION, config=unchecked).set_identity_pool_roles,
        IdentityPoolId=app.pool_id,
        Roles=roles,
        RoleMappings=mappings,
    )
    after = app.identity.get_identity_pool_roles(IdentityPoolId=app.pool_id)
    assert (after["Roles"], after.get("RoleMappings")) == (before["Roles"], None)
    return refusal


@pytest.mark.parametrize(
    "name",
    [
        "POOL",
        "https://POOL:CLIENT",
        "POOL:another-client",
        "cognito-idp.us-east-1.amazonaws.com/us-east-1_other:CLIENT",
        "graph.facebook.com",
        "arn:aws:iam::123456789012:saml-provider/corp",
        "cognito-identity.amazonaws.com",
        "x",
        "*",
        "\ud800",
    ],
)
def test_a_mapping_is_for_a_provider_of_the_pool(app: App, name: str) -> None:
    provider = name.replace("POOL", app.provider).replace("CLIENT", app.client_id)
    fault = "is not a valid RoleMapping ProviderName or is not a configured provider."
    assert refused(app, {provider: by_token()}) == (INVALID, f"({provider}) {fault}")


@pytest.mark.parametrize("kind", ["Token", "Rules"])
def test_what_to_do_in_doubt_must_be_said(app: App, kind: str) -> None:
    mapping = {"Type": kind, "RulesConfiguration": {"Rules": [ADMINS]}}
    code, message = refused(app, {key_of(app): mapping})
    assert (code, "AmbiguousRoleResolution is required" in message) == (INVALID, True)


def test_rules_need_rules_and_tokens_have_none(app: App) -> None:
    without = {"Type": "Rules", "AmbiguousRoleResolution": "Deny"}
    assert refused(app, {key_of(app): without})[0] == INVALID
    with_rules = by_rules(ADMINS) | {"Type": "Token"}
    assert refused(app, {key_of(app): with_rules})[0] == INVALID


def test_a_provider_has_at_most_25_rules(app: App) -> None:
    text = "The number of rules in the request exceeded 25."
    assert refused(app, {key_of(app): by_rules(*[ADMINS] * 26)}) == (INVALID, text)


@pytest.mark.parametrize(
    "arn",
    ["arn:aws:iam::123456789012:user/alice", "arn:aws:iam::123456789012:role/", "\ud800" * 20],
)
def test_a_rule_names_a_role(app: App, arn: str) -> None:
    mapping = by_rules(ADMINS, rule("sub", "Equals", "1", arn))
    assert refused(app, {key_of(app): mapping})[0] == INVALID


def test_a_rule_names_no_role_of_another_account(app: App) -> None:
    theirs = rule("sub", "Equals", "1", ROLE.replace("123456789012", "999999999999"))
    assert refused(app, {key_of(app): by_rules(theirs)})[0] == "AccessDeniedException"


@pytest.mark.parametrize(
    "wrong",
    [
        {"Type": "Groups"},
        {"AmbiguousRoleResolution": "Allow"},
        {"RulesConfiguration": {"Rules": []}},
        {"RulesConfiguration": {"Rules": [ADMINS | {"MatchType": "Like"}]}},
        {"RulesConfiguration": {"Rules": [ADMINS | {"Claim": "c" * 65}]}},
        {"RulesConfiguration": {"Rules": [ADMINS | {"Value": "v" * 129}]}},
    ],
)
def test_the_members_are_those_of_the_model(app: App, wrong: dict[str, Any]) -> None:
    assert refused(app, {key_of(app): by_rules(ADMINS) | wrong})[0] == "ValidationException"


def test_nobody_writes_a_rule_for_a_role_he_may_not_pass(app: App) -> None:
    """Else whoever may set a pool's roles writes himself a rule that leads to any role."""
    own = allowing("cognito-identity:*")
    own["Statement"] += allowing("iam:PassRole", resource=ROLE)["Statement"]
    intern = app.new_user_client(own)
    admin = ROLE.replace("app-user", "admin")
    code, message = error_of(
        intern.set_identity_pool_roles,
        IdentityPoolId=app.pool_id,
        Roles={"authenticated": ROLE},
        RoleMappings={key_of(app): by_rules(rule("sub", "NotEqual", "1", admin))},
    )
    assert code == "AccessDeniedException"
    assert f"is not authorized to perform: iam:PassRole on resource: {admin}" in message
    intern.set_identity_pool_roles(
        IdentityPoolId=app.pool_id,
        Roles={"authenticated": ROLE},
        RoleMappings={key_of(app): by_rules(ADMINS)},
    )


def test_mappings_are_answered_as_they_were_set_and_gone_when_left_out(app: App) -> None:
    mappings = {key_of(app): by_rules(*[ADMINS] * 25, otherwise="AuthenticatedRole")}
    ours = {"IdentityPoolId": app.pool_id, "Roles": {"authenticated": ROLE}}
    app.identity.set_identity_pool_roles(**ours, RoleMappings=mappings)
    answer = app.identity.get_identity_pool_roles(IdentityPoolId=app.pool_id)
    assert (answer["Roles"], answer["RoleMappings"]) == (ours["Roles"], mappings)
    app.identity.set_identity_pool_roles(**ours)
    answer = app.identity.get_identity_pool_roles(IdentityPoolId=app.pool_id)
    assert "RoleMappings" not in answer


def test_every_kind_of_provider_has_its_name(app: App) -> None:
    saml = "arn:aws:iam::123456789012:saml-provider/corp"
    oidc = "arn:aws:iam::123456789012:oidc-provider/idp.example"
    iam_keeps = {"SamlProviderARNs": [saml], "OpenIdConnectProviderARNs": [oidc]}
    social = {"SupportedLoginProviders": {"graph.facebook.com": "123456789012345"}}
    app.identity.update_identity_pool(
        IdentityPoolId=app.pool_id,
        IdentityPoolName="app",
        AllowUnauthenticatedIdentities=False,
        **app.accept(),
        **iam_keeps,
        **social,
    )
    names = [key_of(app), saml, oidc, "graph.facebook.com"]
    mappings = {name: by_rules(ADMINS) for name in names}
    ours = {"IdentityPoolId": app.pool_id, "Roles": {"authenticated": ROLE}}
    app.identity.set_identity_pool_roles(**ours, RoleMappings=mappings)
    answer = app.identity.get_identity_pool_roles(IdentityPoolId=app.pool_id)
    assert answer["RoleMappings"] == mappings
