"""Sign-in with Google, Facebook, Apple, Amazon or any OpenID Connect provider.

Cognito is the provider's client here: it sends the browser there, takes the code that comes back,
and believes nothing that it has not verified.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from helpers.cloud.federation.answers import ask
from helpers.cloud.federation.apple_client_secret import client_secret
from helpers.cloud.federation.claims import as_texts
from helpers.cloud.federation.discovery import Endpoints, endpoints, same_issuer
from helpers.cloud.federation.id_tokens import check_access_token, verified_claims
from helpers.cloud.federation.profile import Departure, Profile
from helpers.cloud.federation.refusals import provider_error, refused
from helpers.cloud.federation.social import amazon_profile, facebook_profile
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.identity_providers import IdentityProvider

_WITHOUT_ID_TOKEN = ("Facebook", "LoginWithAmazon")
# Not part of the course's outside world. What it would add is not in Google's ID tokens.
_PEOPLE_API = "https://people.googleapis.com/"


def depart(
    pool: Pool,
    provider: IdentityProvider,
    callback_url: str,
    state: str,
    hints: Mapping[str, str] | None = None,
) -> Departure:
    """Where the browser goes to sign in at the provider, and the nonce to remember.

    `hints` may hold the app's `login_hint` and `prompt`: developer guide, "The redirect and
    authorization endpoint" (a hint goes to OIDC providers only, every prompt but `none` to all).
    Cognito sends no PKCE challenge to a provider; the nonce ties the code to this sign-in.
    FederationError if the provider's authorization endpoint is unknown.
    """
    hints, kind = hints or {}, provider.kind
    query = {
        "client_id": provider.details["client_id"],
        "redirect_uri": callback_url,
        "response_type": "code",
        "scope": provider.details.get("authorize_scopes", "openid"),
        "state": state,
    }
    nonce = "" if kind in _WITHOUT_ID_TOKEN else pool.world.ids.token(32)
    query |= {"nonce": nonce} if nonce else {}
    query |= {"response_mode": "form_post"} if kind == "SignInWithApple" else {}
    if hints.get("login_hint") and kind == "OIDC":
        query["login_hint"] = hints["login_hint"]
    if hints.get("prompt") and "none" not in hints["prompt"].split():
        query["prompt"] = hints["prompt"]
    url = endpoints(pool, provider, "authorize").authorize
    joint = "&" if "?" in url else "?"
    return Departure(f"{url}{joint}{urlencode(query, quote_via=quote)}", {"nonce": nonce})


def arrive(
    pool: Pool,
    provider: IdentityProvider,
    callback_url: str,
    params: Mapping[str, str],
    secrets: Mapping[str, str],
) -> Profile:
    """Who signed in at the provider; `params` came back with the browser, for a known state.

    `secrets` are those of the Departure. FederationError if the provider, or the user there, said
    no, or if anything that came back does not hold.
    """
    issuer = provider.details.get("oidc_issuer", "")
    if issuer and "iss" in params and not same_issuer(params["iss"], issuer):
        # RFC 9207: the code is another provider's, and must not be shown to this one (mix-up).
        raise refused(f"{provider.name} Error - the response is another issuer's")
    if params.get("error"):
        said = params.get("error_description", "")
        raise provider_error(provider.name, 400, params["error"], said)
    if not params.get("code"):
        raise refused(f"{provider.name} Error - no code in the response")
    if provider.kind in _WITHOUT_ID_TOKEN:
        subject, said = _by_profile(pool, provider, callback_url, params["code"])
    else:
        subject, said = _by_id_token(pool, provider, callback_url, params, secrets)
    return Profile(subject, as_texts(said))


def _by_id_token(
    pool: Pool,
    provider: IdentityProvider,
    callback_url: str,
    params: Mapping[str, str],
    secrets: Mapping[str, str],
) -> tuple[str, dict[str, Any]]:
    """Subject and claims by OpenID Connect."""
    at = endpoints(pool, provider, "token", "keys", *_userinfo_too(provider))
    tokens = _exchange(pool, provider, at.token, callback_url, params["code"])
    id_token = tokens.get("id_token")
    claims = verified_claims(pool, provider, at.keys, id_token, secrets["nonce"])
    access_token = _access_token(provider, tokens)
    check_access_token(claims, str(id_token), access_token)
    said = {**claims, **_userinfo(pool, provider, at, access_token, claims["sub"])}
    if provider.kind == "SignInWithApple":
        said |= _apple_name(params.get("user", ""))
    return claims["sub"], said | _mapped_tokens(provider, tokens)


def _by_profile(
    pool: Pool, provider: IdentityProvider, callback_url: str, code: str
) -> tuple[str, dict[str, Any]]:
    """Subject and claims of a provider without ID tokens."""
    at = endpoints(pool, provider, "token", "userinfo")
    tokens = _exchange(pool, provider, at.token, callback_url, code)
    read = facebook_profile if provider.kind == "Facebook" else amazon_profile
    url = _with_fields(provider, at.userinfo)
    subject, said = read(pool, provider, url, _access_token(provider, tokens))
    return subject, said | _mapped_tokens(provider, tokens)


def _exchange(
    pool: Pool, provider: IdentityProvider, url: str, callback_url: str, code: str
) -> dict[str, Any]:
    """The provider's tokens for a code. The client proves itself with client_secret_post."""
    details = provider.details
    secret = (
        client_secret(details, pool.world.clock.now())
        if provider.kind == "SignInWithApple"
        else details.get("client_secret", "")
    )
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback_url,
        "client_id": details["client_id"],
        "client_secret": secret,
    }
    if details.get("token_request_method") == "GET":
        return ask(pool, provider.name, "token endpoint", "GET", f"{url}?{urlencode(form)}")
    return ask(pool, provider.name, "token endpoint", "POST", url, form=form)


