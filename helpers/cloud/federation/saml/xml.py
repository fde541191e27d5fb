"""Reading and writing XML. What comes from outside is read without DTD, entities and network."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import MappingProxyType

from lxml import etree

NAMESPACES = MappingProxyType(
    {
        "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
        "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
        "md": "urn:oasis:names:tc:SAML:2.0:metadata",
        "ds": "http://www.w3.org/2000/09/xmldsig#",
        "xenc": "http://www.w3.org/2001/04/xmlenc#",
        "xenc11": "http://www.w3.org/2009/xmlenc11#",
        "ec": "http://www.w3.org/2001/10/xml-exc-c14n#",
    }
)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", flags=re.ASCII
)
_ID = re.compile(r"[A-Za-z_][\w.-]*", flags=re.ASCII)


class Malformed(ValueError):
    """A document that is not what it should be. Its text is for tests, never for a browser."""


def name(short: str) -> str:
    """The full name of an element, from one like "saml:Issuer"."""
    prefix, _, local = short.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def parse(document: bytes) -> etree._Element:
    """The root element of a document. Malformed for anything that has a DTD or is no XML.

    Processing instructions are dropped: in a signed element, that breaks the signature.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise Malformed("not well-formed") from wrong
    tree = root.getroottree()
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise Malformed("a document type declaration")
    if next(root.iter(etree.Entity), None) is not None:
        raise Malformed("an entity")
    return root


def serialize(element: etree._Element) -> bytes:
    """An element as a document of its own."""
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def children(element: etree._Element, short: str) -> list[etree._Element]:
    """The children of this name."""
    return list(element.iterchildren(name(short)))


def child(element: etree._Element, short: str) -> etree._Element | None:
    """The one child of this name, or None. Malformed if there are several."""
    found = children(element, short)
    if len(found) > 1:
        raise Malformed(f"more than one {short}")
    return found[0] if found else None


def only(element: etree._Element, short: str) -> etree._Element:
    """The one child of this name. Malformed if there is none, or are several."""
    found = child(element, short)
    if found is None:
        raise Malformed(f"no {short}")
    return found


def text(element: etree._Element) -> str:
    """All of an element's text.

    A comment splits text into several nodes; reading the first of them only would let an
    attacker cut a name short. XPath's text() gives every one of them and no comment.
    """
    return "".join(element.xpath(".//text()")).strip(" \t\r\n")


def instant(value: str | None) -> datetime:
    """An xs:dateTime with its time zone. Malformed for anything else."""
    if value is None or not _INSTANT.fullmatch(value):
        raise Malformed("not an instant")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise Malformed("not an instant") from wrong


def write_instant(moment: datetime) -> str:
    """An xs:dateTime in UTC with milliseconds, as Cognito writes it."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def id_of(element: etree._Element) -> str:
    """An element's ID. Malformed if it has none that xs:ID allows."""
    value = element.get("ID", "")
    if not _ID.fullmatch(value):
        raise Malformed("no ID")
    return value


def check_ids(root: etree._Element) -> None:
    """Malformed if two elements of a document have the same ID, however the attribute is spelled.

    Otherwise a signature could be checked on one of them, and the other one read.
    """
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        for attribute, value in element.attrib.items():
            if etree.QName(attribute).localname.lower() != "id":
                continue
            if value in seen:
                raise Malformed("an ID twice")
            seen.add(value)


def new(
    parent: etree._Element | None, short: str, content: str | None = None, **attributes: str
) -> etree._Element:
    """A new element; `short` is like "samlp:AuthnRequest". ValueError for text XML cannot hold."""
    prefix = short.partition(":")[0]
    nsmap = {prefix: NAMESPACES[prefix]}
    if parent is None:
        made = etree.Element(name(short), nsmap=nsmap)
    else:
        made = etree.SubElement(parent, name(short), nsmap=nsmap)
    for attribute, value in attributes.items():
        made.set(attribute, value)
    made.text = content
    return made
