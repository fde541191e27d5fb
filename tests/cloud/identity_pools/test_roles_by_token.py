"""Roles that the user pool's groups name in the token: mapping type Token."""

from __future__ import annotations

import json

import jwt
import pytest

from tests.cloud.identity_pools.app import App, error_of, trust
from tests.cloud.identity_pools.choosing import (
    BROKEN,
    DENIED,
    by_token,
    denied,
    join,
    map_roles,
    new_role,
    role_of,
    vend,
)


@pytest.fixture
def roles(app: App) -> dict[str, str]:
    return {name: new_role(app, name) for name in ("admin", "editor", "reader")}


ODD = ("x" * 20, "\ud800" * 20, "*" * 20, "\u2028" * 2048)


def forbidden(role: str) -> tuple[str, str]:
    return DENIED, f"Access to Role '{role}' is forbidden."


class TestWithoutAMapping:
    def test_the_roles_of_groups_count_for_nothing(self, app: App, roles: dict[str, str]) -> None:
        """The slip that everybody makes once: groups have roles, and users do not get them."""
        join(app, "alice", "admins", roles["admin"])
        assert role_of(app, app.logins("alice")) == "app-user"

    def test_no_role_can_be_asked_for(self, app: App, roles: dict[str, str]) -> None:
        join(app, "alice", "admins", roles["admin"])
        asked = {"logins": app.logins("alice"), "CustomRoleArn": roles["admin"]}
        assert error_of(vend, app=app, **asked) == forbidden(roles["admin"])


class TestTwoGroupsThatFit:
    """No precedence, or the same: the token has no preferred role."""

    @pytest.fixture(autouse=True)
    def two(self, app: App, roles: dict[str, str]) -> None:
        join(app, "alice", "admins", roles["admin"])
        join(app, "alice", "editors", roles["editor"])

    def test_are_denied(self, app: App) -> None:
        map_roles(app, by_token("Deny"))
        assert error_of(vend, app=app, logins=app.logins("alice")) == denied(app)

    def test_or_get_the_pools_authenticated_role(self, app: App) -> None:
        map_roles(app, by_token("AuthenticatedRole"))
        assert role_of(app, app.logins("alice")) == "app-user"

    def test_unless_the_app_asks_for_one_of_them(self, app: App, roles: dict[str, str]) -> None:
        map_roles(app, by_token("Deny"))
        logins = app.logins("alice")
        assert role_of(app, logins, CustomRoleArn=roles["editor"]) == "editor"
        assert role_of(app, logins, CustomRoleArn=roles["admin"]) == "admin"

    @pytest.mark.parametrize("otherwise", ["Deny", "AuthenticatedRole"])
    def test_never_for_another_role(self, app: App, roles: dict[str, str], otherwise: str) -> None:
        map_roles(app, by_token(otherwise))
        own = app.identity.get_identity_pool_roles(IdentityPoolId=app.pool_id)["Roles"]
        for role in (roles["reader"], own["authenticated"], own["unauthenticated"], *ODD):
            asked = {"logins": app.logins("alice"), "CustomRoleArn": role}
            assert error_of(vend, app=app, **asked) == forbidden(role)


class TestThePreferredRole:
    @pytest.fixture(autouse=True)
    def three(self, app: App, roles: dict[str, str]) -> None:
        map_roles(app, by_token("Deny"))
        join(app, "alice", "readers", roles["reader"], 10)
        join(app, "alice", "editors", roles["editor"], 1)
        join(app, "alice", "noted")

    def test_is_that_of_the_foremost_group(self, app: App) -> None:
        assert role_of(app, app.logins("alice")) == "editor"

    def test_gives_way_to_the_role_asked_for(self, app: App, roles: dict[str, str]) -> None:
        asked = roles["reader"]
        assert role_of(app, app.logins("alice"), CustomRoleArn=asked) == "reader"

    def test_is_that_of_the_token_until_the_next_one(self, app: App) -> None:
        """Out of the group, but the token says otherwise until it ends."""
        before = app.logins("alice")
        app.idp.admin_remove_user_from_group(
            UserPoolId=app.user_pool_id, Username="alice", GroupName="editors"
        )
        assert role_of(app, before) == "editor"
        assert role_of(app, app.logins("alice")) == "reader"

    def test_must_trust_the_pool(self, app: App, roles: dict[str, str]) -> None:
        app.iam.update_assume_role_policy(
            RoleName="editor",
            PolicyDocument=json.dumps(trust(app.pool_id, "unauthenticated")),
        )
        assert error_of(vend, app=app, logins=app.logins("alice")) == BROKEN


