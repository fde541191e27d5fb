"""All outside sites, built anew."""

from __future__ import annotations

from helpers.providers import photo_app
from helpers.providers.brands.amazon import Amazon
from helpers.providers.brands.apple import Apple
from helpers.providers.brands.facebook import Facebook
from helpers.providers.brands.google import Google
from helpers.providers.brands.openid import OpenId
from helpers.providers.provider import Provider
from helpers.providers.saml import site as company_directory
from helpers.providers.sites import WSGIApp


def build(seed: int | None) -> dict[str, WSGIApp]:
    """Host name → WSGI application, for every host of the course."""
    everything: dict[str, WSGIApp] = {photo_app.HOST: photo_app.photo_app()}
    for brand in (Google(), Apple(), Amazon(), Facebook(), OpenId()):
        everything |= Provider(brand, seed).hosts()
    return everything | company_directory.sites(seed)
