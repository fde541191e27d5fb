"""Roles and tags for the people of OpenID and social providers."""

from __future__ import annotations

import pytest

from helpers import lab, providers
from helpers.providers.brand import CLAIMS_OF_SCOPE
from tests.cloud.identity_pools.app import App, allowing, error_of, trust
from tests.cloud.identity_pools.choosing import (
    BROKEN,
    DENIED,
    by_rules,
    by_token,
    join,
    map_roles,
    new_role,
    role_of,
    rule,
    vend,
)
from tests.cloud.identity_pools.outside import NAMES, OPENID_ARN, accept, login, subject
from tests.cloud.identity_pools.test_principal_tags import WITH_TAGS


@pytest.fixture
def bare(cloud: lab.Cloud) -> App:
    return App(cloud)


def key_of(brand: str) -> str:
    """How role mappings and tag maps name the provider."""
    return OPENID_ARN if brand == "openid" else NAMES[brand]


@pytest.mark.parametrize("brand", ["google", "facebook", "amazon", "openid"])
def test_rules_see_the_claims_of_each_provider(bare: App, brand: str) -> None:
    registered = accept(bare, brand)[brand]
    roles = {name: new_role(bare, name) for name in ("special", "usual")}
    bare.identity.set_identity_pool_roles(
        IdentityPoolId=bare.pool_id, Roles={"authenticated": roles["usual"]}
    )
    for claim, value in (
        ("sub", subject(brand, "alice")),
        ("aud", registered.client_id),
    ):
        mine = rule(claim, "Equals", value, roles["special"])
        map_roles(bare, by_rules(mine), key_of(brand))
        assert role_of(bare, login(brand, registered)) == "special"
    for otherwise, role in (("AuthenticatedRole", "usual"), ("Deny", "")):
        nobodys = rule("sub", "Equals", "nobody", roles["special"])
        map_roles(bare, by_rules(nobodys, otherwise=otherwise), key_of(brand))
        if role:
            assert role_of(bare, login(brand, registered)) == role
        else:
            code, message = error_of(vend, app=bare, logins=login(brand, registered))
            assert (code, key_of(brand) in message) == (DENIED, True)


@pytest.mark.parametrize(
    ("brand", "issuer"),
    [("facebook", "graph.facebook.com"), ("amazon", "www.amazon.com")],
)
def test_access_tokens_have_the_claims_that_aws_lists(bare: App, brand: str, issuer: str) -> None:
    registered = accept(bare, brand)[brand]
    role = new_role(bare, "special")
    bare.identity.set_identity_pool_roles(IdentityPoolId=bare.pool_id, Roles={})
    map_roles(bare, by_rules(rule("iss", "Equals", issuer, role)), key_of(brand))
    assert role_of(bare, login(brand, registered)) == "special"


def test_a_stranger_names_no_role_in_cognitos_claims(
    bare: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cognito:roles are the word of a user pool; an outside provider may not speak for one."""
    registered = accept(bare, "openid")["openid"]
    admin, usual = new_role(bare, "admin"), new_role(bare, "usual")
    bare.identity.set_identity_pool_roles(
        IdentityPoolId=bare.pool_id, Roles={"authenticated": usual}
    )
    claims = {"cognito:preferred_role": admin, "cognito:roles": [admin]}
    monkeypatch.setitem(CLAIMS_OF_SCOPE, "profile", tuple(claims))
    providers.openid().change("alice", **claims)
    logins = login("openid", registered)
    map_roles(bare, by_rules(rule("cognito:preferred_role", "Equals", admin, admin)), OPENID_ARN)
    assert role_of(bare, logins) == "admin"
    map_roles(bare, by_token("AuthenticatedRole"), OPENID_ARN)
    assert role_of(bare, logins) == "usual"
    assert error_of(vend, app=bare, logins=logins, CustomRoleArn=admin)[0] == DENIED
    map_roles(bare, by_token("Deny"), OPENID_ARN)
    assert error_of(vend, app=bare, logins=logins)[0] == DENIED


def test_nor_does_a_user_pool_that_iam_keeps_as_an_openid_provider(app: App) -> None:
    """It may be another account's, whose owner would choose among the roles of this one."""
    made = app.iam.create_open_id_connect_provider(
        Url=f"https://{app.provider}", ClientIDList=[app.client_id]
    )
    arn = made["OpenIDConnectProviderArn"]
    app.pool_id = app.new_pool(OpenIdConnectProviderARNs=[arn])
    admin = new_role(app, "admin")
    join(app, "alice", "admins", admin)
    map_roles(app, by_token(), arn)
    logins = app.logins("alice")
    assert error_of(vend, app=app, logins=logins)[0] == DENIED
    assert error_of(vend, app=app, logins=logins, CustomRoleArn=admin)[0] == DENIED
    map_roles(app, by_rules(rule("cognito:groups", "Equals", "admins", admin)), arn)
    assert role_of(app, logins) == "admin"


@pytest.mark.parametrize("brand", ["google", "facebook", "openid"])
def test_the_default_tags_name_the_app_and_the_person(bare: App, brand: str) -> None:
    registered = accept(bare, brand)[brand]
    trusted = trust(bare.pool_id, "authenticated", Action=WITH_TAGS)
    asked = trusted["Statement"][0]["Condition"]["StringEquals"]
    asked["aws:RequestTag/username"] = subject(brand, "alice")
    asked["aws:RequestTag/client"] = registered.client_id
    role = bare.new_role("alice-only", trusted, allowing("s3:*"))
    bare.identity.set_identity_pool_roles(
        IdentityPoolId=bare.pool_id, Roles={"authenticated": role}
    )
    assert error_of(vend, app=bare, logins=login(brand, registered)) == BROKEN
    bare.identity.set_principal_tag_attribute_map(
        IdentityPoolId=bare.pool_id, IdentityProviderName=key_of(brand), UseDefaults=True
    )
    assert role_of(bare, login(brand, registered)) == "alice-only"
    bobs = login(brand, registered, "bob")
    assert error_of(vend, app=bare, logins=bobs) == BROKEN
