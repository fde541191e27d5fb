"""Reading and writing XML. What comes from outside is parsed without DTD, entities or network."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime

from lxml import etree

from helpers.providers.saml.uris import NS

# A SAML message has a few kilobytes; Cognito takes no more than 100 000 characters.
LARGEST = 200_000


class BadXml(ValueError):
    """The bytes are no XML document that the directory would read."""


def parse(data: bytes) -> etree._Element:
    """The root element of a document. BadXml for anything with a DTD, malformed, or too large."""
    if len(data) > LARGEST:
        raise BadXml("the message is too long")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise BadXml("the message is not well-formed XML") from wrong
    if root.getroottree().docinfo.doctype:
        raise BadXml("the message has a document type declaration")
    return root


def serialize(root: etree._Element) -> bytes:
    """The document as bytes, nothing added between the elements."""
    return etree.tostring(root, encoding="utf-8")


def element(
    parent: etree._Element | None, name: str, text: str | None = None, **attributes: str | None
) -> etree._Element:
    """Add an element; `name` is like "saml:Issuer". Attributes that are None are left out."""
    tag = qname(name)
    prefix = name.partition(":")[0]
    if parent is None:
        made = etree.Element(tag, nsmap={prefix: NS[prefix]})
    else:
        made = etree.SubElement(parent, tag, nsmap={prefix: NS[prefix]})
    for attribute, value in attributes.items():
        if value is not None:
            made.set(attribute, value)
    made.text = text
    return made


def qname(name: str) -> str:
    """ "saml:Issuer" in Clark notation."""
    prefix, _, local = name.partition(":")
    return f"{{{NS[prefix]}}}{local}"


def copy_of(node: etree._Element) -> etree._Element:
    """A copy that stands alone, without the text behind the element."""
    copied = deepcopy(node)
    copied.tail = None
    return copied


def text_of(node: etree._Element | None) -> str:
    """All text in an element, comments left out. Empty for None."""
    return "" if node is None else str(node.xpath("string()")).strip()


def instant(moment: datetime) -> str:
    """A time as SAML writes it: UTC, whole seconds, "2026-01-15T12:00:00Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_instant(text: str) -> datetime:
    """A time out of a message. ValueError unless it is xs:dateTime with a zone."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment
