"""Login with Amazon, as its developer guide for websites describes it. Plain OAuth 2.0."""

from __future__ import annotations

import string
import time

from flask import Response, jsonify, request

from helpers.providers import endpoints
from helpers.providers.apps import App
from helpers.providers.authorization_server import AuthorizationServer
from helpers.providers.brand import Brand, Claims
from helpers.providers.ids import Ids, fixed
from helpers.providers.provider import Provider
from helpers.providers.site import Route

_API = "https://api.amazon.com"
_BASE32 = string.ascii_uppercase + "234567"
_CLAIMS_OF_SCOPE = {
    "profile": ("name", "email"),
    "profile:user_id": (),
    "postal_code": ("postal_code",),
}
_POSTCODES = {"alice": "98109-5210", "bob": "10001-2062", "carol": "60601-7632"}


class Amazon(Brand):
    """https://www.amazon.com, with its API at https://api.amazon.com."""

    name = "Amazon"
    colour, ink = "#ffd814", "#0f1111"
    issuer = "https://www.amazon.com"
    authorize_url = "https://www.amazon.com/ap/oa"
    token_url = f"{_API}/auth/o2/token"
    features = frozenset({"profile", "plain"})
    subject_claim = "user_id"
    scopes = tuple(_CLAIMS_OF_SCOPE)
    scope_required = True
    token_type = "bearer"

    def claims_of(self, username: str, basic: Claims) -> Claims:
        """amzn1.account.<28 characters of base32> as user id."""
        return {
            "user_id": f"amzn1.account.{fixed(_BASE32, 28, self.issuer, username)}",
            "name": basic["name"],
            "email": basic["email"],
            "postal_code": _POSTCODES[username],
        }

    def new_app(self, ids: Ids, redirect_uris: tuple[str, ...]) -> App:
        """A security profile's ids."""
        client_id = f"amzn1.application-oa2-client.{ids.hex(32)}"
        app = self.app(client_id, f"amzn1.oa2-cs.v1.{ids.hex(64)}", redirect_uris)
        app.app_id = f"amzn1.application.{ids.hex(32)}"
        return app

    def new_code(self, ids: Ids) -> str:
        """AN…"""
        return f"AN{ids.pick(string.ascii_letters, 18)}"

    def new_access_token(self, ids: Ids) -> str:
        """Atza|…, 350 characters or more."""
        return f"Atza|{ids.token(350)}"

    def new_refresh_token(self, ids: Ids) -> str:
        """Atzr|…"""
        return f"Atzr|{ids.token(350)}"

    def selected(self, claims: Claims, scopes: list[str]) -> Claims:
        """The user id, and what the scopes ask for."""
        names = [name for scope in scopes for name in _CLAIMS_OF_SCOPE.get(scope, ())]
        return {name: claims[name] for name in ("user_id", *names) if name in claims}

    def denied(self) -> Claims:
        """Access not permitted."""
        return {"error": "access_denied", "error_description": "Access not permitted."}

    def token_answer(self, token: Claims) -> None:
        """The answer does not repeat the scope."""
        token.pop("scope", None)


def routes(server: AuthorizationServer) -> list[Route]:
    """The customer profile, and what a token was issued for."""
    provider = server.provider
    return [
        (f"{_API}/user/profile", lambda: _profile(provider), ("GET",)),
        (f"{_API}/auth/o2/tokeninfo", lambda: _tokeninfo(provider), ("GET",)),
    ]


def _profile(provider: Provider) -> Response:
    """Token as bearer token, in x-amz-access-token or in the query."""
    instead = provider.answer("profile")
    if instead:
        return instead
    found = endpoints.bearer(provider, query=True, header="x-amz-access-token")
    if found is None:
        return _no_token()
    scopes = found.scope.split()
    return endpoints.profile(
        provider, provider.brand.selected(endpoints.about(provider, found), scopes)
    )


def _tokeninfo(provider: Provider) -> Response:
    """Whose token it is and, above all, which app's: `aud` must be compared with one's own."""
    found = provider.records.by_access_token(request.args.get("access_token", ""))
    if found is None:
        return _no_token()
    app = provider.records.apps.get(found.client_id)
    return jsonify(
        iss=provider.brand.issuer,
        user_id=endpoints.about(provider, found)["user_id"],
        aud=found.client_id,
        app_id=app.app_id if app else f"amzn1.application.{found.client_id}",
        exp=int(found.expires_at - time.time()),
        iat=int(found.issued_at),
    )


def _no_token() -> Response:
    text = "The request has an invalid parameter : access_token"
    return endpoints.refusal(400, "invalid_token", text)
