"""The names of SAML 2.0, XML Signature and XML Encryption that the directory uses."""

from __future__ import annotations

from types import MappingProxyType

HOST = "idp.example.com"
BASE = f"https://{HOST}"
METADATA_URL = f"{BASE}/saml/metadata"
SSO_URL = f"{BASE}/saml/sso"
SLO_URL = f"{BASE}/saml/slo"
ENTITY_ID = METADATA_URL

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"
NS = MappingProxyType({"saml": SAML, "samlp": SAMLP, "md": MD, "ds": DS, "xenc": XENC})

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
NAME_ID_FORMATS = MappingProxyType(
    {
        "persistent": PERSISTENT,
        "emailAddress": EMAIL,
        "transient": TRANSIENT,
        "unspecified": UNSPECIFIED,
    }
)

BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
PASSWORD_OVER_TLS = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
UNSPECIFIED_CONTEXT = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"
URI_NAMES = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"

_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
SUCCESS = f"{_STATUS}Success"
REQUESTER = f"{_STATUS}Requester"
RESPONDER = f"{_STATUS}Responder"
AUTHN_FAILED = f"{_STATUS}AuthnFailed"
NO_PASSIVE = f"{_STATUS}NoPassive"
NO_AUTHN_CONTEXT = f"{_STATUS}NoAuthnContext"
INVALID_NAME_ID_POLICY = f"{_STATUS}InvalidNameIDPolicy"
UNSUPPORTED_BINDING = f"{_STATUS}UnsupportedBinding"
UNKNOWN_PRINCIPAL = f"{_STATUS}UnknownPrincipal"
PARTIAL_LOGOUT = f"{_STATUS}PartialLogout"

_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
CLAIM_EMAIL = f"{_CLAIMS}/emailaddress"
CLAIM_GIVEN_NAME = f"{_CLAIMS}/givenname"
CLAIM_SURNAME = f"{_CLAIMS}/surname"
CLAIM_NAME = f"{_CLAIMS}/name"
CLAIM_GROUP = "http://schemas.xmlsoap.org/claims/Group"

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
RSA_OAEP = f"{XENC}rsa-oaep-mgf1p"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
