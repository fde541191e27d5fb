"""Attributes for access control: which claims become tags, and who may have tags."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.identity_pools.app import App, allowing, error_of, trust
from tests.cloud.identity_pools.choosing import (
    BROKEN,
    add_attributes,
    describe,
    join,
    vend,
)

WITH_TAGS = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]
SAML = "arn:aws:iam::123456789012:saml-provider/corp"
OIDC = "arn:aws:iam::123456789012:oidc-provider/idp.example"


@pytest.fixture
def tagging(app: App) -> App:
    """alice and bob have a custom:team; the pool's role may be tagged."""
    add_attributes(app, "team", "level")
    use(app, trust(app.pool_id, "authenticated", Action=WITH_TAGS))
    return app


def use(app: App, trusted: dict[str, Any], policy: dict[str, Any] | None = None) -> None:
    """Give signed-in users a role with this trust policy."""
    name = f"tagged-{app.cloud.trace[-1].n}"
    role = app.new_role(name, trusted, policy or allowing("s3:*"))
    app.identity.set_identity_pool_roles(IdentityPoolId=app.pool_id, Roles={"authenticated": role})


def tag(app: App, **settings: Any) -> dict[str, Any]:
    """Set the tag map of the user pool, return the answer."""
    return app.identity.set_principal_tag_attribute_map(
        IdentityPoolId=app.pool_id, IdentityProviderName=app.provider, **settings
    )


def has_tag(app: App, logins: dict[str, str], name: str, value: str) -> bool:
    """Whether a session of these logins carries the tag, as a policy sees it."""
    policy = allowing("s3:ListAllMyBuckets")
    policy["Statement"][0]["Condition"] = {"StringEquals": {f"aws:PrincipalTag/{name}": value}}
    use(app, trust(app.pool_id, "authenticated", Action=WITH_TAGS), policy)
    s3 = app.client("s3", vend(app, logins))
    try:
        s3.list_buckets()
    except s3.exceptions.ClientError:
        return False
    return True


class TestTheMap:
    @pytest.mark.parametrize("name", ["POOL:CLIENT", "https://POOL", "graph.facebook.com", SAML])
    def test_is_for_a_provider_of_the_pool(self, app: App, name: str) -> None:
        provider = name.replace("POOL", app.provider).replace("CLIENT", app.client_id)
        named = {"IdentityPoolId": app.pool_id, "IdentityProviderName": provider}
        refused = error_of(app.identity.set_principal_tag_attribute_map, **named, UseDefaults=True)
        assert refused[0] == "InvalidParameterException"
        assert error_of(app.identity.get_principal_tag_attribute_map, **named) == refused

    def test_has_defaults_or_tags_of_its_own(self, app: App) -> None:
        both = {"UseDefaults": True, "PrincipalTags": {"team": "custom:team"}}
        assert error_of(tag, app=app, **both)[0] == "InvalidParameterException"

    def test_of_a_pool_that_is_not_there(self, app: App) -> None:
        nowhere = {"IdentityPoolId": "us-east-1:0-0", "IdentityProviderName": app.provider}
        for act in (
            app.identity.set_principal_tag_attribute_map,
            app.identity.get_principal_tag_attribute_map,
        ):
            assert error_of(act, **nowhere)[0] == "ResourceNotFoundException"

    def test_is_set_by_those_who_may(self, app: App) -> None:
        intern = app.new_user_client(allowing("cognito-identity:GetPrincipalTagAttributeMap"))
        named = {"IdentityPoolId": app.pool_id, "IdentityProviderName": app.provider}
        refused = error_of(intern.set_principal_tag_attribute_map, **named, UseDefaults=True)
        assert refused[0] == "AccessDeniedException"
        assert intern.get_principal_tag_attribute_map(**named)["UseDefaults"] is False

    def test_is_no_tag_of_a_resource(self, app: App) -> None:
        """So policies do not see it as aws:RequestTag or aws:TagKeys."""
        policy = allowing("cognito-identity:SetPrincipalTagAttributeMap")
        policy["Statement"][0]["Condition"] = {"Null": {"aws:TagKeys": "true"}}
        app.new_user_client(policy).set_principal_tag_attribute_map(
            IdentityPoolId=app.pool_id,
            IdentityProviderName=app.provider,
            PrincipalTags={"team": "custom:team"},
        )

    def test_of_saml_has_no_defaults_here(self, app: App) -> None:
        pool_id = app.new_pool(SamlProviderARNs=[SAML])
        named = {"IdentityPoolId": pool_id, "IdentityProviderName": SAML}
        refused = error_of(app.identity.set_principal_tag_attribute_map, **named, UseDefaults=True)
        assert refused[0] == "NotImplementedException"

    def test_is_answered_as_it_was_set(self, app: App) -> None:
        named = {"IdentityPoolId": app.pool_id, "IdentityProviderName": app.provider}
        own = {"team": "custom:team"}
        defaults = {"client": "aud", "username": "sub"}
        for settings, is_default, tags in (
            ({"PrincipalTags": own}, False, own),
            ({"UseDefaults": True}, True, defaults),
            ({"UseDefaults": False}, False, {}),
        ):
            answer = tag(app, **settings)
            kept = app.identity.get_principal_tag_attribute_map(**named)
            for one in (answer, kept):
                assert (one["UseDefaults"], one["PrincipalTags"]) == (is_default, tags)
                assert {key: one[key] for key in named} == named


