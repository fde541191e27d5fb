"""What programs ask a provider: tokens, keys, metadata, profiles."""

from __future__ import annotations

from typing import Any

from authlib.oauth2 import OAuth2Error
from flask import Response, jsonify, request

from helpers.providers.authorization_server import AuthorizationServer
from helpers.providers.provider import Provider
from helpers.providers.records import Token


def token(server: AuthorizationServer) -> Any:
    """The token endpoint (RFC 6749, section 3.2)."""
    provider = server.provider
    instead = provider.answer("token")
    if instead:
        return instead
    try:
        answer = server.create_token_response()
    except ValueError:
        # Authlib's, for characters that an error_description must not hold.
        answer = refusal(400, "invalid_request", "A parameter has an odd value.")
    return answer if answer.status_code == 200 else provider.brand.refused_token(answer)


def keys(provider: Provider) -> Response:
    """The key set (RFC 7517)."""
    instead = provider.answer("keys")
    return instead or _public(provider.keys.key_set())


def discovery(provider: Provider) -> Response:
    """The discovery document (OpenID Connect Discovery, section 4)."""
    document = provider.brand.discovery()
    provider.at("discovery", document)
    return _public(document)


def userinfo(provider: Provider) -> Response:
    """The userinfo endpoint (OpenID Connect Core, section 5.3)."""
    instead = provider.answer("profile")
    if instead:
        return instead
    found = bearer(provider)
    if found is None or "openid" not in found.scope.split():
        answer = refusal(401, "invalid_token", "The access token is not valid here.")
        answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return answer
    return profile(provider, provider.brand.selected(about(provider, found), found.scope.split()))


def about(provider: Provider, found: Token) -> dict[str, Any]:
    """What the provider says of the person whose token it is."""
    person = provider.people.named(found.username)
    return provider.claims_of(person) if person else {}


def profile(provider: Provider, claims: dict[str, Any]) -> Response:
    """A profile as JSON, after the fault in force had its chance."""
    provider.at("userinfo", claims, provider.brand.subject_claim)
    return jsonify(claims)


def bearer(provider: Provider, *, query: bool = False, header: str = "") -> Token | None:
    """The live token that the request carries (RFC 6750, section 2).

    In the Authorization header; with `query` also as the parameter access_token, with `header`
    also in a header of that name.
    """
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    found = text.strip() if kind.lower() == "bearer" else ""
    if not found and header:
        found = request.headers.get(header, "")
    if not found and query:
        found = request.values.get("access_token", "")
    return provider.records.by_access_token(found)


def refusal(status: int, error: str, description: str) -> Response:
    """An OAuth error as JSON (RFC 6749, section 5.2)."""
    answer = jsonify(error=error, error_description=description)
    answer.status_code = status
    return answer


def revocation(server: AuthorizationServer) -> Response:
    """The revocation endpoint (RFC 7009): the app proves itself and takes its token back."""
    provider = server.provider
    try:
        methods = list(provider.brand.auth_methods)
        asked = server.create_oauth2_request(None)
        app = server.authenticate_client(asked, methods, "revocation")
    except OAuth2Error as error:
        return server.handle_error_response(None, error)
    except ValueError:
        return refusal(400, "invalid_request", "A parameter has an odd value.")
    text = request.form.get("token", "")
    found = provider.records.by_access_token(text) or provider.records.by_refresh_token(text)
    if not text:
        return refusal(400, "invalid_request", "The parameter token is missing.")
    if found and found.check_client(app):
        revoke(provider, found)
    return Response("", 200)


def revoke(provider: Provider, found: Token) -> None:
    """Take back a token and all that came from the same sign-in."""
    found.revoked = True
    if found.code:
        provider.records.revoke_all_of(found.code)


def _public(data: dict[str, Any]) -> Response:
    answer = jsonify(data)
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
