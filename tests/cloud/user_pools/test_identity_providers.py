from __future__ import annotations

import json
from typing import Any

import pytest

from helpers import providers
from helpers.cloud.outside import Outside
from helpers.cloud.user_pools import identity_providers
from helpers.cloud.user_pools.directory import App, find_pool
from helpers.cloud.user_pools.identity_providers import IdentityProvider

APP = {"client_id": "app", "client_secret": "hush", "authorize_scopes": "email"}
OPENID = {
    "client_id": "app",
    "client_secret": "hush",
    "authorize_scopes": "openid email",
    "attributes_request_method": "GET",
    "oidc_issuer": "https://login.example.org",
}
ADDRESSES = {
    "authorize_url": "https://login.example.com/authorize",
    "token_url": "https://login.example.com/token",
    "attributes_url": "https://login.example.com/userinfo",
    "jwks_uri": "https://login.example.com/keys",
}
SECRET_APP_NEEDED = "clientId, clientSecret and authorizeScopes are all required idp details."
APPLE_NEEDED = "clientId, privateKey, teamId, and keyId are all required idp details."
OPENID_NEEDED = (
    "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp "
    "details."
)
UNREACHABLE = "Unable to contact well-known endpoint"
NOT_HTTPS = "OIDC endpoint must start with https://"


def create(pool, name, details, kind="", **more):
    return pool.idp.create_identity_provider(
        UserPoolId=pool.id,
        ProviderName=name,
        ProviderType=kind or name,
        ProviderDetails=details,
        **more,
    )["IdentityProvider"]


def update(pool, name, **changes):
    return pool.idp.update_identity_provider(UserPoolId=pool.id, ProviderName=name, **changes)[
        "IdentityProvider"
    ]


def describe(pool, name):
    return pool.idp.describe_identity_provider(UserPoolId=pool.id, ProviderName=name)[
        "IdentityProvider"
    ]


def names(pool):
    listed = pool.idp.list_identity_providers(UserPoolId=pool.id)["Providers"]
    return [provider["ProviderName"] for provider in listed]


def inside(pool):
    return find_pool(pool.world, "123456789012", "us-east-1", pool.id)


def apple_details():
    app = providers.apple().register(
        "https://x.auth.us-east-1.amazoncognito.com/oauth2/idpresponse"
    )
    return {
        "client_id": app.client_id,
        "team_id": app.team_id,
        "key_id": app.key_id,
        "private_key": app.private_key,
        "authorize_scopes": "email name",
    }


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


# --- details -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Google", "Facebook", "LoginWithAmazon"])
@pytest.mark.parametrize("missing", list(APP))
def test_a_social_provider_needs_an_app(pool, refused, kind, missing):
    for details in ({k: v for k, v in APP.items() if k != missing}, APP | {missing: ""}):
        with refused("InvalidParameterException", SECRET_APP_NEEDED):
            create(pool, kind, details)
    assert names(pool) == []


@pytest.mark.parametrize("missing", ["client_id", "team_id", "key_id", "private_key"])
def test_apple_needs_a_key(pool, refused, missing):
    details = {k: v for k, v in apple_details().items() if k != missing}
    with refused("InvalidParameterException", APPLE_NEEDED):
        create(pool, "SignInWithApple", details)


@pytest.mark.parametrize("key", ["1EXAMPLE", "-----BEGIN PRIVATE KEY-----", "\ud83d\ude00"])
def test_apples_key_must_be_one(pool, refused, key):
    with refused("InvalidParameterException"):
        create(pool, "SignInWithApple", apple_details() | {"private_key": key})


def test_apples_key_may_come_without_its_first_and_last_line(pool):
    details = apple_details()
    lines = details["private_key"].strip().splitlines()[1:-1]
    create(pool, "SignInWithApple", details | {"private_key": "\n".join(lines)})


@pytest.mark.parametrize(
    "missing", ["client_id", "authorize_scopes", "oidc_issuer", "attributes_request_method"]
)
def test_an_openid_provider_needs_an_issuer_and_an_app(pool, refused, missing):
    details = {k: v for k, v in OPENID.items() if k != missing}
    with refused("InvalidParameterException", OPENID_NEEDED):
        create(pool, "Example", details, "OIDC")


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("Google", APP | {"authorise_url": "https://login.example.com"}),
        ("Google", APP | {"api_version": "v17.0"}),
        ("Google", APP | {"token_url": "https://login.example.com/token"}),
        ("LoginWithAmazon", APP | {"attributes_url": "https://login.example.com/profile"}),
        ("Facebook", APP | {"authorize_url": "https://www.facebook.com/v16.0/dialog/oauth"}),
        ("Facebook", APP | {"api_version": "17"}),
        ("Facebook", APP | {"api_version": "v17.0/../x"}),
        ("OIDC", OPENID | {"userinfo_endpoint": "https://login.example.com/userinfo"}),
        ("OIDC", OPENID | {"attributes_request_method": "PUT"}),
        ("OIDC", OPENID | {"attributes_url_add_attributes": "yes"}),
        ("OIDC", OPENID | {"authorize_scopes": "email"}),
    ],
)
def test_details_without_effect_or_sense(pool, refused, kind, details):
    with refused("InvalidParameterException"):
        create(pool, "Example" if kind == "OIDC" else kind, details, kind)