def _access_token(provider: IdentityProvider, tokens: Mapping[str, Any]) -> str:
    token = tokens.get("access_token")
    if not isinstance(token, str) or not token or not token.isascii() or not token.isprintable():
        raise refused(f"{provider.name} Error - no access token from the token endpoint")
    return token


def _userinfo_too(provider: IdentityProvider) -> tuple[str, ...]:
    """Whether the provider has a userinfo endpoint that is asked."""
    return ("userinfo",) if provider.kind == "OIDC" else ()


def _userinfo(
    pool: Pool, provider: IdentityProvider, at: Endpoints, access_token: str, subject: str
) -> dict[str, Any]:
    """What the userinfo endpoint adds; it must speak of the ID token's subject.

    OpenID Connect Core, section 5.3.4: otherwise it must not be used (token substitution).
    """
    url = provider.details.get("attributes_url") or (at.userinfo if provider.kind == "OIDC" else "")
    if not url or url.startswith(_PEOPLE_API):
        return {}
    method = provider.details.get("attributes_request_method", "GET")
    headers = {"Authorization": f"Bearer {access_token}"}
    form = {} if method == "POST" else None
    url = _with_fields(provider, url)
    said = ask(pool, provider.name, "userInfo endpoint", method, url, headers=headers, form=form)
    if said.get("sub") != subject:
        raise refused(f"{provider.name} Error - the userInfo response is another user's")
    return said


def _with_fields(provider: IdentityProvider, url: str) -> str:
    """The address of the attributes, with the mapped ones added where the provider wants them."""
    if provider.details.get("attributes_url_add_attributes") != "true":
        return url
    names = {"id", *(claim for name, claim in provider.mapping.items() if name != "username")}
    return url + quote(",".join(sorted(names - {"access_token"})), safe=",")


def _mapped_tokens(provider: IdentityProvider, tokens: Mapping[str, Any]) -> dict[str, str]:
    """The provider's tokens as claims, where the pool maps them to an attribute."""
    wanted = {"access_token", "id_token"} & set(provider.mapping.values())
    return {name: str(tokens[name]) for name in wanted if tokens.get(name)}


def _apple_name(user: str) -> dict[str, str]:
    """The name that Apple sends once, beside the code, and does not sign.

    Only the name is taken: an e-mail address is believed from the ID token alone.
    """
    try:
        name = json.loads(user[:5000])["name"]
        first, last = str(name["firstName"]), str(name["lastName"])
        f"{first}{last}".encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}
    return {"firstName": first, "lastName": last, "name": f"{first} {last}".strip()}
