"""The document by which service providers know the directory (SAML metadata 2.4.3)."""

from __future__ import annotations

from cryptography import x509

from helpers.providers.saml import uris
from helpers.providers.saml.keys import certificate_text
from helpers.providers.saml.safe_xml import element, serialize


def metadata(certificate: x509.Certificate) -> bytes:
    """The EntityDescriptor: signing certificate, NameID formats, where to sign in and out."""
    entity = element(None, "md:EntityDescriptor", entityID=uris.ENTITY_ID)
    role = element(
        entity,
        "md:IDPSSODescriptor",
        WantAuthnRequestsSigned="false",
        protocolSupportEnumeration=uris.SAMLP,
    )
    key = element(role, "md:KeyDescriptor", use="signing")
    shown = element(element(key, "ds:KeyInfo"), "ds:X509Data")
    element(shown, "ds:X509Certificate", certificate_text(certificate))
    for binding in (uris.REDIRECT, uris.POST):
        element(role, "md:SingleLogoutService", Binding=binding, Location=uris.SLO_URL)
    for name_format in uris.NAME_ID_FORMATS.values():
        element(role, "md:NameIDFormat", name_format)
    for binding in (uris.REDIRECT, uris.POST):
        element(role, "md:SingleSignOnService", Binding=binding, Location=uris.SSO_URL)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + serialize(entity)
