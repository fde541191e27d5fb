"""Which app calls an endpoint, and the proof that it is that app.

Source: RFC 6749, section 2.3.1 (client_secret_basic and client_secret_post).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import unquote_plus

from helpers.cloud.hosted_ui.refusals import TokenRefusal
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.secret_hashes import same
from helpers.cloud.user_pools.directory import App
from helpers.cloud.web import PageError


def read_form(visit: Visit) -> dict[str, str]:
    """The form of an endpoint for apps. TokenRefusal invalid_request if it is none."""
    if visit.request.mimetype != "application/x-www-form-urlencoded" or visit.request.args:
        raise TokenRefusal("invalid_request")
    try:
        return visit.form
    except PageError as repeated:
        raise TokenRefusal("invalid_request") from repeated


def authenticate(visit: Visit, form: Mapping[str, str], status: int = 400) -> App:
    """The app client that calls, its secret proved if it has one.

    TokenRefusal invalid_client with this HTTP status. The secret comes in the Authorization
    header or in the form, never in both.
    """
    client_id, secret = form.get("client_id", ""), form.get("client_secret")
    header = visit.request.headers.get("Authorization", "")
    if header:
        basic_id, basic_secret = _basic(header, status)
        if secret is not None or client_id not in ("", basic_id):
            raise TokenRefusal("invalid_request")
        client_id, secret = basic_id, basic_secret
    if not client_id:
        raise TokenRefusal("invalid_request")
    client = visit.pool.resource.clients.get(client_id)
    if client is None:
        raise TokenRefusal("invalid_client", status=status)
    # A client without a secret that sends one is as wrong as one that sends a wrong one.
    expected = client.secret if client.generate_secret else ""
    if not same(secret or "", expected or ""):
        raise TokenRefusal("invalid_client", status=status)
    app = App(visit.pool, client)
    if not app.setting("AllowedOAuthFlowsUserPoolClient"):
        raise TokenRefusal("unauthorized_client")
    return app


def _basic(header: str, status: int) -> tuple[str, str]:
    """Id and secret in a Basic header, each form-encoded."""
    scheme, _, encoded = header.partition(" ")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as garbled:
        raise TokenRefusal("invalid_client", status=status) from garbled
    if scheme.lower() != "basic" or ":" not in text:
        raise TokenRefusal("invalid_client", status=status)
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)
