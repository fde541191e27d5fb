"""The ProviderDetails of an outside identity provider: what must be given, what AWS adds.

API reference, CreateIdentityProvider, ProviderDetails; developer guide, "Adding social identity
providers to a user pool" and "Using OIDC identity providers with a user pool".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from helpers.cloud.errors import AwsError
from helpers.cloud.outside import Unreachable
from helpers.cloud.world import World

_SECRET_APP = ("client_id", "client_secret", "authorize_scopes")
_REQUIRED: Mapping[str, tuple[tuple[str, ...], str]] = {
    **dict.fromkeys(
        ("Google", "Facebook", "LoginWithAmazon"),
        (_SECRET_APP, "clientId, clientSecret and authorizeScopes"),
    ),
    "SignInWithApple": (
        ("client_id", "private_key", "team_id", "key_id", "authorize_scopes"),
        "clientId, privateKey, teamId, and keyId",
    ),
    "OIDC": (
        ("client_id", "authorize_scopes", "oidc_issuer", "attributes_request_method"),
        "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod",
    ),
}
_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "Facebook": ("api_version",),
    "OIDC": (
        "client_secret",
        "attributes_url_add_attributes",
        "authorize_url",
        "token_url",
        "attributes_url",
        "jwks_uri",
    ),
    "SAML": (
        "MetadataFile",
        "MetadataURL",
        "IDPInit",
        "IDPSignout",
        "EncryptedResponses",
        "RequestSigningAlgorithm",
        "ActiveEncryptionCertificate",
        "SSORedirectBindingURI",
        "SLORedirectBindingURI",
    ),
}
# The addresses of a provider, and what its discovery document calls them.
_DISCOVERED: Mapping[str, str] = {
    "authorize_url": "authorization_endpoint",
    "token_url": "token_endpoint",
    "attributes_url": "userinfo_endpoint",
    "jwks_uri": "jwks_uri",
}
_PLAIN = re.compile(r"[!-~]{1,2048}", re.ASCII)
_FACEBOOK_VERSION = "v17.0"


def complete(
    world: World, pool_id: str, name: str, kind: str, given: Mapping[str, str]
) -> dict[str, str]:
    """The details as AWS keeps them: those given, and the addresses that AWS knows or finds.

    AwsError InvalidParameterException when something is missing, wrong or cannot be reached.
    """
    if kind == "SAML":
        from helpers.cloud.federation.saml.metadata import check_saml_details

        _check_known(kind, given, {})
        return {**given, **check_saml_details(world, given, pool_id, name)}
    required, sentence = _REQUIRED[kind]
    if not all(given.get(key) for key in required):
        raise _invalid(f"{sentence} are all required idp details.")
    if kind == "OIDC":
        return _openid(world, given)
    if kind == "SignInWithApple":
        _check_apple_key(given["private_key"])
    fixed = _fixed(kind, given)
    _check_known(kind, given, fixed)
    return {**given, **fixed}


def _check_known(kind: str, given: Mapping[str, str], fixed: Mapping[str, str]) -> None:
    """Refuse details without effect: names nobody knows, other addresses than the provider's."""
    known = {*(_REQUIRED[kind][0] if kind in _REQUIRED else ()), *_OPTIONAL.get(kind, ()), *fixed}
    for key, value in given.items():
        if key not in known or fixed.get(key, value) != value:
            raise _invalid(f"{key} is not a valid idp detail of {kind}.")


# --- social providers --------------------------------------------------------------------------


