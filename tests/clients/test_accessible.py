"""The pages, read by axe-core in a real browser."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from tests.clients.node import run
from tests.clients.sign_in_app import SignInApp
from tests.clients.tls import TlsFront


def test_the_pages_keep_the_accessibility_guidelines(
    node: Path, sign_in_app: SignInApp, tls: TlsFront, chromium: str
) -> None:
    app = sign_in_app
    asked = urlencode(
        {
            "client_id": app.client_id,
            "response_type": "code",
            "redirect_uri": app.callback,
            "scope": "openid",
        }
    )
    pages = {
        name: f"{app.base}/{name}?{asked}"
        for name in ("login", "signup", "confirm", "forgotPassword", "confirmForgotPassword")
    }
    pages["error"] = f"{app.base}/error?error=redirect_mismatch"
    pages["Google"] = f"{app.base}/oauth2/authorize?{asked}&identity_provider=Google"
    pages["Company"] = f"{app.base}/oauth2/authorize?{asked}&identity_provider=Company"
    pages["app"] = f"{app.callback}?code=x&state=y"
    settings = {"tls_port": tls.port, "chromium": chromium, "pages": pages}
    assert run(node, "accessible.mjs", settings) == {name: {"value": []} for name in pages}
