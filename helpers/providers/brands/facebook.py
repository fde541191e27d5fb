"""Facebook Login, as "Manually Build a Login Flow" and the Graph API reference describe it."""

from __future__ import annotations

import hashlib
import hmac
import string
from collections.abc import Mapping
from typing import Any

from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from flask import Request, Response, jsonify, request
from werkzeug.datastructures import MultiDict

from helpers.providers import endpoints, sign_in
from helpers.providers.apps import App
from helpers.providers.authorization_server import AuthorizationServer
from helpers.providers.brand import Brand, Claims
from helpers.providers.ids import Ids, fixed
from helpers.providers.provider import Provider
from helpers.providers.records import Token
from helpers.providers.site import Route

_WWW, _GRAPH = "https://www.facebook.com", "https://graph.facebook.com"
_VERSION = "v<int:version>.0"
# Fields of a User that the course has, and the permission that each one needs.
_FIELDS = {
    "id": "",
    "name": "public_profile",
    "first_name": "public_profile",
    "last_name": "public_profile",
    "short_name": "public_profile",
    "picture": "public_profile",
    "email": "email",
}


class Facebook(Brand):
    """https://www.facebook.com, with its API at https://graph.facebook.com."""

    name = "Facebook"
    colour = "#0866ff"
    issuer = _WWW
    authorize_url = f"{_WWW}/{_VERSION}/dialog/oauth"
    token_url = f"{_GRAPH}/{_VERSION}/oauth/access_token"
    features = frozenset({"profile", "plain"})
    subject_claim = "id"
    scopes = ("public_profile", "email")
    default_scope = "public_profile"
    auth_methods = ("client_secret_post",)
    token_methods = ("GET", "POST")
    token_type = "bearer"
    code_seconds = 600
    token_seconds = 5_184_000

    def claims_of(self, username: str, basic: Claims) -> Claims:
        """Digits as id. Facebook says nothing about whether an e-mail address was verified."""
        number = fixed(string.digits, 15, self.issuer, username)
        return {
            "id": f"10{number}",
            "name": basic["name"],
            "first_name": basic["given_name"],
            "last_name": basic["family_name"],
            "short_name": basic["given_name"],
            "email": basic["email"],
            "picture": _picture(number),
        }

    def new_app(self, ids: Ids, redirect_uris: tuple[str, ...]) -> App:
        """An app id of digits and a secret of hexadecimal digits."""
        return self.app(ids.digits(16), ids.hex(32), redirect_uris)

    def new_code(self, ids: Ids) -> str:
        """AQ…"""
        return f"AQ{ids.token(100)}"

    def new_access_token(self, ids: Ids) -> str:
        """EAA…"""
        return f"EAA{ids.pick(string.ascii_letters + string.digits, 180)}"

    def offers_refresh_token(self, asked: Mapping[str, str], first: bool) -> bool:
        """Never: there are long-lived access tokens instead."""
        return False

    def as_oauth(self, request: Request) -> FlaskOAuth2Request:
        """Parameters in query or form; response_type and grant_type can be left out."""
        return _Request(request)

    def problem(self, asked: Mapping[str, str]) -> tuple[str, str] | None:
        """Unknown permissions are named on the page."""
        wanted = asked.get("scope", "").replace(",", " ").split()
        unknown = ", ".join(name for name in wanted if name not in self.scopes)
        return ("invalid_scope", f"Invalid Scopes: {unknown}") if unknown else None

    def denied(self) -> Claims:
        """Facebook says the same in four ways."""
        return {
            "error": "access_denied",
            "error_code": "200",
            "error_description": "Permissions error",
            "error_reason": "user_denied",
        }

    def wrong_redirect(self) -> tuple[int, str, str]:
        """URL blocked."""
        text = "This redirect failed because the URI is not on the app's list of valid addresses."
        return 400, "url_blocked", text

    def unknown_client(self) -> tuple[int, str, str]:
        """Invalid app id."""
        return 400, "invalid_app_id", "The provided app ID does not look like a valid app ID."

    def token_answer(self, token: Claims) -> None:
        """The answer does not repeat the scope."""
        token.pop("scope", None)

    def refused_token(self, answer: Response) -> Response:
        """The Graph API's own form of errors."""
        said = answer.get_json(silent=True) or {}
        text = said.get("error_description") or said.get("error") or "Error validating request."
        return _graph_error(text, 1 if said.get("error") == "invalid_client" else 100)


def routes(server: AuthorizationServer) -> list[Route]:
    """The Graph API's nodes, with a version and without; the same for the dialog."""
    provider = server.provider
    nodes = [("me", _me), ("app", _app), ("debug_token", _debug_token)]
    graph = [
        (f"{_GRAPH}/{before}{name}", _view(provider, node), ("GET",))
        for name, node in nodes
        for before in ("", f"{_VERSION}/")
    ]
    token = (f"{_GRAPH}/oauth/access_token", _view(server, endpoints.token), ("GET", "POST"))
    dialog = (f"{_WWW}/dialog/oauth", _view(server, sign_in.authorize), ("GET", "POST"))
    return [*graph, token, dialog]


