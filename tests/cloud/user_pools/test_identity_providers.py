from __future__ import annotations

import pytest

from helpers import providers
from helpers.cloud.user_pools import identity_providers
from helpers.cloud.user_pools.directory import App
from helpers.cloud.user_pools.identity_providers import IdentityProvider
from tests.cloud.user_pools.provider_calls import (
    APP,
    OPENID,
    create,
    describe,
    inside,
    names,
    update,
)

# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Google", "Facebook", "LoginWithAmazon"])
def test_a_social_provider_is_named_like_its_type(pool, refused, kind):
    for name in (kind.lower(), "Other", "COGNITO"):
        message = f"Provider {name} cannot be of type {kind}."
        with refused("InvalidParameterException", message):
            create(pool, name, APP, kind)


@pytest.mark.parametrize("name", ["Google", "SignInWithApple", "COGNITO", "Cognito"])
@pytest.mark.parametrize("kind", ["OIDC", "SAML"])
def test_the_others_are_named_otherwise(pool, refused, name, kind):
    with refused("InvalidParameterException", f"Provider {name} cannot be of type {kind}."):
        create(pool, name, OPENID, kind)


@pytest.mark.parametrize("name", ["_Company", "My company", "Company_1", "x" * 33, "ab"])
def test_a_name_without_spaces_at_the_ends_of_a_username(pool, refused, name):
    """The username of a federated user is the provider's name, "_" and the subject."""
    with refused("InvalidParameterException"):
        create(pool, name, OPENID, "OIDC")


def test_a_type_nobody_knows(pool, refused):
    with refused("InvalidParameterException"):
        create(pool, "Twitter", APP)


def test_a_name_is_taken_once(pool, refused):
    create(pool, "Google", APP)
    with refused("DuplicateProviderException", f"Google already exists in user pool {pool.id}"):
        create(pool, "Google", APP | {"client_id": "other"})
    assert describe(pool, "Google")["ProviderDetails"]["client_id"] == "app"


def test_unknown_pools_and_providers(pool, refused):
    for call in (pool.idp.describe_identity_provider, pool.idp.delete_identity_provider):
        with refused("ResourceNotFoundException", "Identity provider Google does not exist."):
            call(UserPoolId=pool.id, ProviderName="Google")
        with refused("ResourceNotFoundException", "User pool us-east-1_none does not exist."):
            call(UserPoolId="us-east-1_none", ProviderName="Google")
    with refused("ResourceNotFoundException"):
        update(pool, "Google", ProviderDetails=APP)


# --- mapping -----------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["custom:groups", "Email", "sub", "identities", "groups"])
def test_a_claim_is_mapped_to_an_attribute_of_the_pool(pool, refused, target):
    message = f"AttributeMapping contains invalid mapping: [{target}]"
    mapping = {"email": "email", target: "name"}
    with refused("InvalidParameterException", message):
        create(pool, "Example", OPENID, "OIDC", AttributeMapping=mapping)
    create(pool, "Example", OPENID, "OIDC")
    with refused("InvalidParameterException", message):
        update(pool, "Example", AttributeMapping=mapping)
    assert describe(pool, "Example")["AttributeMapping"] == {"username": "sub"}


@pytest.mark.parametrize(
    ("kind", "claim"),
    [("Google", "email"), ("Facebook", "sub"), ("LoginWithAmazon", "email"), ("OIDC", "email")],
)
def test_nobody_is_known_by_another_claim_than_the_subject(pool, refused, kind, claim):
    name, details = ("Example", OPENID) if kind == "OIDC" else (kind, APP)
    with refused(
        "InvalidParameterException", "AttributeMapping contains invalid mapping: [username]"
    ):
        create(pool, name, details, kind, AttributeMapping={"username": claim})


def test_saml_users_are_known_by_their_nameid(pool, refused):
    details = {"MetadataFile": providers.company_directory().metadata()}
    with refused("InvalidParameterException"):
        create(pool, "Company", details, "SAML", AttributeMapping={"username": "mail"})


