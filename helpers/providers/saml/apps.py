"""The service providers that the company's administrator has registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509

from helpers.providers.saml import uris
from helpers.providers.saml.encryption import ALGORITHMS
from helpers.providers.saml.keys import certificate_text, read_certificate

SIGN = ("assertion", "response", "both")
SLO_BINDINGS = ("post", "redirect")
_TEXTS = ("entity_id", "acs_url", "slo_url", "slo_binding", "name_id_format", "sign", "relay_state")
_TEXTS += ("encryption_algorithm", "name", "signing_certificate", "encryption_certificate")
_OPTIONS = (*_TEXTS, "one_time_use")


@dataclass(frozen=True)
class App:
    """A registered service provider, and how it wants its messages.

    `relay_state` goes with a sign-in that starts at the company's portal. Where a signing
    certificate is registered, unsigned requests are refused; where an encryption certificate is,
    assertions are encrypted.
    """

    entity_id: str
    acs_url: str
    slo_url: str = ""
    slo_binding: str = "post"
    name_id_format: str = uris.PERSISTENT
    sign: str = "assertion"
    signing_certificate: x509.Certificate | None = None
    encryption_certificate: x509.Certificate | None = None
    encryption_algorithm: str = "aes256-gcm"
    one_time_use: bool = False
    relay_state: str = ""
    name: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For the control interface."""
        shown = {name: getattr(self, name) for name in _OPTIONS}
        for name in ("signing_certificate", "encryption_certificate"):
            shown[name] = certificate_text(shown[name]) if shown[name] else None
        return shown


def read_app(data: Mapping[str, Any]) -> App:
    """An app out of a registration. ValueError says what is wrong with it."""
    unknown = sorted(set(data) - set(_OPTIONS))
    if unknown:
        raise ValueError(f"unknown options {unknown}; there are {sorted(_OPTIONS)}")
    given = {k: v for k, v in data.items() if v is not None}
    for name in _TEXTS:
        text = given.get(name, "")
        # A certificate in PEM has line ends; no other text may hold what XML cannot.
        if not isinstance(text, str) or not "".join(text.split()).isprintable():
            raise ValueError(f"{name} must be a printable text")
    if not isinstance(given.get("one_time_use", False), bool):
        raise ValueError("one_time_use must be true or false")
    if not given.get("entity_id") or len(given["entity_id"]) > 1024:
        raise ValueError("entity_id must be a text of 1 to 1024 characters")
    _check_url("acs_url", given.get("acs_url", ""))
    if given.get("slo_url"):
        _check_url("slo_url", given["slo_url"])
    _check_choice("sign", given.get("sign", "assertion"), SIGN)
    _check_choice("slo_binding", given.get("slo_binding", "post"), SLO_BINDINGS)
    algorithm = given.get("encryption_algorithm", "aes256-gcm")
    _check_choice("encryption_algorithm", algorithm, tuple(ALGORITHMS))
    if "name_id_format" in given:
        given["name_id_format"] = name_id_format(given["name_id_format"])
    for name in ("signing_certificate", "encryption_certificate"):
        if name in given:
            given[name] = _certificate(name, given[name])
    given.setdefault("name", urlsplit(given["acs_url"]).hostname)
    return App(**given)


def name_id_format(text: str) -> str:
    """The URI of a NameID format, given as URI or as its last word. ValueError if unknown."""
    uri = uris.NAME_ID_FORMATS.get(text, text)
    if uri not in uris.NAME_ID_FORMATS.values():
        raise ValueError(f"name_id_format must be one of {sorted(uris.NAME_ID_FORMATS)}")
    return uri


def _check_choice(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name} must be one of {list(known)}")


def _check_url(name: str, value: str) -> None:
    try:
        parts = urlsplit(value)
        local = parts.hostname in ("127.0.0.1", "localhost")
        good = parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and local))
        good = good and not (parts.username or parts.password or parts.fragment)
    except ValueError:
        good = False
    if not good or len(value) > 2048 or any(c.isspace() or not c.isprintable() for c in value):
        raise ValueError(f"{name} must be an https URL")


def _certificate(name: str, text: str) -> x509.Certificate:
    try:
        return read_certificate(text)
    except ValueError as wrong:
        raise ValueError(f"{name}: {wrong}") from None
