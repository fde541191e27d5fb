"""How an answer gets from the authorization endpoint to the app (`response_mode`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from authlib.common.urls import add_params_to_uri
from flask import render_template

from helpers.providers.brand import Brand
from helpers.providers.pages import POST_BACK


def deliver(
    brand: Brand, uri: str, params: Mapping[str, Any], asked: Mapping[str, str]
) -> tuple[int, str, list[tuple[str, str]]]:
    """Bring parameters to an app: by redirect, or by a form that the browser posts.

    OAuth 2.0 Form Post Response Mode. Parameters that are None are left out. The answer is
    (status, body, headers), as Authlib's grants give it.
    """
    given = {name: value for name, value in params.items() if value is not None}
    if asked.get("response_mode") == "form_post" and "form_post" in brand.response_modes:
        page = render_template("form_post.html", uri=uri, params=given, script=POST_BACK)
        return 200, page, [("Content-Type", "text/html; charset=utf-8")]
    return 302, "", [("Location", add_params_to_uri(uri, list(given.items())))]
