"""Roles that rules about claims choose: mapping type Rules."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.identity_pools.app import App, error_of
from tests.cloud.identity_pools.choosing import (
    DENIED,
    add_attributes,
    by_rules,
    denied,
    describe,
    join,
    let_client,
    map_roles,
    new_role,
    role_of,
    rule,
    vend,
)


@pytest.fixture
def roles(app: App) -> dict[str, str]:
    add_attributes(app, "dept", "level")
    return {name: new_role(app, name) for name in ("sales", "legal", "managers")}


DEPARTMENT = "custom:dept"


@pytest.mark.parametrize(
    ("match", "value", "fits", "misses"),
    [
        ("Equals", "Sales", ["Sales"], ["sales", "Sales ", "Sales East", "*", "Sal"]),
        ("NotEqual", "Sales", ["sales", "Legal"], ["Sales"]),
        ("StartsWith", "Sales", ["Sales", "Sales East"], ["East Sales", "sales", "Sal"]),
        ("Contains", "Sales", ["Sales", "East Sales", "PreSalesTeam"], ["sales", "Sale"]),
        ("Equals", "*", ["*"], ["Sales"]),
        ("StartsWith", "S*", ["S*les"], ["Sales"]),
    ],
)
def test_a_claim_is_compared_letter_by_letter(
    app: App,
    roles: dict[str, str],
    match: str,
    value: str,
    fits: list[str],
    misses: list[str],
) -> None:
    map_roles(app, by_rules(rule(DEPARTMENT, match, value, roles["sales"])))
    for text in misses:
        describe(app, "alice", dept=text)
        assert error_of(vend, app=app, logins=app.logins("alice")) == denied(app), text
    for text in fits:
        describe(app, "alice", dept=text)
        assert role_of(app, app.logins("alice")) == "sales", text


@pytest.mark.parametrize("match", ["Equals", "NotEqual", "StartsWith", "Contains"])
def test_a_missing_claim_matches_nothing_not_even_notequal(
    app: App, roles: dict[str, str], match: str
) -> None:
    only = rule(DEPARTMENT, match, "Sales", roles["sales"])
    map_roles(app, by_rules(only, otherwise="AuthenticatedRole"))
    assert role_of(app, app.logins("alice")) == "app-user"
    map_roles(app, by_rules(only, otherwise="Deny"))
    assert error_of(vend, app=app, logins=app.logins("alice")) == denied(app)


def test_the_first_rule_that_matches_wins(app: App, roles: dict[str, str]) -> None:
    describe(app, "alice", dept="Sales", level="lead")
    sales = rule(DEPARTMENT, "Equals", "Sales", roles["sales"])
    leads = rule("custom:level", "Equals", "lead", roles["managers"])
    map_roles(app, by_rules(sales, leads))
    assert role_of(app, app.logins("alice")) == "sales"
    map_roles(app, by_rules(leads, sales))
    assert role_of(app, app.logins("alice")) == "managers"


class TestTheRoleAskedFor:
    @pytest.fixture(autouse=True)
    def rules(self, app: App, roles: dict[str, str]) -> None:
        describe(app, "alice", dept="Sales", level="lead")
        map_roles(
            app,
            by_rules(
                rule(DEPARTMENT, "Equals", "Sales", roles["sales"]),
                rule("custom:level", "Equals", "lead", roles["managers"]),
                rule(DEPARTMENT, "Equals", "Legal", roles["legal"]),
                otherwise="AuthenticatedRole",
            ),
        )

    def test_must_be_that_of_a_rule_that_matches(self, app: App, roles: dict[str, str]) -> None:
        asked = {"logins": app.logins("alice"), "CustomRoleArn": roles["legal"]}
        refused = DENIED, f"Access to Role '{roles['legal']}' is forbidden."
        assert error_of(vend, app=app, **asked) == refused
        bobs = {"logins": app.logins("bob"), "CustomRoleArn": roles["sales"]}
        assert error_of(vend, app=app, **bobs)[0] == DENIED

    def test_overrides_the_order_of_the_rules(self, app: App, roles: dict[str, str]) -> None:
        logins = app.logins("alice")
        assert role_of(app, logins) == "sales"
        assert role_of(app, logins, CustomRoleArn=roles["managers"]) == "managers"


class TestAClaimWithSeveralValues:
    """cognito:groups is a list."""

    @pytest.fixture(autouse=True)
    def groups(self, app: App, roles: dict[str, str]) -> None:
        join(app, "alice", "sales")
        join(app, "alice", "staff")
        join(app, "bob", "presales")

    @pytest.mark.parametrize("match", ["Equals", "StartsWith"])
    def test_fits_only_as_a_whole(self, app: App, roles: dict[str, str], match: str) -> None:
        map_roles(app, by_rules(rule("cognito:groups", match, "sales", roles["sales"])))
        assert error_of(vend, app=app, logins=app.logins("alice")) == denied(app)

    def test_is_not_unequal_to_one_of_its_values(self, app: App, roles: dict[str, str]) -> None:
        map_roles(app, by_rules(rule("cognito:groups", "NotEqual", "sales", roles["legal"])))
        assert error_of(vend, app=app, logins=app.logins("alice")) == denied(app)
        assert role_of(app, app.logins("bob")) == "legal"

    def test_contains_each_value_and_also_parts_of_them(
        self, app: App, roles: dict[str, str]
    ) -> None:
        """A slip: bob is in presales, and gets the role for sales."""
        map_roles(app, by_rules(rule("cognito:groups", "Contains", "sales", roles["sales"])))
        assert role_of(app, app.logins("alice")) == "sales"
        assert role_of(app, app.logins("bob")) == "sales"


@pytest.mark.parametrize(("verified", "role"), [("true", "sales"), ("false", "app-user")])
def test_a_claim_that_is_true_or_false_is_compared_as_a_word(
    app: App, roles: dict[str, str], verified: str, role: str
) -> None:
    email = {"email": "alice@example.com", "email_verified": verified}
    app.idp.admin_update_user_attributes(
        UserPoolId=app.user_pool_id,
        Username="alice",
        UserAttributes=[{"Name": name, "Value": value} for name, value in email.items()],
    )
    only = rule("email_verified", "Equals", "true", roles["sales"])
    map_roles(app, by_rules(only, otherwise="AuthenticatedRole"))
    assert role_of(app, app.logins("alice")) == role


class TestAClaimThatUsersWriteThemselves:
    """The attack: a rule that rests on it gives its role to everybody."""

    def promote(self, app: App, name: str) -> None:
        mine = [{"Name": DEPARTMENT, "Value": "Managers"}]
        app.idp.update_user_attributes(
            AccessToken=app.tokens(name)["AccessToken"], UserAttributes=mine
        )

    @pytest.fixture(autouse=True)
    def managers(self, app: App, roles: dict[str, str]) -> None:
        only = rule(DEPARTMENT, "Equals", "Managers", roles["managers"])
        map_roles(app, by_rules(only, otherwise="AuthenticatedRole"))

    def test_opens_the_role(self, app: App) -> None:
        assert role_of(app, app.logins("alice")) == "app-user"
        self.promote(app, "alice")
        assert role_of(app, app.logins("alice")) == "managers"

    def test_opens_nothing_when_the_app_client_may_not_write_it(self, app: App) -> None:
        let_client(app, ReadAttributes=[DEPARTMENT], WriteAttributes=["name"])
        code, _ = error_of(self.promote, app=app, name="alice")
        assert code == "NotAuthorizedException"
        assert role_of(app, app.logins("alice")) == "app-user"
        describe(app, "alice", dept="Managers")
        assert role_of(app, app.logins("alice")) == "managers"


class TestSeveralLogins:
    """A user of two app clients' user pools at once; each has a mapping of its own."""

    @pytest.fixture
    def both(self, app: App) -> Any:
        other = app.with_another_user_pool()
        return other, app.logins("alice") | other.logins("alice")

    def mappings(self, app: App, other: App, mine: str, theirs: str) -> dict[str, Any]:
        everybody = [rule("token_use", "Equals", "id", role) for role in (mine, theirs)]
        return {
            f"{app.provider}:{app.client_id}": by_rules(everybody[0]),
            f"{other.provider}:{other.client_id}": by_rules(everybody[1]),
        }

    def test_that_lead_to_two_roles_are_denied(
        self, app: App, roles: dict[str, str], both: Any
    ) -> None:
        other, logins = both
        app.identity.set_identity_pool_roles(
            IdentityPoolId=app.pool_id,
            Roles={},
            RoleMappings=self.mappings(app, other, roles["sales"], roles["legal"]),
        )
        code, message = error_of(vend, app=app, logins=logins)
        assert (code, "ambiguous role mapping" in message) == (DENIED, True)
        asked = {"logins": logins, "CustomRoleArn": roles["sales"]}
        assert error_of(vend, app=app, **asked)[0] == DENIED
        assert role_of(app, app.logins("alice")) == "sales"

    def test_that_agree_get_their_role(self, app: App, roles: dict[str, str], both: Any) -> None:
        other, logins = both
        app.identity.set_identity_pool_roles(
            IdentityPoolId=app.pool_id,
            Roles={},
            RoleMappings=self.mappings(app, other, roles["sales"], roles["sales"]),
        )
        assert role_of(app, logins) == "sales"

    def test_of_which_one_has_a_mapping_get_its_role(
        self, app: App, roles: dict[str, str], both: Any
    ) -> None:
        _, logins = both
        map_roles(app, by_rules(rule("token_use", "Equals", "id", roles["legal"])))
        assert role_of(app, logins) == "legal"
