"""A SAML response as rows for a picture: what it says, and what of it a signature covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

_SPACES: Mapping[str, str] = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
# What may hold an assertion or a response. Signature, Object and Extensions: in an attack.
_HOLDERS = frozenset({"Response", "Assertion", "Extensions", "Object", "EncryptedAssertion"})
# The attributes that are lines of their own.
_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "Response": ("Destination", "InResponseTo"),
    "SubjectConfirmationData": ("Recipient", "InResponseTo", "NotOnOrAfter"),
    "Conditions": ("NotBefore", "NotOnOrAfter"),
    "AuthnStatement": ("AuthnInstant",),
}

# SAML core 2.3 to 2.7 and 3.2.2; Web Browser SSO, profiles 4.1.4.2.
NOTES: Mapping[str, str] = {
    "Assertion": "the statement itself",
    "Attribute": "what else is said",
    "Audience": "for whom it is meant",
    "CipherValue": "unreadable on the way",
    "AuthnInstant": "when the user signed in",
    "Destination": "to whom it was sent",
    "EncryptedAssertion": "for the holder of a key",
    "Extensions": "where anything may stand",
    "InResponseTo": "which request it answers",
    "Issuer": "who says so",
    "NameID": "about whom",
    "NotBefore": "good from this moment on",
    "NotOnOrAfter": "good until this moment",
    "SubjectConfirmationData NotOnOrAfter": "deliver it before this moment",
    "Object": "anything, inside the signature",
    "Recipient": "where it may be delivered",
    "Response": "the envelope",
    "Signature": "over the part with this ID",
    "StatusCode": "did it work?",
}


@dataclass(frozen=True)
class Row:
    """One line: `depth` of nesting, the name, its value and whether a signature covers it."""

    depth: int
    name: str
    value: str
    note: str
    covered: bool
    heads: bool = False
    seals: bool = False


def parse(response: str | bytes) -> etree._Element:
    """The response's root. ValueError for anything else, and for a document with a DTD."""
    raw = response.encode() if isinstance(response, str) else response
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError("this is not XML: base64 has to be undone first") from error
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document with a DTD is not drawn: its entities could be anything")
    if root.tag != _tag("samlp:Response"):
        raise ValueError(f"this is a {_local(root)}, not a SAML response")
    return root


def covered(root: etree._Element) -> set[etree._Element]:
    """The elements that some signature is over, by the ID that it names. It is not verified.

    The enveloped transform leaves out the signature itself, and so does this.
    """
    found: set[etree._Element] = set()
    for signature in root.iter(_tag("ds:Signature")):
        for reference in signature.iter(_tag("ds:Reference")):
            wanted = reference.get("URI", "").removeprefix("#")
            named = [e for e in root.iter(etree.Element) if e.get("ID") == wanted]
            for element in [root] if not wanted else named[:1]:
                found |= set(element.iter(etree.Element)) - _left_out(signature, element)
    return found


def rows(root: etree._Element) -> list[Row]:
    """The response's lines from the top down."""
    return list(_rows(root, 0, covered(root)))


def assertions(root: etree._Element) -> Iterator[etree._Element]:
    """Every assertion that can be read, wherever it stands, in the document's order."""
    yield from root.iter(_tag("saml:Assertion"))


def encrypted(root: etree._Element) -> Iterator[etree._Element]:
    """Every assertion that cannot be read."""
    yield from root.iter(_tag("saml:EncryptedAssertion"))


def value_of(element: etree._Element, path: str) -> str:
    """The text at a path of children such as "saml:Subject/saml:NameID"; "" if there is none."""
    found = element.find("/".join(_tag(step) for step in path.split("/")))
    return "" if found is None else _text(found)


def end_of(assertion: etree._Element) -> str:
    """Until when an assertion's Conditions hold; "" if it does not say."""
    conditions = assertion.find(_tag("saml:Conditions"))
    return "" if conditions is None else moment(conditions.get("NotOnOrAfter", ""))


def moment(instant: str) -> str:
    """An xs:dateTime in UTC as the pictures write it."""
    return instant.split(".")[0].replace("T", " ").replace("Z", "") + " UTC" if instant else ""


def _rows(element: etree._Element, depth: int, signed: set[etree._Element]) -> Iterator[Row]:
    name, under = _local(element), element in signed
    if name in _HOLDERS:
        yield Row(depth, name, element.get("ID", ""), NOTES[name], under, heads=True)
        depth += 1
    for shown, value in _said(name, element):
        note = NOTES.get(f"{name} {shown}") or NOTES.get(shown, NOTES["Attribute"])
        yield Row(depth, shown, value, note, under, seals=name == "Signature")
    for child in element.iterchildren(etree.Element):
        yield from _rows(child, depth + (name == "Signature"), signed)


def _said(name: str, element: etree._Element) -> list[tuple[str, str]]:
    """What an element says itself, without its children: names and values of its lines."""
    if name in ("Issuer", "NameID", "Audience"):
        return [(name, _text(element))]
    if name == "StatusCode":
        return [(name, element.get("Value", "").rpartition(":")[2])]
    if name == "Signature":
        return [(name, _seal(element))]
    if name == "Attribute":
        values = ", ".join(_text(value) for value in element.iterchildren(etree.Element))
        return [(element.get("Name", "").rpartition("/")[2], values)]
    if name == "EncryptedAssertion":
        cipher = value_of(element, "xenc:EncryptedData/xenc:CipherData/xenc:CipherValue")
        return [("CipherValue", f"{len(cipher)} letters")]
    given = [(attribute, element.get(attribute)) for attribute in _ATTRIBUTES.get(name, ())]
    return [(shown, moment(v) if v[:1].isdigit() else v) for shown, v in given if v]


def _seal(signature: etree._Element) -> str:
    method = next(signature.iter(_tag("ds:SignatureMethod")), None)
    kind = "" if method is None else method.get("Algorithm", "").rpartition("#")[2]
    over = [reference.get("URI", "") for reference in signature.iter(_tag("ds:Reference"))]
    return f"{kind} over {', '.join(over) or 'nothing'}"


def _left_out(signature: etree._Element, element: etree._Element) -> set[etree._Element]:
    """The signature's own elements, where it lies inside what it is over."""
    inside = any(parent is element for parent in signature.iterancestors())
    return set(signature.iter(etree.Element)) if inside else set()


def _text(element: etree._Element) -> str:
    """All the text, comments left out: a picture must not be fooled by one."""
    return "".join(element.xpath(".//text()")).strip()


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _tag(short: str) -> str:
    prefix, _, name = short.partition(":")
    return f"{{{_SPACES[prefix]}}}{name}"
