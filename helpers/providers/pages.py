"""How pages look, and the headers that keep them safe."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from flask import Response

# The only script of any page: it presses the button of the form that goes back to the app.
POST_BACK = "document.forms[0].submit()"
# Who may show a page in a frame: the pages of a notebook come from this machine.
_FRAMES = "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"


@cache
def look(colour: str, ink: str) -> str:
    """The style sheet, with the colour of a brand and the colour of text upon it."""
    sheet = files("helpers.providers").joinpath("templates", "style.css").read_text("utf-8")
    return f":root{{--brand:{colour};--ink:{ink}}}\n{sheet}"


def secured(answer: Response) -> Response:
    """Add the headers that every answer of a site has.

    No form-action among them: browsers apply it to the redirect that follows a form.
    """
    headers = answer.headers
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Cache-Control", "no-store")
    if answer.mimetype == "text/html":
        # A strict-origin Referer keeps the query, where states and codes are, to the page.
        headers["Referrer-Policy"] = "strict-origin"
        headers["Content-Security-Policy"] = _policy(answer.get_data(as_text=True))
    return answer


def _policy(page: str) -> str:
    """Only the page's own style, and its own script if it is the one that we know."""
    style = page.partition("<style>")[2].partition("</style>")[0]
    rules = ["default-src 'none'", f"style-src '{_fingerprint(style)}'", "base-uri 'none'", _FRAMES]
    if f"<script>{POST_BACK}</script>" in page:
        rules.append(f"script-src '{_fingerprint(POST_BACK)}'")
    return "; ".join(rules)


def _fingerprint(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
