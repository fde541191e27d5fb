"""Every construction that the company directory of the course knows, sent to a user pool.

The directory's own tests show that each of them does what it says; here each has to fail.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from helpers.cloud.federation import saml
from helpers.cloud.federation.profile import FederationError, Profile
from helpers.cloud.federation.saml.keys import encryption_key
from helpers.cloud.user_pools.identity_providers import IdentityProvider
from helpers.providers.saml import tamper, uris
from helpers.providers.saml.encryption import encrypt_assertions
from helpers.providers.saml.keys import KeyPair, make_key_pair
from helpers.providers.saml.metadata import metadata
from helpers.providers.saml.response import Statement, success
from helpers.providers.saml.safe_xml import parse, serialize
from helpers.providers.saml.signing import sign_response
from tests.cloud.federation.saml.company import ACS, AUDIENCE, NOW, posted

ALICE, VICTIM = "alice@example.com", "bob@example.com"
SIGNS = ("assertion", "response", "both")
# These leave a true statement behind, and what is read must be exactly that.
HARMLESS = frozenset({"comment_in_name_id", "empty_groups"})
# Told apart only by what was sent before.
REPLAY = "replayed"
# A sealed assertion hides these from the outside, or they are about sealing themselves.
NOT_SEALED = frozenset({*tamper.NOT_XML, "encrypted_for_stranger", "no_assertion", REPLAY})


def _cases(leave_out: frozenset[str]) -> list[tuple[str, str]]:
    names = [name for name in tamper.FAULTS if name not in leave_out]
    return sorted({(name, tamper.signature_for(name, sign)) for name in names for sign in SIGNS})


@pytest.fixture(scope="module")
def directory() -> KeyPair:
    return make_key_pair("idp.example.com")


@pytest.fixture(scope="module")
def stranger() -> KeyPair:
    return make_key_pair("stranger.example.net")


@pytest.fixture
def provider(directory: KeyPair) -> IdentityProvider:
    details = {"MetadataFile": metadata(directory.certificate).decode()}
    return IdentityProvider("Directory", "SAML", details, {}, ())


@pytest.fixture
def sealing(provider: IdentityProvider) -> IdentityProvider:
    details = {**provider.details, "EncryptedResponses": "true"}
    return IdentityProvider("Directory", "SAML", details, {}, ())


def _honest(directory: KeyPair, sign: str, name_id: str = ALICE, number: int = 1) -> bytes:
    statement = Statement(
        response_id=f"_response{number}",
        assertion_id=f"_assertion{number}",
        now=NOW,
        acs_url=ACS,
        audience=AUDIENCE,
        name_id=name_id,
        name_id_format=uris.EMAIL,
        signed_in_at=NOW - timedelta(minutes=1),
        session_index="_session",
        attributes={
            uris.CLAIM_EMAIL: [name_id],
            uris.CLAIM_GROUP: ["engineering", "managers"],
        },
        in_response_to="_request",
    )
    return serialize(sign_response(success(statement), directory, sign))


Spoil = Callable[..., bytes]


@pytest.fixture
def spoil(directory: KeyPair, stranger: KeyPair) -> Spoil:
    """A response of the directory with this fault."""

    def make(fault: str, sign: str, document: bytes, **known: Any) -> bytes:
        context = tamper.Context(
            directory.certificate,
            stranger,
            victim=VICTIM,
            now=NOW,
            signer=directory,
            sign=sign,
            **known,
        )
        return tamper.FAULTS[fault](document, context)

    return make


Send = Callable[..., Profile]


@pytest.fixture
def send(pool: Any) -> Send:
    def post(document: bytes, provider: IdentityProvider) -> Profile:
        return saml.arrive(pool, provider, ACS, posted(document), {"request_id": "_request"})

    return post


def _check_outcome(fault: str, send: Callable[[], Profile]) -> None:
    if fault in HARMLESS:
        profile = send()
        assert profile.subject == profile.claims[uris.CLAIM_EMAIL] == ALICE
        groups = None if fault == "empty_groups" else ["engineering", "managers"]
        assert profile.claims.get(uris.CLAIM_GROUP) == groups
        return
    with pytest.raises(FederationError) as caught:
        send()
    for secret in (ALICE, VICTIM, "lxml", "Error(", "Traceback"):
        assert secret not in caught.value.description


@pytest.mark.parametrize(("fault", "sign"), _cases(frozenset({REPLAY})))
def test_no_fault_signs_anybody_else_in(
    fault: str, sign: str, directory: KeyPair, provider: IdentityProvider, spoil: Spoil, send: Send
) -> None:
    document = spoil(fault, sign, _honest(directory, sign))
    _check_outcome(fault, lambda: send(document, provider))


@pytest.mark.parametrize(("fault", "sign"), _cases(NOT_SEALED))
def test_no_fault_gets_through_inside_an_encrypted_assertion(
    fault: str,
    sign: str,
    directory: KeyPair,
    sealing: IdentityProvider,
    spoil: Spoil,
    send: Send,
    pool: Any,
) -> None:
    """Anybody can encrypt for the pool: its certificate is public."""
    root = parse(spoil(fault, sign, _honest(directory, sign)))
    certificate = encryption_key(pool.world, pool.id, sealing.name).certificate
    encrypt_assertions(root, certificate)
    if fault in HARMLESS and sign != "assertion":
        # A signature over the response is made last, over the sealed assertion.
        root = sign_response(root, directory, "response")
    _check_outcome(fault, lambda: send(serialize(root), sealing))


@pytest.mark.parametrize("sign", SIGNS)
def test_an_assertion_for_a_stranger_s_key_is_refused(
    sign: str, directory: KeyPair, sealing: IdentityProvider, spoil: Spoil, send: Send
) -> None:
    document = spoil("encrypted_for_stranger", sign, _honest(directory, sign))
    with pytest.raises(FederationError):
        send(document, sealing)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_replay_is_refused(
    sign: str, directory: KeyPair, provider: IdentityProvider, spoil: Spoil, send: Send
) -> None:
    earlier = _honest(directory, sign)
    assert send(earlier, provider).subject == ALICE
    later = _honest(directory, sign, number=2)
    with pytest.raises(FederationError, match="already been used"):
        send(spoil(REPLAY, sign, later, previous=earlier), provider)
    assert send(later, provider).subject == ALICE


def test_a_comment_behind_the_victim_s_name_does_not_end_it(
    directory: KeyPair, provider: IdentityProvider, spoil: Spoil, send: Send
) -> None:
    """The attacker has an account whose name begins with the victim's."""
    longer = f"{VICTIM}.evil.example.net"
    for number, sign in enumerate(SIGNS):
        honest = _honest(directory, sign, longer, number)
        assert send(spoil("comment_in_name_id", sign, honest), provider).subject == longer


@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_spoiled_here_was_true(
    sign: str, directory: KeyPair, provider: IdentityProvider, send: Send
) -> None:
    assert send(_honest(directory, sign), provider).subject == ALICE