@pytest.mark.parametrize("name", ["oidc_issuer", *ADDRESSES])
@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.org",
        "login.example.org",
        "https://",
        "https://login.example.org:8443",
        "https://user@login.example.org",
        "https://[::1",
        "https://login.example.org/a b",
        "https://login.example.org\n",
        "file:///etc/passwd",
    ],
)
def test_an_openid_provider_is_reached_by_https(pool, refused, name, url):
    with refused("InvalidParameterException", NOT_HTTPS):
        create(pool, "Example", OPENID | ADDRESSES | {name: url}, "OIDC")


@pytest.mark.parametrize("details", [{}, {"MetadataFile": "<x/>", "MetadataURL": "https://x.y/"}])
def test_a_saml_provider_needs_one_metadata_document(pool, refused, details):
    with refused("InvalidParameterException"):
        create(pool, "Company", details, "SAML")
    with refused("InvalidParameterException"):
        create(pool, "Company", {"MetadataFile": "<x/>", "Metadata": "x"}, "SAML")
    assert names(pool) == []


# --- discovery ---------------------------------------------------------------------------------


class Login:
    """https://login.test, whose discovery document is whatever a test wants."""

    def __init__(self) -> None:
        self.status, self.body = "200 OK", b""
        self.say(**{})

    def say(self, **changes: Any) -> None:
        document = {
            "issuer": "https://login.test",
            "authorization_endpoint": "https://login.test/authorize",
            "token_endpoint": "https://login.test/token",
            "userinfo_endpoint": "https://login.test/userinfo",
            "jwks_uri": "https://login.test/keys",
        }
        kept = {k: v for k, v in (document | changes).items() if v is not None}
        self.body = json.dumps(kept).encode()

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        found = environ["PATH_INFO"] == "/.well-known/openid-configuration"
        start_response(self.status if found else "404 Not Found", [])
        return [self.body]


@pytest.fixture
def login(pool):
    site, world = Login(), pool.world
    world.outside = Outside({"login.test": site}, world.trace, world.clock.now)
    return site


AT_LOGIN = OPENID | {"oidc_issuer": "https://login.test"}


def test_an_issuer_that_cannot_be_reached(pool, refused):
    with refused("InvalidParameterException", UNREACHABLE):
        create(pool, "Example", OPENID | {"oidc_issuer": "https://nobody.example.org"}, "OIDC")
    assert names(pool) == []


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "localhost", "cognito-idp.us-east-1.amazonaws.com"]
)
def test_discovery_reaches_nothing_but_the_outside(pool, refused, host):
    with refused("InvalidParameterException", UNREACHABLE):
        create(pool, "Example", OPENID | {"oidc_issuer": f"https://{host}"}, "OIDC")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b"{}", b"\xff", b"[" * 100_000, b'{"issuer": 1}']
)
def test_a_discovery_document_that_is_none(pool, login, refused, body):
    login.body = body
    with refused("InvalidParameterException", UNREACHABLE):
        create(pool, "Example", AT_LOGIN, "OIDC")


@pytest.mark.parametrize("status", ["404 Not Found", "302 Found", "500 Oh", "201 Created"])
def test_a_discovery_document_that_is_not_answered(pool, login, refused, status):
    login.status = status
    with refused("InvalidParameterException", UNREACHABLE):
        create(pool, "Example", AT_LOGIN, "OIDC")


def test_a_discovery_document_of_somebody_else(pool, login, refused):
    login.say(issuer="https://login.example.org")
    with refused("InvalidParameterException", UNREACHABLE):
        create(pool, "Example", AT_LOGIN, "OIDC")


@pytest.mark.parametrize(
    "name", ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"]
)
@pytest.mark.parametrize("value", [None, 5, "http://login.test/x", "javascript:alert(1)"])
def test_a_discovery_document_with_a_bad_address(pool, login, refused, name, value):
    login.say(**{name: value})
    with refused("InvalidParameterException", NOT_HTTPS):
        create(pool, "Example", AT_LOGIN, "OIDC")


def test_addresses_that_are_found_are_kept(pool):
    details = create(pool, "Example", OPENID, "OIDC")["ProviderDetails"]
    assert details == describe(pool, "Example")["ProviderDetails"]
    assert details.items() >= OPENID.items()
    assert set(details) == {*OPENID, *ADDRESSES, "attributes_url_add_attributes"}
    assert all(details[name].startswith("https://login.example.org/") for name in ADDRESSES)


