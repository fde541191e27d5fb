"""Roles that a company directory names in its assertion, and rules about its attributes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from helpers import lab
from tests.cloud.accounts import Company
from tests.cloud.aws_saml.directory import NAMES, PROVIDER, Directory, posted
from tests.cloud.identity_pools.app import App, allowing, error_of, trust
from tests.cloud.identity_pools.choosing import (
    BROKEN,
    DENIED,
    by_rules,
    by_token,
    map_roles,
    new_role,
    role_of,
    rule,
    vend,
)
from tests.cloud.identity_pools.test_principal_tags import WITH_TAGS

ROLE = "arn:aws:iam::123456789012:role/"
AMBIGUOUS = (DENIED, f"The ambiguous role mapping rules for: {PROVIDER} denied this request.")


@pytest.fixture
def bare(cloud: lab.Cloud, directory: Directory) -> App:
    """A pool for the people of the directory, whose authenticated role is "usual"."""
    made = App(cloud)
    made.pool_id = made.new_pool(SamlProviderARNs=[PROVIDER])
    roles = {name: new_role(made, name) for name in ("usual", "engineer", "manager")}
    made.identity.set_identity_pool_roles(
        IdentityPoolId=made.pool_id, Roles={"authenticated": roles["usual"]}
    )
    return made


def login(directory: Directory, *pairs: str, **attributes: Sequence[str]) -> dict[str, str]:
    """Alice's login, whose assertion offers these pairs of role and provider."""
    said = {f"{NAMES}Role": pairs, **attributes}
    without = () if pairs else ("Role",)
    return {PROVIDER: posted(directory.response(said, without=without))}


ENGINEER, MANAGER = (f"{ROLE}{name},{PROVIDER}" for name in ("engineer", "manager"))


def test_several_roles_need_a_choice(bare: App, directory: Directory) -> None:
    both = login(directory, ENGINEER, MANAGER)
    assert error_of(vend, app=bare, logins=both) == AMBIGUOUS
    assert role_of(bare, both, CustomRoleArn=f"{ROLE}manager") == "manager"
    assert role_of(bare, both, CustomRoleArn=f"{ROLE}engineer") == "engineer"


def test_a_role_that_is_not_in_the_assertion_cannot_be_asked_for(
    bare: App, directory: Directory
) -> None:
    logins = login(directory, ENGINEER)
    for role in ("manager", "usual", "nobody"):
        refused = error_of(vend, app=bare, logins=logins, CustomRoleArn=f"{ROLE}{role}")
        assert refused == (DENIED, f"Access to Role '{ROLE}{role}' is forbidden.")


@pytest.mark.parametrize(
    "offered",
    [
        f"{ROLE}manager,{PROVIDER[:-7]}Another",
        f"{ROLE}manager",
        f"{ROLE}manager,{PROVIDER},{PROVIDER}",
        f"{ROLE}manager;{PROVIDER}",
        f"{ROLE}manager,",
    ],
)
def test_a_pair_with_another_provider_or_none_offers_nothing(
    bare: App, directory: Directory, offered: str
) -> None:
    logins = login(directory, offered)
    assert role_of(bare, logins) == "usual"
    assert error_of(vend, app=bare, logins=logins, CustomRoleArn=f"{ROLE}manager")[0] == DENIED


def test_a_role_must_trust_the_pool(bare: App, directory: Directory) -> None:
    elsewhere = trust("us-east-1:00000000-0000-4000-8000-000000000000", "authenticated")
    bare.new_role("theirs", elsewhere, allowing("*"))
    logins = login(directory, f"{ROLE}theirs,{PROVIDER}")
    assert error_of(vend, app=bare, logins=logins) == BROKEN


def test_a_role_of_another_account_is_none_of_the_pool_s(bare: App, directory: Directory) -> None:
    """Not even one that lets the pool's users in: the pool's owner could not pass it."""
    theirs = Company().new_account("shop").new_role("theirs", trust(bare.pool_id, "authenticated"))
    logins = login(directory, f"{theirs},{PROVIDER}")
    assert error_of(vend, app=bare, logins=logins) == BROKEN
    assert error_of(vend, app=bare, logins=logins, CustomRoleArn=theirs) == BROKEN


def test_one_role_is_taken_in_either_order(bare: App, directory: Directory) -> None:
    assert role_of(bare, login(directory, ENGINEER)) == "engineer"
    assert role_of(bare, login(directory, f"{PROVIDER}, {ROLE}manager")) == "manager"
    assert role_of(bare, login(directory, ENGINEER, ENGINEER)) == "engineer"


def test_without_a_role_it_is_that_of_the_pool(bare: App, directory: Directory) -> None:
    assert role_of(bare, login(directory)) == "usual"


def test_type_token_says_what_to_do_with_several(bare: App, directory: Directory) -> None:
    both = login(directory, ENGINEER, MANAGER)
    map_roles(bare, by_token("AuthenticatedRole"), PROVIDER)
    assert role_of(bare, both) == "usual"
    assert role_of(bare, login(directory, ENGINEER)) == "engineer"
    map_roles(bare, by_token("Deny"), PROVIDER)
    assert error_of(vend, app=bare, logins=both) == AMBIGUOUS
    assert error_of(vend, app=bare, logins=login(directory)) == AMBIGUOUS
    assert role_of(bare, both, CustomRoleArn=f"{ROLE}manager") == "manager"


def test_rules_see_the_attributes_and_not_the_roles_of_the_assertion(
    bare: App, directory: Directory
) -> None:
    leads = rule("title", "Equals", "lead", f"{ROLE}manager")
    map_roles(bare, by_rules(leads), PROVIDER)
    lead = login(directory, ENGINEER, title=["lead"])
    assert role_of(bare, lead) == "manager"
    assert error_of(vend, app=bare, logins=lead, CustomRoleArn=f"{ROLE}engineer")[0] == DENIED
    for title in (["leader"], ["lead", "cook"], []):
        other = login(directory, ENGINEER, title=title)
        assert error_of(vend, app=bare, logins=other) == AMBIGUOUS


def test_attributes_become_tags(bare: App, directory: Directory) -> None:
    trusted = trust(bare.pool_id, "authenticated", Action=WITH_TAGS)
    trusted["Statement"][0]["Condition"]["StringEquals"]["aws:RequestTag/title"] = "lead"
    bare.new_role("leads", trusted, allowing("s3:*"))
    offered = f"{ROLE}leads,{PROVIDER}"
    bare.identity.set_principal_tag_attribute_map(
        IdentityPoolId=bare.pool_id, IdentityProviderName=PROVIDER, PrincipalTags={"title": "title"}
    )
    for title in (["cook"], ["lead", "cook"], ["*"], []):
        assert error_of(vend, app=bare, logins=login(directory, offered, title=title)) == BROKEN
    assert role_of(bare, login(directory, offered, title=["lead"])) == "leads"
