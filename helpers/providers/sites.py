"""Every outside host of the course, with the web site that answers there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec

from helpers.providers import photo_app
from helpers.providers.brands.amazon import Amazon
from helpers.providers.brands.apple import Apple
from helpers.providers.brands.facebook import Facebook
from helpers.providers.brands.google import Google
from helpers.providers.brands.openid import OpenId
from helpers.providers.provider import Provider

WSGIApp = Callable[..., Iterable[bytes]]


def sites(seed: int | None = None) -> dict[str, WSGIApp]:
    """Host name → WSGI application, all with fresh state.

    With the same seed the same codes, tokens and client ids come on every run; signing keys are
    always new.
    """
    everything: dict[str, WSGIApp] = {photo_app.HOST: photo_app.photo_app()}
    for brand in (Google(), Apple(), Amazon(), Facebook(), OpenId()):
        everything |= Provider(brand, seed).hosts()
    if find_spec("helpers.providers.saml") and find_spec("helpers.providers.saml.site"):
        everything |= import_module("helpers.providers.saml.site").sites(seed)
    return everything
