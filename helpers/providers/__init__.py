"""Outside identity providers, and how a notebook talks to them.

    from helpers import providers
    google = providers.google()
    app = google.register("https://photos.auth.us-east-1.amazoncognito.com/oauth2/idpresponse")

They are strangers to the cloud. A handle only sends HTTP requests to the provider's own host.
"""

from importlib import import_module
from typing import Any

from helpers.providers.handle import App, Provider, ProviderError

__all__ = [
    "App",
    "Provider",
    "ProviderError",
    "amazon",
    "apple",
    "company_directory",
    "facebook",
    "google",
    "openid",
]


def google() -> Provider:
    """Google: https://accounts.google.com."""
    return Provider("Google", "https://accounts.google.com")


def apple() -> Provider:
    """Sign in with Apple: https://appleid.apple.com."""
    return Provider("Apple", "https://appleid.apple.com")


def amazon() -> Provider:
    """Login with Amazon: https://www.amazon.com."""
    return Provider("Amazon", "https://www.amazon.com")


def facebook() -> Provider:
    """Facebook: https://www.facebook.com."""
    return Provider("Facebook", "https://www.facebook.com")


def openid() -> Provider:
    """A provider by the book: https://login.example.org."""
    return Provider("Example Login", "https://login.example.org")


def company_directory() -> Any:
    """A company's SAML 2.0 identity provider: https://idp.example.com."""
    return import_module("helpers.providers.saml.handle").company_directory()
