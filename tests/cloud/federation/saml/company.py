"""A tiny SAML provider for these tests: it signs what it is told to."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod, XMLSigner
from signxml.algorithms import CanonicalizationMethod

ENTITY = "https://login.company.test/metadata"
SSO = "https://login.company.test/sso"
SLO = "https://login.company.test/slo"
POOL = "us-east-1_a1b2c3d4e"
AUDIENCE = f"urn:amazon:cognito:sp:{POOL}"
ACS = "https://shop.auth.us-east-1.amazoncognito.com/saml2/idpresponse"
RETURN = "https://shop.auth.us-east-1.amazoncognito.com/saml2/logout"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
DS = "http://www.w3.org/2000/09/xmldsig#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"
EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
PLACE = f'<ds:Signature xmlns:ds="{DS}" Id="placeholder"></ds:Signature>'


class Signer(XMLSigner):
    """A signer without scruples."""

    def check_deprecated_methods(self) -> None:
        """SHA-1 as well."""


class WholeSigner(Signer):
    """A signer whose reference names the document, not an element in it."""

    def _get_c14n_inputs_from_references(self, doc_root: Any, references: Any) -> Any:
        inputs, _ = super()._get_c14n_inputs_from_references(doc_root, references)
        return inputs, [replace(reference, URI="") for reference in references]


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def certificate(
    key: rsa.RSAPrivateKey, start: datetime = NOW - timedelta(days=30), days: int = 365
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "login.company.test")])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )


def shown(cert: x509.Certificate) -> str:
    return base64.b64encode(cert.public_bytes(Encoding.DER)).decode()


def posted(document: str | bytes | etree._Element) -> str:
    if isinstance(document, etree._Element):
        document = etree.tostring(document)
    data = document.encode() if isinstance(document, str) else document
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Said:
    """Everything an assertion and its response say; a test replaces what it is about."""

    request_id: str | None = "_request"
    name_id: str = "alice"
    name_id_attributes: str = ""
    attributes: Mapping[str, Iterable[str]] = field(
        default_factory=lambda: {"email": ["alice@example.com"], "groups": ["staff", "admins"]}
    )
    issuer: str = ENTITY
    response_issuer: str | None = ENTITY
    audiences: tuple[tuple[str, ...], ...] = ((AUDIENCE,),)
    recipient: str = ACS
    destination: str | None = ACS
    subject_request_id: str | None = "same"
    assertion_id: str = "_assertion"
    status: str = "urn:oasis:names:tc:SAML:2.0:status:Success"
    not_before: datetime | None = NOW
    until: datetime | None = NOW + timedelta(minutes=5)
    confirmed_until: datetime | None = NOW + timedelta(minutes=5)
    session_until: datetime | None = None
    confirmation_extra: str = ""
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    conditions_extra: str = ""
    assertion_extra: str = ""
    session_index: str = "_session"


def _attribute(name: str, value: str | datetime | None) -> str:
    if value is None:
        return ""
    text = instant(value) if isinstance(value, datetime) else value
    return f" {name}={quoteattr(text)}"


def assertion(said: Said) -> str:
    """An unsigned assertion, with a place for its signature."""
    answered = said.request_id if said.subject_request_id == "same" else said.subject_request_id
    audiences = "".join(
        "<saml:AudienceRestriction>"
        + "".join(f"<saml:Audience>{escape(a)}</saml:Audience>" for a in names)
        + "</saml:AudienceRestriction>"
        for names in said.audiences
    )
    attributes = "".join(
        f"<saml:Attribute Name={quoteattr(name)}>"
        + "".join(f"<saml:AttributeValue>{escape(v)}</saml:AttributeValue>" for v in values)
        + "</saml:Attribute>"
        for name, values in said.attributes.items()
    )
    return (
        f'<saml:Assertion xmlns:saml="{SAML}" ID="{said.assertion_id}" Version="2.0"'
        f' IssueInstant="{instant(NOW)}"><saml:Issuer>{escape(said.issuer)}</saml:Issuer>{PLACE}'
        f"<saml:Subject><saml:NameID{said.name_id_attributes}>{said.name_id}</saml:NameID>"
        f'<saml:SubjectConfirmation Method="{said.method}"><saml:SubjectConfirmationData'
        f"{_attribute('Recipient', said.recipient)}{_attribute('InResponseTo', answered)}"
        f"{_attribute('NotOnOrAfter', said.confirmed_until)}{said.confirmation_extra}/>"
        "</saml:SubjectConfirmation></saml:Subject>"
        f"<saml:Conditions{_attribute('NotBefore', said.not_before)}"
        f"{_attribute('NotOnOrAfter', said.until)}>{audiences}{said.conditions_extra}"
        f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{instant(NOW)}"'
        f"{_attribute('SessionIndex', said.session_index)}"
        f"{_attribute('SessionNotOnOrAfter', said.session_until)}><saml:AuthnContext>"
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
        "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
        f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement>{said.assertion_extra}"
        "</saml:Assertion>"
    )


def response(said: Said, inside: str | etree._Element = "") -> etree._Element:
    """An unsigned response, with a place for its signature, around an assertion."""
    issuer = said.response_issuer
    root = etree.fromstring(
        f'<samlp:Response xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="_response" Version="2.0"'
        f' IssueInstant="{instant(NOW)}"{_attribute("Destination", said.destination)}'
        f"{_attribute('InResponseTo', said.request_id)}>"
        + (f"<saml:Issuer>{escape(issuer)}</saml:Issuer>" if issuer is not None else "")
        + f'{PLACE}<samlp:Status><samlp:StatusCode Value="{said.status}"/></samlp:Status>'
        "</samlp:Response>"
    )
    if not isinstance(inside, str):
        root.append(inside)
    elif inside:
        root.append(etree.fromstring(inside))
    return root


def without_place(element: etree._Element) -> etree._Element:
    for place in element.findall(f"{{{DS}}}Signature[@Id='placeholder']"):
        element.remove(place)
    return element


class Company:
    """The provider with its keys."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certificate = certificate(self.key)

    def metadata(
        self,
        certificates: Iterable[x509.Certificate] | None = None,
        *,
        use: str = ' use="signing"',
        role: str = "",
        sso: str = f'<md:SingleSignOnService Binding="{{redirect}}" Location="{SSO}"/>',
        slo: str = f'<md:SingleLogoutService Binding="{{redirect}}" Location="{SLO}"/>',
        entity: str = f' entityID="{ENTITY}"',
    ) -> str:
        redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        shown_keys = "".join(
            f"<md:KeyDescriptor{use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{shown(c)}"
            "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            for c in (certificates if certificates is not None else [self.certificate])
        )
        return (
            f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"{entity}'
            f' xmlns:ds="{DS}"><md:IDPSSODescriptor protocolSupportEnumeration="{SAMLP}"{role}>'
            f"{shown_keys}{slo.format(redirect=redirect)}{sso.format(redirect=redirect)}"
            "</md:IDPSSODescriptor></md:EntityDescriptor>"
        )

    def sign(
        self,
        element: etree._Element | str,
        *,
        method: SignatureMethod = SignatureMethod.RSA_SHA256,
        digest: DigestAlgorithm = DigestAlgorithm.SHA256,
        c14n: CanonicalizationMethod = EXCLUSIVE,
        key: rsa.RSAPrivateKey | None = None,
        cert: x509.Certificate | None = None,
        whole: bool = False,
    ) -> etree._Element:
        root = etree.fromstring(element) if isinstance(element, str) else element
        kind = WholeSigner if whole else Signer
        signer = kind(signature_algorithm=method, digest_algorithm=digest, c14n_algorithm=c14n)
        return signer.sign(
            root,
            key=key or self.key,
            cert=[cert or self.certificate],
            reference_uri=f"#{root.get('ID')}",
        )

    def answer(self, said: Said, which: str = "assertion") -> etree._Element:
        """A response that is signed as a whole, in its assertion, in both or not at all."""
        inner = etree.fromstring(assertion(said))
        inner = self.sign(inner) if which in ("assertion", "both") else without_place(inner)
        outer = response(said, inner)
        return self.sign(outer) if which in ("response", "both") else without_place(outer)


