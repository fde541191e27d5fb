"""What an assertion says about the user (SAML core 2.4, 2.7)."""

from __future__ import annotations

from lxml import etree

from helpers.cloud.federation.profile import Profile
from helpers.cloud.federation.saml.xml import Malformed, children, name, only, text

_ENCRYPTED = tuple(name(f"saml:Encrypted{kind}") for kind in ("ID", "Attribute"))
_NAME_ID = (("format", "Format"), ("name_qualifier", "NameQualifier"))
_NAME_ID += (("sp_name_qualifier", "SPNameQualifier"),)


def read_profile(assertion: etree._Element) -> Profile:
    """NameID, attributes by their Name, and what a single logout must name.

    An attribute with one value is a text, one with several a list. The session holds `name_id`,
    `issuer`, `format`, `name_qualifier`, `sp_name_qualifier` and `session_index`, where they were
    given.
    Malformed for encrypted parts, which Cognito does not open.
    """
    if next(assertion.iter(*_ENCRYPTED), None) is not None:
        raise Malformed("an encrypted part")
    name_id = only(only(assertion, "saml:Subject"), "saml:NameID")
    subject = text(name_id)
    if not subject:
        raise Malformed("an empty NameID")
    return Profile(subject, _claims(assertion), _session(assertion, name_id, subject))


def _claims(assertion: etree._Element) -> dict[str, str | list[str]]:
    values: dict[str, list[str]] = {}
    for statement in children(assertion, "saml:AttributeStatement"):
        for attribute in children(statement, "saml:Attribute"):
            given = [text(v) for v in children(attribute, "saml:AttributeValue")]
            values.setdefault(attribute.get("Name", ""), []).extend(v for v in given if v)
    return {n: v[0] if len(v) == 1 else v for n, v in values.items() if n and v}


def _session(assertion: etree._Element, name_id: etree._Element, subject: str) -> dict[str, str]:
    session = {"name_id": subject, "issuer": text(only(assertion, "saml:Issuer"))}
    session |= {key: name_id.get(shown, "") for key, shown in _NAME_ID}
    # Developer guide, "Signing out SAML users": the first AuthnStatement counts.
    session["session_index"] = children(assertion, "saml:AuthnStatement")[0].get("SessionIndex", "")
    return {key: value for key, value in session.items() if value}
