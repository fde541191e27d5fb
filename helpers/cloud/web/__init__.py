"""What the cloud's web pages share: reading a browser's request, and answering it with a page."""

from __future__ import annotations

from helpers.cloud.web.callback import Callback, TellApp
from helpers.cloud.web.pages import HEADERS, form_page, page, problem_page, style_sheet
from helpers.cloud.web.visit import PageError, Visit, single

__all__ = [
    "HEADERS",
    "Callback",
    "PageError",
    "TellApp",
    "Visit",
    "form_page",
    "page",
    "problem_page",
    "single",
    "style_sheet",
]