def _fixed(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """What AWS fills in for a social provider."""
    if kind == "Google":
        return {
            "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
            "attributes_url_add_attributes": "true",
            "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
            "oidc_issuer": "https://accounts.google.com",
            "token_request_method": "POST",
            "token_url": "https://www.googleapis.com/oauth2/v4/token",
        }
    if kind == "Facebook":
        version = given.get("api_version", _FACEBOOK_VERSION)
        if not re.fullmatch(r"v[0-9]{1,3}\.[0-9]{1,3}", version):
            raise _invalid("api_version must be like v17.0.")
        return {
            "api_version": version,
            "attributes_url": f"https://graph.facebook.com/{version}/me?fields=",
            "attributes_url_add_attributes": "true",
            "authorize_url": f"https://www.facebook.com/{version}/dialog/oauth",
            "token_request_method": "GET",
            "token_url": f"https://graph.facebook.com/{version}/oauth/access_token",
        }
    if kind == "LoginWithAmazon":
        return {
            "attributes_url": "https://api.amazon.com/user/profile",
            "attributes_url_add_attributes": "false",
            "authorize_url": "https://www.amazon.com/ap/oa",
            "token_request_method": "POST",
            "token_url": "https://api.amazon.com/auth/o2/token",
        }
    return {
        "attributes_url_add_attributes": "false",
        "authorize_url": "https://appleid.apple.com/auth/authorize",
        "oidc_issuer": "https://appleid.apple.com",
        "token_request_method": "POST",
        "token_url": "https://appleid.apple.com/auth/token",
    }


def _check_apple_key(text: str) -> None:
    """Apple's key for ES256: its .p8 file with or without the first and last line."""
    if "-----BEGIN" not in text:
        text = f"-----BEGIN PRIVATE KEY-----\n{text.strip()}\n-----END PRIVATE KEY-----\n"
    try:
        key = load_pem_private_key(text.encode("utf-8", "replace"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise _invalid("privateKey is not a key of Sign in with Apple.")


# --- OpenID Connect ----------------------------------------------------------------------------


def _openid(world: World, given: Mapping[str, str]) -> dict[str, str]:
    """The details of an OIDC provider with all four addresses, looked up where not given."""
    _check_known("OIDC", given, {})
    _check_choice("attributesRequestMethod", given["attributes_request_method"], ("POST", "GET"))
    add_names = given.get("attributes_url_add_attributes", "false")
    _check_choice("attributesUrlAddAttributes", add_names, ("true", "false"))
    if "openid" not in given["authorize_scopes"].split():
        raise _invalid("authorizeScopes must contain openid.")
    for name in ("oidc_issuer", *_DISCOVERED):
        if name in given:
            _check_address(given[name])
    details = {"attributes_url_add_attributes": "false", **given}
    if not all(name in given for name in _DISCOVERED):
        details = {**_discover(world, given["oidc_issuer"]), **details}
    return details


def _check_choice(where: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise _invalid(
            f"1 validation error detected: Value '{value[:256]}' at '{where}' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(allowed)}]"
        )


def _check_address(url: str) -> None:
    """https, a host, no other port than 443, nothing that could be read in two ways."""
    try:
        parts = urlsplit(url)
        plain = parts.hostname and parts.port in (None, 443) and "@" not in parts.netloc
    except ValueError:
        plain = False
    if not (url.startswith("https://") and plain and _PLAIN.fullmatch(url)):
        raise _invalid("OIDC endpoint must start with https://")


def _discover(world: World, issuer: str) -> dict[str, str]:
    """The addresses in the issuer's discovery document (OpenID Connect Discovery, section 4).

    The document must be the issuer's own; AWS lets the slash at the end of the issuer be left out.
    """
    url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        answer = world.outside.fetch("GET", url)
        document = json.loads(answer.body) if answer.status == 200 else None
    except (Unreachable, ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not _same_issuer(document.get("issuer"), issuer):
        raise _invalid("Unable to contact well-known endpoint")
    found = {name: document.get(member) for name, member in _DISCOVERED.items()}
    for address in found.values():
        _check_address(address if isinstance(address, str) else "")
    return {name: str(address) for name, address in found.items()}


def _same_issuer(published: Any, issuer: str) -> bool:
    return isinstance(published, str) and published.rstrip("/") == issuer.rstrip("/")


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
