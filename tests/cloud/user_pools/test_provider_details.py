from __future__ import annotations

import json
from typing import Any

import pytest

from helpers import providers
from helpers.cloud.outside import Outside
from helpers.cloud.user_pools import identity_providers
from tests.cloud.user_pools.provider_calls import (
    ADDRESSES,
    APP,
    APPLE_NEEDED,
    NOT_HTTPS,
    OPENID,
    OPENID_NEEDED,
    SECRET_APP_NEEDED,
    UNREACHABLE,
    apple_details,
    create,
    describe,
    inside,
    names,
    update,
)

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