class TestTrust:
    def test_a_role_that_may_not_be_tagged_vends_nothing(self, tagging: App) -> None:
        use(tagging, trust(tagging.pool_id, "authenticated"))
        assert vend(tagging, tagging.logins("alice"))
        tag(tagging, UseDefaults=True)
        assert error_of(vend, app=tagging, logins=tagging.logins("alice")) == BROKEN

    def test_a_user_without_the_claim_needs_no_tag(self, tagging: App) -> None:
        use(tagging, trust(tagging.pool_id, "authenticated"))
        tag(tagging, PrincipalTags={"team": "custom:team"})
        describe(tagging, "alice", team="red")
        assert error_of(vend, app=tagging, logins=tagging.logins("alice")) == BROKEN
        assert vend(tagging, tagging.logins("bob"))

    def test_the_trust_policy_sees_the_tags(self, tagging: App) -> None:
        tag(tagging, PrincipalTags={"team": "custom:team"})
        red = trust(tagging.pool_id, "authenticated", Action=WITH_TAGS)
        red["Statement"][0]["Condition"]["StringEquals"]["aws:RequestTag/team"] = "red"
        use(tagging, red)
        describe(tagging, "alice", team="red")
        describe(tagging, "bob", team="blue")
        assert error_of(vend, app=tagging, logins=tagging.logins("bob")) == BROKEN
        assert vend(tagging, tagging.logins("alice"))

    def test_both_decisions_are_on_the_record(self, tagging: App) -> None:
        tag(tagging, UseDefaults=True)
        vend(tagging, tagging.logins("alice"))
        actions = [one["action"] for one in tagging.cloud.trace[-1].decisions]
        assert actions == WITH_TAGS


class TestValues:
    def test_are_those_of_the_defaults(self, tagging: App) -> None:
        tag(tagging, UseDefaults=True)
        tokens = tagging.tokens("alice")
        listed = tagging.idp.get_user(AccessToken=tokens["AccessToken"])["UserAttributes"]
        sub = next(one["Value"] for one in listed if one["Name"] == "sub")
        logins = {tagging.provider: tokens["IdToken"]}
        assert has_tag(tagging, logins, "username", sub)
        assert has_tag(tagging, logins, "client", tagging.client_id)
        assert not has_tag(tagging, logins, "username", "alice")

    def test_are_those_of_ones_own_map_and_no_others(self, tagging: App) -> None:
        tag(tagging, PrincipalTags={"team": "custom:team"})
        describe(tagging, "alice", team="red", level="7")
        logins = tagging.logins("alice")
        assert has_tag(tagging, logins, "team", "red")
        assert not has_tag(tagging, logins, "level", "7")
        assert not has_tag(tagging, logins, "client", tagging.client_id)

    def test_end_with_the_map(self, tagging: App) -> None:
        tag(tagging, PrincipalTags={"team": "custom:team"})
        describe(tagging, "alice", team="red")
        assert has_tag(tagging, tagging.logins("alice"), "team", "red")
        tag(tagging, UseDefaults=False, PrincipalTags={})
        assert not has_tag(tagging, tagging.logins("alice"), "team", "red")

    def test_come_from_one_value_never_from_several(self, tagging: App) -> None:
        tag(tagging, PrincipalTags={"group": "cognito:groups"})
        join(tagging, "alice", "red")
        assert has_tag(tagging, tagging.logins("alice"), "group", "red")
        join(tagging, "alice", "blue")
        both = tagging.logins("alice")
        for group in ("red", "blue", "red,blue", "[red, blue]"):
            assert not has_tag(tagging, both, "group", group)

    def test_have_a_limit_together(self, tagging: App) -> None:
        tag(tagging, PrincipalTags={"team": "custom:team", "level": "custom:level"})
        describe(tagging, "alice", team="t" * 230, level="l" * 230)
        assert vend(tagging, tagging.logins("alice"))
        describe(tagging, "alice", level="l" * 231)
        assert error_of(vend, app=tagging, logins=tagging.logins("alice")) == BROKEN

    def test_guests_have_none(self, tagging: App) -> None:
        tag(tagging, UseDefaults=True)
        role = tagging.new_role(
            "guest", trust(tagging.pool_id, "unauthenticated"), allowing("s3:*")
        )
        tagging.identity.set_identity_pool_roles(
            IdentityPoolId=tagging.pool_id, Roles={"unauthenticated": role}
        )
        assert tagging.credentials(tagging.get_id())["Credentials"]["AccessKeyId"]


class TestSeveralLogins:
    @pytest.fixture
    def both(self, tagging: App) -> Any:
        """alice in two user pools, the claim `token_use` of each of which becomes a tag."""
        other = tagging.with_another_user_pool()
        return other, tagging.logins("alice") | other.logins("alice")

    def test_that_disagree_about_a_tag_get_no_session(self, tagging: App, both: Any) -> None:
        other, logins = both
        tag(tagging, PrincipalTags={"who": "sub"})
        tag(other, PrincipalTags={"who": "sub"})
        assert error_of(vend, app=tagging, logins=logins) == BROKEN
        assert vend(tagging, tagging.logins("alice"))

    def test_whose_tags_differ_only_in_case_get_no_session(self, tagging: App, both: Any) -> None:
        other, logins = both
        tag(tagging, PrincipalTags={"who": "sub"})
        tag(other, PrincipalTags={"Who": "sub"})
        assert error_of(vend, app=tagging, logins=logins) == BROKEN

    def test_each_bring_their_tags(self, tagging: App, both: Any) -> None:
        other, logins = both
        tag(tagging, PrincipalTags={"mine": "aud", "use": "token_use"})
        tag(other, PrincipalTags={"theirs": "aud", "use": "token_use"})
        assert has_tag(tagging, logins, "mine", tagging.client_id)
        assert has_tag(tagging, logins, "theirs", other.client_id)
        assert has_tag(tagging, logins, "use", "id")
