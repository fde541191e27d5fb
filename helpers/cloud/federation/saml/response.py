"""Reading a SAML Response at /saml2/idpresponse (SAML core 3.3.3; profiles 4.1.4.3, 4.1.4.5).

Developer guide, "SAML session initiation in Amazon Cognito user pools", "Things to know about
SAML IdPs". Cognito accepts a signature over the response or over the assertion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from lxml import etree

from helpers.cloud.federation.profile import FederationError, Profile
from helpers.cloud.federation.saml.attributes import read_profile
from helpers.cloud.federation.saml.bindings import read_post
from helpers.cloud.federation.saml.conditions import Expected, check_assertion, check_issuer
from helpers.cloud.federation.saml.encryption import decrypted
from helpers.cloud.federation.saml.keys import encryption_key, entity_id
from helpers.cloud.federation.saml.metadata import Metadata, current_metadata
from helpers.cloud.federation.saml.refusals import bad_signature, invalid_response, unreadable
from helpers.cloud.federation.saml.signature import NotSigned, is_signed, signed_part
from helpers.cloud.federation.saml.xml import Malformed, check_ids, children, id_of, name, only
from helpers.cloud.federation.state import FederationState

if TYPE_CHECKING:
    from helpers.cloud.user_pools.directory import Pool
    from helpers.cloud.user_pools.identity_providers import IdentityProvider

SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_ASSERTION, _ENCRYPTED = name("saml:Assertion"), name("saml:EncryptedAssertion")


def arrive(
    pool: Pool,
    provider: IdentityProvider,
    acs_url: str,
    saml_response: str,
    secrets: Mapping[str, str] | None,
) -> Profile:
    """Who a provider says has signed in, after every check. FederationError otherwise.

    `saml_response` is the form field as it was posted, `secrets` what `depart` gave to remember;
    None for a sign-in that began at the provider, which IDPInit must allow.
    """
    if secrets is None and provider.details.get("IDPInit") != "true":
        raise unreadable()
    request_id = None if secrets is None else secrets["request_id"]
    metadata = current_metadata(pool.world, provider.details)
    expected = Expected(
        issuer=metadata.entity_id,
        audience=entity_id(pool.id),
        acs_url=acs_url,
        request_id=request_id,
        now=pool.world.clock.now(),
    )
    try:
        root = read_message(saml_response, "samlp:Response")
        check_status(root)
        response, assertion = _signed_parts(pool, provider, root, metadata)
        _check_envelope(response, expected, signed=is_signed(root))
        until = check_assertion(assertion, expected)
        profile = read_profile(assertion)
        _use_once(pool, metadata, id_of(assertion), until)
    except Malformed as wrong:
        raise unreadable() from wrong
    return profile


# --- the message -------------------------------------------------------------------------------


def read_message(message: str, kind: str) -> etree._Element:
    """A posted message of this kind, unverified. Malformed otherwise."""
    root = read_post(message)
    if root.tag != name(kind) or root.get("Version") != "2.0":
        raise Malformed(f"not a {kind}")
    check_ids(root)
    return root


def check_status(root: etree._Element) -> None:
    """The provider says that it succeeded. FederationError with its reason otherwise."""
    code = only(only(root, "samlp:Status"), "samlp:StatusCode").get("Value", "")
    if code != SUCCESS:
        raise invalid_response("Response status is not success.")


def _check_envelope(response: etree._Element, expected: Expected, *, signed: bool) -> None:
    destination = response.get("Destination")
    # Bindings 3.5.5.2: a signed message must say where it goes.
    if destination != expected.acs_url and (signed or destination is not None):
        raise invalid_response("Destination in SAML response does not match the user pool.")
    if response.get("InResponseTo") != expected.request_id:
        raise invalid_response("InResponseTo in SAML response does not match the request.")
    if signed or children(response, "saml:Issuer"):
        check_issuer(response, expected)


# --- what was signed ---------------------------------------------------------------------------


def _signed_parts(
    pool: Pool, provider: IdentityProvider, root: etree._Element, metadata: Metadata
) -> tuple[etree._Element, etree._Element]:
    """The response, as it was signed if it was, and the assertion, signed in itself or with it."""
    _check_structure(root)
    try:
        response = signed_part(root, metadata.certificates) if is_signed(root) else root
        assertion = _assertion(pool, provider, response)
        if is_signed(assertion):
            return response, signed_part(assertion, metadata.certificates)
    except NotSigned as wrong:
        raise bad_signature() from wrong
    if not is_signed(root):
        raise bad_signature()
    return response, assertion


def _check_structure(root: etree._Element) -> None:
    """One assertion, directly in the response, and no signature but its own and the response's.

    Anything else is an attempt to have one element verified and another one read.
    """
    found = list(_assertions(root))
    if len(found) != 1 or found[0].getparent() is not root:
        raise Malformed("not one assertion")
    for signature in root.iter(name("ds:Signature")):
        if signature.getparent() not in (root, found[0]):
            raise Malformed("a signature elsewhere")
    if any(e is not root for e in root.iter(name("samlp:Response"))):
        raise Malformed("a response inside")


def _assertions(root: etree._Element) -> Iterator[etree._Element]:
    yield from root.iter(_ASSERTION, _ENCRYPTED)


def _assertion(pool: Pool, provider: IdentityProvider, response: etree._Element) -> etree._Element:
    """The response's assertion, decrypted where EncryptedResponses asks for that.

    Developer guide, "SAML signing and encryption": all assertions must then be encrypted.
    """
    found = next(_assertions(response))
    wanted = provider.details.get("EncryptedResponses") == "true"
    if (found.tag == _ENCRYPTED) != wanted:
        raise invalid_response(
            "SAML Assertion is not encrypted." if wanted else "SAML Assertion is encrypted."
        )
    if not wanted:
        return found
    key = encryption_key(pool.world, pool.id, provider.name).key
    try:
        assertion = decrypted(found, key)
        check_ids(assertion)
        _check_inside(assertion)
    except Malformed as wrong:
        raise bad_signature() from wrong
    return assertion


def _check_inside(assertion: etree._Element) -> None:
    if len(list(_assertions(assertion))) != 1:
        raise Malformed("an assertion inside")
    if any(s.getparent() is not assertion for s in assertion.iter(name("ds:Signature"))):
        raise Malformed("a signature elsewhere")


# --- replay ------------------------------------------------------------------------------------


def _use_once(pool: Pool, metadata: Metadata, assertion_id: str, until: datetime) -> None:
    """Developer guide, "Things to know about SAML IdPs": no replayed assertions."""
    consumed = pool.world.room(FederationState).consumed
    now = pool.world.clock.now()
    for known in [k for k, end in consumed.items() if end <= now]:
        del consumed[known]
    key = (pool.id, metadata.entity_id, assertion_id)
    if key in consumed:
        raise _replayed()
    consumed[key] = until


def _replayed() -> FederationError:
    return invalid_response("SAML Assertion has already been used.")