def encrypt(
    inner: etree._Element,
    cert: x509.Certificate,
    *,
    cipher: str = f"{XENC11}aes256-gcm",
    transport: str = f"{XENC}rsa-oaep-mgf1p",
    plain: bytes | None = None,
    beside: bool = False,
    oaep_hash: str = "",
) -> etree._Element:
    """An EncryptedAssertion around an assertion, or around other octets."""
    octets = etree.tostring(inner) if plain is None else plain
    length = {"128": 16, "192": 24, "256": 32}.get(cipher.split("aes")[-1][:3], 24)
    content_key = os.urandom(length)
    wrapped = _wrap(cert, transport, content_key, oaep_hash)
    named = _oaep_parameters(oaep_hash) if oaep_hash else ""
    nonce = os.urandom(12 if "gcm" in cipher else 16)
    if "gcm" in cipher:
        sealed = nonce + AESGCM(content_key).encrypt(nonce, octets, None)
    else:
        missing = 16 - len(octets) % 16
        padded = octets + os.urandom(missing - 1) + bytes([missing])
        encryptor = Cipher(algorithms.AES(content_key), modes.CBC(nonce)).encryptor()
        sealed = nonce + encryptor.update(padded) + encryptor.finalize()
    key = (
        f'<xenc:EncryptedKey xmlns:xenc="{XENC}"><xenc:EncryptionMethod Algorithm="{transport}">'
        f"{named}</xenc:EncryptionMethod>"
        f"<xenc:CipherData><xenc:CipherValue>{base64.b64encode(wrapped).decode()}"
        "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>"
    )
    info = "" if beside else f'<ds:KeyInfo xmlns:ds="{DS}">{key}</ds:KeyInfo>'
    return etree.fromstring(
        f'<saml:EncryptedAssertion xmlns:saml="{SAML}"><xenc:EncryptedData xmlns:xenc="{XENC}"'
        f' Type="{XENC}Element"><xenc:EncryptionMethod Algorithm="{cipher}"/>{info}'
        f"<xenc:CipherData><xenc:CipherValue>{base64.b64encode(sealed).decode()}"
        "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"
        f"{key if beside else ''}</saml:EncryptedAssertion>"
    )


def _oaep_parameters(hashed: str) -> str:
    space = {"sha1": DS, "sha384": "http://www.w3.org/2001/04/xmldsig-more#"}.get(hashed, XENC)
    return (
        f'<ds:DigestMethod xmlns:ds="{DS}" Algorithm="{space}{hashed}"/>'
        f'<xenc11:MGF xmlns:xenc11="{XENC11}" Algorithm="{XENC11}mgf1{hashed}"/>'
    )


def _wrap(cert: x509.Certificate, transport: str, content_key: bytes, hashed: str) -> bytes:
    public = cert.public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    if transport.endswith("rsa-1_5"):
        return public.encrypt(content_key, padding.PKCS1v15())
    chosen = getattr(hashes, hashed.upper() or "SHA1")
    return public.encrypt(content_key, padding.OAEP(padding.MGF1(chosen()), chosen(), None))
