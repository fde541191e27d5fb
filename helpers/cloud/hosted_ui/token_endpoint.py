"""/oauth2/token: a code, a refresh token or the app's own secret for tokens.

Source: developer guide, "Token endpoint"; RFC 6749, sections 4.1.3, 4.4, 5.2 and 6; RFC 7636.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from helpers.cloud import pkce
from helpers.cloud.errors import AwsError
from helpers.cloud.hosted_ui.client_authentication import authenticate, read_form
from helpers.cloud.hosted_ui.refusals import TokenRefusal, json_response
from helpers.cloud.hosted_ui.state import AuthorizationCode, HostedUiState
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.secret_hashes import hashed
from helpers.cloud.user_pools import resource_servers, sign_in, tokens
from helpers.cloud.user_pools.directory import App, user_with_sub

_NAMES = {
    "IdToken": "id_token",
    "AccessToken": "access_token",
    "RefreshToken": "refresh_token",
    "ExpiresIn": "expires_in",
    "TokenType": "token_type",
}

Grant = Callable[[App, Mapping[str, str]], dict[str, Any]]


def token(visit: Visit) -> Response:
    """POST /oauth2/token."""
    try:
        form = read_form(visit)
        grant_type = _required(form, "grant_type")
        if grant_type not in _GRANTS:
            raise TokenRefusal("unsupported_grant_type")
        app = authenticate(visit, form)
        result = _GRANTS[grant_type](app, form)
    except TokenRefusal as refusal:
        return refusal.response()
    return json_response(200, {_NAMES[k]: v for k, v in result.items() if k in _NAMES})


def _from_code(app: App, form: Mapping[str, str]) -> dict[str, Any]:
    """The authorization code grant."""
    if "code" not in (app.setting("AllowedOAuthFlows") or []):
        raise TokenRefusal("unauthorized_client")
    presented, redirect_uri = _required(form, "code"), _required(form, "redirect_uri")
    code = app.world.room(HostedUiState).codes.get(hashed(presented))
    if code is None or code.client_id != app.client.id:
        raise TokenRefusal("invalid_grant")
    _use_up(app, code)
    user = user_with_sub(app.pool, code.sub)
    unfit = user is None or not user.enabled or app.world.clock.now() >= code.expires
    unfit = unfit or code.times_disabled != app.pool.account(user).times_disabled
    # An address that the client has given up since is not trusted with tokens either.
    unfit = unfit or redirect_uri not in (app.setting("CallbackURLs") or [])
    if unfit or code.redirect_uri != redirect_uri or not _proves(form, code.challenge):
        raise TokenRefusal("invalid_grant")
    extra = {"nonce": code.nonce} if code.nonce else {}
    result = tokens.sign_in(app, user, scopes=code.scopes, extra_id_claims=extra, from_domain=True)
    code.origin_jti = tokens.origin_of(app, result["RefreshToken"])
    return result


def _use_up(app: App, code: AuthorizationCode) -> None:
    """A code serves once. Presented again, it also ends what it was exchanged for.

    RFC 6749, section 4.1.2: two parties hold the code, and one of them has stolen it.
    """
    if code.origin_jti is None:
        code.origin_jti = ""
        return
    tokens.revoke_grant(app.pool, code.origin_jti)
    raise TokenRefusal("invalid_grant")


def _proves(form: Mapping[str, str], challenge: str) -> bool:
    """Whether the verifier is the one that the challenge was made of (RFC 7636, section 4.6).

    A verifier without a challenge is refused too: the app believes it is protected.
    """
    verifier = form.get("code_verifier")
    return pkce.proves(verifier, challenge) if challenge else verifier is None


def _from_refresh_token(app: App, form: Mapping[str, str]) -> dict[str, Any]:
    """The refresh token grant. A new refresh token comes only with rotation."""
    presented = _required(form, "refresh_token")
    rotates = (app.setting("RefreshTokenRotation") or {}).get("Feature") == "ENABLED"
    try:
        if not rotates:
            sign_in.require_flow(app, "REFRESH_TOKEN_AUTH")
    except AwsError as refusal:
        raise TokenRefusal("unauthorized_client") from refusal
    try:
        return tokens.renew(app, presented, rotate=True)
    except AwsError as refusal:
        raise TokenRefusal("invalid_grant") from refusal


def _for_app_itself(app: App, form: Mapping[str, str]) -> dict[str, Any]:
    """The client credentials grant: custom scopes only, for an app with a secret."""
    if "client_credentials" not in (app.setting("AllowedOAuthFlows") or []):
        raise TokenRefusal("unauthorized_client")
    if not app.client.generate_secret:
        raise TokenRefusal("invalid_client")
    custom = resource_servers.scopes_of(app.pool)
    allowed = [s for s in app.setting("AllowedOAuthScopes") or [] if s in custom]
    asked = form.get("scope", "")
    scopes = tuple(dict.fromkeys(asked.split(" "))) if asked else tuple(allowed)
    if not scopes or not set(scopes) <= set(allowed):
        raise TokenRefusal("invalid_scope")
    return tokens.machine_token(app, scopes)


_GRANTS: Mapping[str, Grant] = {
    "authorization_code": _from_code,
    "refresh_token": _from_refresh_token,
    "client_credentials": _for_app_itself,
}


def _required(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise TokenRefusal("invalid_request")
    return form[name]
