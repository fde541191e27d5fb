"""The condition keys of a SAML sign-in, by which trust policies and others judge it.

Source: IAM User Guide, "Available keys for SAML-based AWS STS federation" and "Configure SAML
assertions for the authentication response" (mapping of attributes to keys).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpers.cloud.aws_saml.sign_in import SamlSignIn

Keys = dict[str, str | list[str]]

_EDU_PERSON, _EDU_ORG = "urn:oid:1.3.6.1.4.1.5923.1.1.1.", "urn:oid:1.3.6.1.4.1.5923.1.2.1."
_SOAP = "http://schemas.xmlsoap.org"
_IDENTITY = f"{_SOAP}/ws/2005/05/identity/claims"
# The Name of an attribute, and the key whose values are a list.
_LISTS: Mapping[str, str] = MappingProxyType(
    {
        f"{_EDU_PERSON}1": "edupersonaffiliation",
        f"{_EDU_PERSON}2": "edupersonnickname",
        f"{_EDU_PERSON}4": "edupersonorgunitdn",
        f"{_EDU_PERSON}7": "edupersonentitlement",
        f"{_EDU_PERSON}9": "edupersonscopedaffiliation",
        f"{_EDU_PERSON}10": "edupersontargetedid",
        f"{_EDU_PERSON}11": "edupersonassurance",
        f"{_EDU_ORG}2": "eduorghomepageuri",
        f"{_EDU_ORG}3": "eduorgidentityauthnpolicyuri",
        f"{_EDU_ORG}4": "eduorglegalname",
        f"{_EDU_ORG}5": "eduorgsuperioruri",
        f"{_EDU_ORG}6": "eduorgwhitepagesuri",
        "urn:oid:2.5.4.3": "cn",
    }
)
# The Name of an attribute, and the key that has one value.
_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        f"{_EDU_PERSON}3": "edupersonorgdn",
        f"{_EDU_PERSON}5": "edupersonprimaryaffiliation",
        f"{_EDU_PERSON}6": "edupersonprincipalname",
        f"{_EDU_PERSON}8": "edupersonprimaryorgunitdn",
        f"{_IDENTITY}/name": "name",
        f"{_SOAP}/claims/CommonName": "commonName",
        f"{_IDENTITY}/givenname": "givenName",
        f"{_IDENTITY}/surname": "surname",
        f"{_IDENTITY}/emailaddress": "mail",
        "http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid": "uid",
        "2.5.4.3": "commonName",
        "2.5.4.4": "surname",
        "2.4.5.42": "givenName",
        "2.5.4.45": "x500UniqueIdentifier",
        "0.9.2342.19200300100.1.1": "uid",
        "0.9.2342.19200300100.1.3": "mail",
        "0.9.2342.19200300.100.1.45": "organizationStatus",
    }
)


def session_keys(sign_in: SamlSignIn) -> Keys:
    """The keys that every later request of the session carries."""
    return {
        "saml:namequalifier": sign_in.name_qualifier,
        "saml:sub": sign_in.subject,
        "saml:sub_type": sign_in.subject_type,
    }


def trust_keys(sign_in: SamlSignIn) -> Keys:
    """The keys that only a trust policy sees."""
    provider = sign_in.provider
    keys: Keys = {
        "saml:aud": sign_in.audience,
        "saml:iss": sign_in.issuer,
        "saml:doc": f"{provider.account}/{provider.name}",
    }
    for name, values in sign_in.attributes.items():
        if name in _LISTS:
            keys.setdefault(f"saml:{_LISTS[name]}", list(values))
        elif name in _TEXTS:
            # "Only one claim will be mapped": the first.
            keys.setdefault(f"saml:{_TEXTS[name]}", values[0])
    return keys