def test_google_has_no_claim_about_the_company(pool, refused):
    with refused("InvalidParameterException", "AttributeMapping contains invalid mapping: [hd]"):
        create(pool, "Google", APP, AttributeMapping={"website": "hd"})


def test_the_subject_is_always_mapped(make_pool):
    pool = make_pool({"Schema": [{"Name": "groups", "AttributeDataType": "String"}]})
    mapping = {"email": "email", "custom:groups": "groups"}
    made = create(pool, "Example", OPENID, "OIDC", AttributeMapping=mapping)
    assert made["AttributeMapping"] == {**mapping, "username": "sub"}
    changed = update(pool, "Example", AttributeMapping={"name": "name"})
    assert changed["AttributeMapping"] == {"name": "name", "username": "sub"}


# --- identifiers -------------------------------------------------------------------------------


def test_an_identifier_leads_to_one_provider(pool, refused):
    create(pool, "Example", OPENID, "OIDC", IdpIdentifiers=["example.com", "example.org"])
    for identifiers in (["example.org"], ["new.org", "new.org"]):
        with refused("InvalidParameterException"):
            create(pool, "Other", OPENID, "OIDC", IdpIdentifiers=identifiers)
    with refused("InvalidParameterException"):
        create(pool, "Other", OPENID, "OIDC", IdpIdentifiers=[f"{n}.org" for n in range(51)])
    create(pool, "Other", OPENID, "OIDC", IdpIdentifiers=[f"{n}.org" for n in range(50)])
    with refused("InvalidParameterException"):
        update(pool, "Other", IdpIdentifiers=["example.com"])


def test_a_provider_is_found_by_an_identifier(pool, refused):
    create(pool, "Example", OPENID, "OIDC", IdpIdentifiers=["example.com"])
    find = pool.idp.get_identity_provider_by_identifier
    found = find(UserPoolId=pool.id, IdpIdentifier="example.com")["IdentityProvider"]
    assert found == describe(pool, "Example")
    assert (
        identity_providers.provider_with_identifier(inside(pool), "example.com").name == "Example"
    )
    update(pool, "Example", IdpIdentifiers=["example.org", "example.net"])
    for unknown in ("example.com", "Example", "EXAMPLE.ORG"):
        with refused("ResourceNotFoundException"):
            find(UserPoolId=pool.id, IdpIdentifier=unknown)


# --- changes -----------------------------------------------------------------------------------


def test_an_update_leaves_what_it_does_not_name(pool):
    made = create(pool, "Google", APP, AttributeMapping={"email": "email"}, IdpIdentifiers=["g"])
    pool.cloud.clock.advance(minutes=5)
    changed = update(pool, "Google", ProviderDetails=APP | {"client_id": "other"})
    assert changed["ProviderDetails"]["client_id"] == "other"
    kept = ("AttributeMapping", "IdpIdentifiers", "CreationDate", "ProviderType", "ProviderName")
    assert {name: changed[name] for name in kept} == {name: made[name] for name in kept}
    assert changed["LastModifiedDate"] > made["LastModifiedDate"]
    assert changed == describe(pool, "Google")


@pytest.mark.parametrize(
    "changes",
    [
        {"ProviderDetails": {"client_id": "other"}, "AttributeMapping": {"name": "name"}},
        {"AttributeMapping": {"name": "name"}, "IdpIdentifiers": ["x", "x"]},
        {"ProviderDetails": APP | {"client_id": "other"}, "AttributeMapping": {"no": "name"}},
    ],
)
def test_an_update_that_is_refused_changes_nothing(pool, refused, changes):
    before = create(pool, "Google", APP)
    with refused("InvalidParameterException"):
        update(pool, "Google", **changes)
    assert describe(pool, "Google") == before


def test_levels_of_assurance_are_not_offered(pool, refused):
    with refused("NotImplementedException", "The offline cloud does not offer AcrMapping"):
        create(pool, "Example", OPENID, "OIDC", AcrMapping={"Level1": "urn:level:1"})


