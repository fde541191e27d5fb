"""What a user pool sends to a SAML provider: pysaml2 reads it as a provider does."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.response import IncorrectlySigned
from saml2.server import Server

from helpers.cloud.federation import saml
from helpers.cloud.federation.profile import FederationError
from helpers.cloud.federation.saml.keys import signing_key
from tests.cloud.federation.saml.company import (
    ACS,
    AUDIENCE,
    DS,
    ENTITY,
    POOL,
    RETURN,
    SAMLP,
    SLO,
    SSO,
    Company,
    shown,
)


@pytest.fixture
def provider_of(pool: Any, company: Company, tmp_path: Path) -> Callable[..., Server]:
    """A pysaml2 identity provider that knows the pool and its certificate."""
    key_file = tmp_path / "key.pem"
    key_file.write_bytes(
        company.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )

    def make(*, signs: bool) -> Server:
        certificate = signing_key(pool.world, pool.id).certificate
        keys = (
            f'<KeyDescriptor use="signing"><KeyInfo xmlns="{DS}"><X509Data><X509Certificate>'
            f"{shown(certificate)}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        )
        known = (
            '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"'
            f' entityID="{AUDIENCE}"><SPSSODescriptor protocolSupportEnumeration="{SAMLP}">'
            f'{keys}<SingleLogoutService Binding="{BINDING_HTTP_POST}" Location="{RETURN}"/>'
            f'<AssertionConsumerService Binding="{BINDING_HTTP_POST}" Location="{ACS}"'
            ' index="0"/></SPSSODescriptor></EntityDescriptor>'
        )
        endpoints = {
            "single_sign_on_service": [(SSO, BINDING_HTTP_REDIRECT)],
            "single_logout_service": [(SLO, BINDING_HTTP_REDIRECT)],
        }
        settings = {
            "entityid": ENTITY,
            "key_file": str(key_file),
            "xmlsec_binary": sys.executable,  # not run: nothing here has a signature inside
            "service": {"idp": {"endpoints": endpoints, "want_authn_requests_signed": signs}},
            "metadata": {"inline": [known]},
        }
        return Server(config=IdPConfig().load(settings))

    return make


def _query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_pysaml2_reads_the_request(
    pool: Any, configured: Callable[..., Any], provider_of: Callable[..., Server]
) -> None:
    departure = saml.depart(pool, configured(), ACS, "state of the page")
    sent = _query(departure.url)
    assert departure.url.startswith(f"{SSO}?")
    assert set(sent) == {"SAMLRequest", "RelayState"}
    assert sent["RelayState"] == "state of the page"
    read = provider_of(signs=False).parse_authn_request(sent["SAMLRequest"], BINDING_HTTP_REDIRECT)
    request = read.message
    assert request.issuer.text == AUDIENCE == f"urn:amazon:cognito:sp:{POOL}"
    assert request.id == departure.secrets["request_id"]
    assert request.assertion_consumer_service_url == ACS
    assert request.destination == SSO
    assert request.force_authn is None
    assert "alice" not in departure.url


def test_pysaml2_verifies_the_signed_request(
    pool: Any, configured: Callable[..., Any], provider_of: Callable[..., Server]
) -> None:
    provider = configured(RequestSigningAlgorithm="rsa-sha256")
    sent = _query(saml.depart(pool, provider, ACS, "/a?b=c&d=é").url)
    idp = provider_of(signs=True)

    def read(**changed: str) -> Any:
        given = {**sent, **changed}
        return idp.parse_authn_request(
            given["SAMLRequest"],
            BINDING_HTTP_REDIRECT,
            relay_state=given["RelayState"],
            sigalg=given["SigAlg"],
            signature=given["Signature"],
        )

    assert read().message.issuer.text == AUDIENCE
    other = _query(saml.depart(pool, provider, ACS, "x").url)
    for changed in ({"RelayState": "x"}, {"Signature": other["Signature"]}):
        with pytest.raises(IncorrectlySigned):
            read(**changed)


def test_the_signature_is_over_the_query_as_it_is_sent(
    pool: Any, configured: Callable[..., Any]
) -> None:
    provider = configured(RequestSigningAlgorithm="rsa-sha256")
    url = saml.depart(pool, provider, ACS, "a b").url
    query, _, _ = urlsplit(url).query.partition("&Signature=")
    certificate: x509.Certificate = signing_key(pool.world, POOL).certificate
    signature = base64.b64decode(_query(url)["Signature"])
    public: Any = certificate.public_key()
    public.verify(signature, query.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_prompt_login_asks_the_provider_to_authenticate_again(
    pool: Any, configured: Callable[..., Any], provider_of: Callable[..., Server]
) -> None:
    hints = {"prompt": "login", "login_hint": "alice@example.com"}
    sent = _query(saml.depart(pool, configured(), ACS, "s", hints).url)
    idp = provider_of(signs=False)
    request = idp.parse_authn_request(sent["SAMLRequest"], BINDING_HTTP_REDIRECT).message
    assert request.force_authn == "true"
    assert request.subject is None
    for prompt in ("select_account", "none", "consent", "loginx"):
        url = saml.depart(pool, configured(), ACS, "s", {"prompt": prompt}).url
        sent = _query(url)
        request = idp.parse_authn_request(sent["SAMLRequest"], BINDING_HTTP_REDIRECT).message
        assert request.force_authn is None


def test_no_request_is_like_another(pool: Any, configured: Callable[..., Any]) -> None:
    first, second = (saml.depart(pool, configured(), ACS, "s") for _ in range(2))
    assert first.secrets != second.secrets


def test_an_address_with_a_query_keeps_it(
    pool: Any, configured: Callable[..., Any], company: Any
) -> None:
    sso = f'<md:SingleSignOnService Binding="{{redirect}}" Location="{SSO}?tenant=1"/>'
    provider = configured(MetadataFile=company.metadata(sso=sso))
    assert saml.depart(pool, provider, ACS, "s").url.startswith(f"{SSO}?tenant=1&SAMLRequest=")


def test_nobody_is_sent_away_without_metadata(pool: Any, configured: Callable[..., Any]) -> None:
    provider = configured(MetadataFile="", MetadataURL="https://nowhere.test/")
    with pytest.raises(FederationError, match="Unable to contact the configured provider"):
        saml.depart(pool, provider, ACS, "s")