class _Payload(FlaskOAuth2Payload):
    @property
    def data(self) -> MultiDict[str, str]:
        given = MultiDict(self._request.values)
        given.setdefault("response_type", "code")
        given.setdefault("grant_type", "authorization_code")
        if "scope" in given:  # Facebook's are separated by commas
            given.setlist("scope", [s.replace(",", " ") for s in given.getlist("scope")])
        return given


class _Request(FlaskOAuth2Request):
    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.payload = _Payload(request)

    @property
    def form(self) -> MultiDict[str, str]:
        return self.payload.data


def _view(provider: Provider, node: Any) -> Any:
    return lambda **_: node(provider)


def _me(provider: Provider) -> Response:
    """The person of the token: only the fields asked for, and only those permitted."""
    instead = provider.answer("profile")
    if instead:
        return instead
    found = endpoints.bearer(provider, query=True)
    if found is None:
        return _graph_error("Invalid OAuth access token.", 190)
    if not _proven(provider, found):
        text = "Invalid appsecret_proof provided in the API argument"
        return _graph_error(text, 100, "GraphMethodException")
    asked = request.args.get("fields", "id,name").replace(" ", "").split(",")
    unknown = [name for name in asked if name not in _FIELDS]
    if unknown:
        text = f"(#100) Tried accessing nonexisting field ({unknown[0]}) on node type (User)"
        return _graph_error(text, 100)
    claims, allowed = endpoints.about(provider, found), ["", *found.scope.split()]
    wanted = [name for name in ("id", *asked) if _FIELDS[name] in allowed and name in claims]
    return endpoints.profile(provider, {name: claims[name] for name in wanted})


def _app(provider: Provider) -> Response:
    """The app of the token: "Application" in the Graph API reference."""
    found = endpoints.bearer(provider, query=True)
    if found is None:
        return _graph_error("Invalid OAuth access token.", 190)
    if not _proven(provider, found):
        text = "Invalid appsecret_proof provided in the API argument"
        return _graph_error(text, 100, "GraphMethodException")
    link = f"{_WWW}/games/?app_id={found.client_id}"
    return jsonify(
        category="Utilities & productivity", link=link, name="Photos", id=found.client_id
    )


def _proven(provider: Provider, found: Token) -> bool:
    """Whether appsecret_proof, if sent, was made with the secret of the token's own app."""
    proof, app = request.args.get("appsecret_proof"), provider.records.apps.get(found.client_id)
    if proof is None:
        return True
    secret = app.client_secret.encode() if app else b""
    right = hmac.new(secret, found.access_token.encode(), hashlib.sha256).hexdigest()
    return app is not None and hmac.compare_digest(right.encode(), proof.encode())


def _debug_token(provider: Provider) -> Response:
    """Whose token it is, asked by an app with "<app id>|<app secret>" as its access token."""
    asker = _asking_app(provider)
    if asker is None:
        return _graph_error("Invalid OAuth access token.", 190)
    found = provider.records.by_access_token(request.args.get("input_token", ""))
    if found is None:
        return _not_valid("Invalid OAuth access token.", 190)
    if found.client_id != asker.client_id:
        return _not_valid("(#100) The App_id in the input_token did not match the Viewing App", 100)
    data = {
        "app_id": found.client_id,
        "type": "USER",
        "application": "Photos",
        "expires_at": int(found.expires_at),
        "is_valid": True,
        "issued_at": int(found.issued_at),
        "scopes": found.scope.split(),
        "user_id": endpoints.about(provider, found)["id"],
    }
    return jsonify(data=data)


def _asking_app(provider: Provider) -> App | None:
    name, _, secret = request.args.get("access_token", "").partition("|")
    app = provider.records.apps.get(name)
    return app if app and app.check_client_secret(secret) else None


def _not_valid(text: str, code: int) -> Response:
    return jsonify(data={"error": {"code": code, "message": text}, "is_valid": False, "scopes": []})


def _graph_error(text: str, code: int, kind: str = "OAuthException") -> Response:
    answer = jsonify(error={"message": text, "type": kind, "code": code, "fbtrace_id": "A0"})
    answer.status_code = 400
    answer.headers["WWW-Authenticate"] = 'OAuth "Facebook Platform" "invalid_request"'
    return answer


def _picture(number: str) -> Claims:
    url = f"https://platform-lookaside.fbsbx.com/platform/profilepic/?asid={number}"
    return {"data": {"height": 50, "is_silhouette": False, "url": url, "width": 50}}