def test_no_client_lists_a_provider_that_is_deleted(pool):
    """A new provider of the same name is somebody else: it must be enabled again."""
    create(pool, "Google", APP)
    app = pool.new_app(SupportedIdentityProviders=["COGNITO", "Google"])
    names_app = {"UserPoolId": pool.id, "ClientId": app["ClientId"]}
    pool.idp.delete_identity_provider(UserPoolId=pool.id, ProviderName="Google")
    create(pool, "Google", APP | {"client_id": "strangers"})
    client = pool.idp.describe_user_pool_client(**names_app)["UserPoolClient"]
    assert client["SupportedIdentityProviders"] == ["COGNITO"]


def test_providers_are_listed_page_by_page(pool, refused):
    for kind in ("Google", "Facebook", "LoginWithAmazon"):
        create(pool, kind, APP)
    page = pool.idp.list_identity_providers(UserPoolId=pool.id, MaxResults=2)
    token = page["NextToken"]
    rest = pool.idp.list_identity_providers(UserPoolId=pool.id, MaxResults=2, NextToken=token)
    found = [p for part in (page, rest) for p in part["Providers"]]
    assert [p["ProviderName"] for p in found] == ["Google", "Facebook", "LoginWithAmazon"]
    wanted = {"ProviderName", "ProviderType", "CreationDate", "LastModifiedDate"}
    assert all(set(p) == wanted for p in found)
    with refused("InvalidParameterException"):
        pool.idp.list_identity_providers(UserPoolId=pool.id, NextToken="7")


def test_what_a_policy_must_allow(pool, iam_user):
    arn = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool.id}"
    allow = {"Effect": "Allow", "Action": "cognito-idp:*IdentityProvider", "Resource": arn}
    deny = {"Effect": "Deny", "Action": "cognito-idp:DeleteIdentityProvider", "Resource": "*"}
    idp = iam_user("ops", allow, deny).client("cognito-idp")
    idp.create_identity_provider(
        UserPoolId=pool.id, ProviderName="Google", ProviderType="Google", ProviderDetails=APP
    )
    for call in (idp.delete_identity_provider, idp.get_identity_provider_by_identifier):
        name = {"ProviderName": "Google"} if "delete" in call.__name__ else {"IdpIdentifier": "g"}
        with pytest.raises(idp.exceptions.ClientError, match="AccessDeniedException"):
            call(UserPoolId=pool.id, **name)
    assert names(pool) == ["Google"]


# --- what the sign-in pages ask ----------------------------------------------------------------


def test_a_provider_as_the_sign_in_pages_see_it(pool):
    create(pool, "Google", APP, AttributeMapping={"email": "email"}, IdpIdentifiers=["g"])
    found = identity_providers.provider_named(inside(pool), "Google")
    assert isinstance(found, IdentityProvider)
    assert (found.name, found.kind, found.identifiers) == ("Google", "Google", ("g",))
    assert found.mapping == {"email": "email", "username": "sub"}
    assert found.details["client_secret"] == "hush"
    assert identity_providers.provider_named(inside(pool), "google") is None


def test_the_providers_of_a_client_in_its_own_order(pool):
    for kind in ("Google", "Facebook"):
        create(pool, kind, APP)
    resource = inside(pool)

    def seen(**settings):
        client = pool.new_app(**settings)["ClientId"]
        app = App(resource, resource.resource.clients[client])
        found = [provider.name for provider in identity_providers.providers_of(app)]
        return found, identity_providers.uses_own_directory(app)

    assert seen() == ([], False)
    assert seen(SupportedIdentityProviders=["COGNITO"]) == ([], True)
    order = ["Facebook", "COGNITO", "Google"]
    assert seen(SupportedIdentityProviders=order) == (["Facebook", "Google"], True)
    assert seen(SupportedIdentityProviders=["Google"]) == (["Google"], False)