class TestAUserWithoutARole:
    def test_is_denied(self, app: App) -> None:
        map_roles(app, by_token("Deny"))
        join(app, "alice", "noted")
        assert error_of(vend, app=app, logins=app.logins("alice")) == denied(app)
        assert error_of(vend, app=app, logins=app.logins("bob")) == denied(app)

    def test_or_gets_the_pools_authenticated_role(self, app: App) -> None:
        map_roles(app, by_token("AuthenticatedRole"))
        assert role_of(app, app.logins("bob")) == "app-user"

    def test_gets_nothing_where_the_pool_has_none(self, app: App) -> None:
        app.identity.set_identity_pool_roles(IdentityPoolId=app.pool_id, Roles={})
        map_roles(app, by_token("AuthenticatedRole"))
        assert error_of(vend, app=app, logins=app.logins("bob")) == BROKEN


class TestForgedRoles:
    def test_in_a_changed_token_are_worthless(self, app: App, roles: dict[str, str]) -> None:
        map_roles(app, by_token("AuthenticatedRole"))
        logins = app.logins("alice")
        header, _, signature = logins[app.provider].split(".")
        claims = jwt.decode(logins[app.provider], options={"verify_signature": False})
        claims["cognito:preferred_role"] = roles["admin"]
        forged = jwt.encode(claims, "guess" * 8).split(".")[1]
        bad = {app.provider: ".".join([header, forged, signature])}
        refused = error_of(app.credentials, identity_id=app.get_id(logins), logins=bad)
        assert refused == (DENIED, "Invalid login token. Token signature invalid.")

    def test_of_another_user_pool_are_worthless(self, app: App, roles: dict[str, str]) -> None:
        """Anybody can have a user pool of his own, with groups that name any role."""
        map_roles(app, by_token("AuthenticatedRole"))
        mine = App(app.cloud)
        mine.user_pool_id = mine.idp.create_user_pool(PoolName="mine")["UserPool"]["Id"]
        mine.client_id = mine.new_client()
        mine.new_user("mallory")
        join(mine, "mallory", "admins", roles["admin"])
        token = mine.tokens("mallory")["IdToken"]
        for provider in (app.provider, mine.provider):
            code, _ = error_of(app.get_id, logins={provider: token})
            assert code == DENIED

    def test_of_an_ended_token_are_worthless(self, app: App, roles: dict[str, str]) -> None:
        map_roles(app, by_token())
        join(app, "alice", "admins", roles["admin"])
        logins = app.logins("alice")
        identity_id = app.get_id(logins)
        app.cloud.clock.advance(hours=1)
        code, message = error_of(app.credentials, identity_id=identity_id, logins=logins)
        assert (code, "Token expired" in message) == (DENIED, True)

    def test_of_another_app_client_are_not_looked_at(self, app: App, roles: dict[str, str]) -> None:
        """A mapping is for one app client; another one's users get the pool's role."""
        map_roles(app, by_token())
        join(app, "alice", "admins", roles["admin"])
        other = app.new_client("other")
        one, two = (app.accept(id)["CognitoIdentityProviders"] for id in ("", other))
        app.identity.update_identity_pool(
            IdentityPoolId=app.pool_id,
            IdentityPoolName="app",
            AllowUnauthenticatedIdentities=True,
            CognitoIdentityProviders=one + two,
        )
        assert role_of(app, app.logins("alice")) == "admin"
        through_other = {app.provider: app.tokens("alice", other)["IdToken"]}
        assert role_of(app, through_other) == "app-user"


def test_a_guest_has_no_choice(app: App, roles: dict[str, str]) -> None:
    map_roles(app, by_token("AuthenticatedRole"))
    asked = {"IdentityId": app.get_id(), "CustomRoleArn": roles["reader"]}
    refused = error_of(app.identity.get_credentials_for_identity, **asked)
    assert refused == forbidden(roles["reader"])
    given = app.client("sts", app.credentials(app.get_id())).get_caller_identity()
    assert given["Arn"].split("/")[1] == "app-guest"