def test_addresses_that_are_given_are_not_looked_up(pool):
    issuer = {"oidc_issuer": "https://nobody.example.org"}
    details = create(pool, "Example", OPENID | ADDRESSES | issuer, "OIDC")["ProviderDetails"]
    assert {name: details[name] for name in ADDRESSES} == ADDRESSES
    assert not [e for e in pool.cloud.trace if e.service == "outside"]


def test_only_the_missing_address_is_looked_up(pool, login):
    given = {k: v for k, v in ADDRESSES.items() if k != "jwks_uri"}
    details = create(pool, "Example", AT_LOGIN | given, "OIDC")["ProviderDetails"]
    assert {name: details[name] for name in given} == given
    assert details["jwks_uri"] == "https://login.test/keys"


def test_an_issuer_may_be_given_without_its_last_slash(pool, login):
    login.say(issuer="https://login.test/")
    details = create(pool, "Example", AT_LOGIN, "OIDC")["ProviderDetails"]
    assert details["oidc_issuer"] == "https://login.test"


def test_an_openid_app_without_a_secret(pool):
    details = {k: v for k, v in OPENID.items() if k != "client_secret"}
    assert "client_secret" not in create(pool, "Example", details, "OIDC")["ProviderDetails"]


# --- what AWS fills in -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "added", "subject"),
    [
        (
            "Google",
            {
                "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
                "attributes_url_add_attributes": "true",
                "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
                "oidc_issuer": "https://accounts.google.com",
                "token_request_method": "POST",
                "token_url": "https://www.googleapis.com/oauth2/v4/token",
            },
            "sub",
        ),
        (
            "Facebook",
            {
                "api_version": "v17.0",
                "attributes_url": "https://graph.facebook.com/v17.0/me?fields=",
                "attributes_url_add_attributes": "true",
                "authorize_url": "https://www.facebook.com/v17.0/dialog/oauth",
                "token_request_method": "GET",
                "token_url": "https://graph.facebook.com/v17.0/oauth/access_token",
            },
            "id",
        ),
        (
            "LoginWithAmazon",
            {
                "attributes_url": "https://api.amazon.com/user/profile",
                "attributes_url_add_attributes": "false",
                "authorize_url": "https://www.amazon.com/ap/oa",
                "token_request_method": "POST",
                "token_url": "https://api.amazon.com/auth/o2/token",
            },
            "user_id",
        ),
    ],
)
def test_the_addresses_of_social_providers_are_known(pool, kind, added, subject):
    made = create(pool, kind, APP)
    assert made["ProviderDetails"] == APP | added
    assert made["AttributeMapping"] == {"username": subject}
    # What Describe shows may be sent back.
    assert update(pool, kind, ProviderDetails=made["ProviderDetails"]) == made


def test_facebooks_addresses_carry_the_version(pool):
    details = create(pool, "Facebook", APP | {"api_version": "v19.0"})["ProviderDetails"]
    assert details["token_url"] == "https://graph.facebook.com/v19.0/oauth/access_token"


def test_apples_key_is_never_shown(pool):
    given = apple_details()
    made = create(pool, "SignInWithApple", given)
    shown = [made, describe(pool, "SignInWithApple"), update(pool, "SignInWithApple")]
    for details in (s["ProviderDetails"] for s in shown):
        assert "private_key" not in details
        assert details["oidc_issuer"] == "https://appleid.apple.com"
    kept = identity_providers.provider_named(inside(pool), "SignInWithApple")
    assert kept.details["private_key"] == given["private_key"]


def test_the_trace_shows_no_secret(pool):
    given = apple_details()
    create(pool, "SignInWithApple", given)
    create(pool, "Google", APP | {"client_secret": "GOCSPX-hush"})
    update(pool, "Google", ProviderDetails=APP | {"client_secret": "GOCSPX-hush"})
    shown = json.dumps([entry.params for entry in pool.cloud.trace])
    assert "GOCSPX-hush" not in shown
    assert given["private_key"].splitlines()[1] not in shown
    assert given["client_id"] in shown


def test_a_saml_provider_by_metadata_file_and_url(pool):
    company = providers.company_directory()
    made = create(pool, "Company", {"MetadataFile": company.metadata()}, "SAML")
    details = made["ProviderDetails"]
    assert details["SSORedirectBindingURI"].startswith("https://idp.example.com/")
    assert made["AttributeMapping"] == {}
    # An update that leaves the details out does not read the metadata again.
    mapped = update(pool, "Company", AttributeMapping={"email": "mail"})
    assert mapped["ProviderDetails"] == details


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
