"""Proof that an app knows its client secret."""

from __future__ import annotations

import base64
import hmac

from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools.directory import App


def check_secret_hash(app: App, username: str, given: str | None) -> None:
    """Refuse a request without the secret hash, where the client has a secret.

    The hash is base64 HMAC-SHA256(client secret, username + client id), over the username as the
    app sent it. Source: developer guide, "Computing secret hash values".
    """
    if not app.client.generate_secret:
        return
    client_id = app.client.id
    if not given:
        message = f"Client {client_id} is configured with secret but SECRET_HASH was not received"
        raise AwsError("NotAuthorizedException", message)
    if not hmac.compare_digest(_octets(secret_hash(app, username)), _octets(given)):
        message = f"Unable to verify secret hash for client {client_id}"
        raise AwsError("NotAuthorizedException", message)


def secret_hash(app: App, username: str) -> str:
    """What an app that knows the client's secret computes for a username."""
    digest = hmac.digest(app.client.secret.encode(), _octets(username + app.client.id), "sha256")
    return base64.b64encode(digest).decode()


def check_client_secret(app: App, given: str | None, code: str) -> None:
    """Refuse, with this error code, a request without the secret itself, where there is one."""
    if not app.client.generate_secret:
        return
    if not hmac.compare_digest(_octets(given or ""), _octets(app.client.secret)):
        raise AwsError(code, f"Unable to verify secret for client {app.client.id}")


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
