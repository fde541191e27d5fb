"""Single logout: the request to the provider, and its answer at /saml2/logout."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from helpers.cloud.federation import saml
from helpers.cloud.federation.profile import FederationError
from helpers.cloud.federation.saml.keys import signing_key
from helpers.cloud.user_pools.identity_providers import IdentityProvider
from tests.cloud.federation.saml.company import (
    AUDIENCE,
    ENTITY,
    NOW,
    PLACE,
    RETURN,
    SAML,
    SAMLP,
    SLO,
    Company,
    instant,
    posted,
    without_place,
)

SESSION = {"name_id": "alice", "format": "urn:f", "session_index": "_session"}
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
UNREADABLE = "Invalid samlResponse or relayState from identity provider"


@pytest.fixture
def provider(configured: Callable[..., Any]) -> IdentityProvider:
    return configured(IDPSignout="true")


@pytest.fixture
def asked(pool: Any, provider: IdentityProvider) -> str:
    """The id of a LogoutRequest that is under way."""
    departure = saml.sign_out(pool, provider, RETURN, SESSION, "state")
    assert departure is not None
    return departure.secrets["request_id"]


def _answer(
    request_id: str,
    *,
    issuer: str = ENTITY,
    destination: str = RETURN,
    status: str = SUCCESS,
    kind: str = "LogoutResponse",
) -> etree._Element:
    return etree.fromstring(
        f'<samlp:{kind} xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="_answer" Version="2.0"'
        f' IssueInstant="{instant(NOW)}" Destination="{destination}" InResponseTo="{request_id}">'
        f"<saml:Issuer>{issuer}</saml:Issuer>{PLACE}<samlp:Status><samlp:StatusCode"
        f' Value="{status}"/></samlp:Status></samlp:{kind}>'
    )


@pytest.fixture
def refusal(pool: Any, provider: IdentityProvider) -> Callable[[Any], str]:
    def post(document: Any) -> str:
        with pytest.raises(FederationError) as caught:
            saml.signed_out(pool, provider, {"SAMLResponse": posted(document)})
        return caught.value.description

    return post


def test_the_provider_is_asked_only_where_it_is_to_be(
    pool: Any, configured: Callable[..., Any], company: Company, provider: IdentityProvider
) -> None:
    for other in (
        configured(),
        configured(IDPSignout="false"),
        configured(IDPSignout="true", MetadataFile=company.metadata(slo="")),
    ):
        assert saml.sign_out(pool, other, RETURN, SESSION, "state") is None
    assert saml.sign_out(pool, provider, RETURN, {}, "state") is None


def test_the_request_is_signed_and_names_the_session(pool: Any, provider: IdentityProvider) -> None:
    departure = saml.sign_out(pool, provider, RETURN, SESSION, "state")
    assert departure is not None
    assert departure.url.startswith(f"{SLO}?SAMLRequest=")
    raw = urlsplit(departure.url).query
    sent = {name: values[0] for name, values in parse_qs(raw).items()}
    assert sent["RelayState"] == "state"
    public: Any = signing_key(pool.world, pool.id).certificate.public_key()
    signature = base64.b64decode(sent["Signature"])
    signed = raw.partition("&Signature=")[0].encode()
    public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    document = zlib.decompress(base64.b64decode(sent["SAMLRequest"]), wbits=-15)
    request = etree.fromstring(document)
    assert request.tag == f"{{{SAMLP}}}LogoutRequest"
    assert request.get("Destination") == SLO
    assert request.get("ID") == departure.secrets["request_id"]
    assert request.findtext(f"{{{SAML}}}Issuer") == AUDIENCE
    name_id = request.find(f"{{{SAML}}}NameID")
    assert (name_id.text, dict(name_id.attrib)) == ("alice", {"Format": "urn:f"})
    assert request.findtext(f"{{{SAMLP}}}SessionIndex") == "_session"


def test_an_answer_must_be_signed_by_the_provider(
    company: Company, stranger: Company, asked: str, refusal: Callable[[Any], str]
) -> None:
    unsigned = without_place(_answer(asked))
    assert "signature is invalid" in refusal(unsigned)
    assert "signature is invalid" in refusal(stranger.sign(_answer(asked)))
    changed = etree.tostring(company.sign(_answer(asked))).replace(b"Success", b"success")
    assert "signature is invalid" in refusal(changed)


def test_an_answer_must_be_for_the_pool_and_successful(
    company: Company, asked: str, refusal: Callable[[Any], str]
) -> None:
    elsewhere = company.sign(_answer(asked, destination="https://other.test/saml2/logout"))
    assert "Destination" in refusal(elsewhere)
    assert "Issuer" in refusal(company.sign(_answer(asked, issuer="https://other.test")))
    assert refusal(company.sign(_answer(asked, kind="Response"))) == UNREADABLE
    failed = SUCCESS.replace("Success", "Responder")
    assert "status" in refusal(company.sign(_answer(asked, status=failed)))


def test_an_answer_nobody_waits_for_is_refused(
    company: Company,
    asked: str,
    refusal: Callable[[Any], str],
    pool: Any,
    provider: IdentityProvider,
) -> None:
    assert refusal(company.sign(_answer("_other"))) == UNREADABLE
    pool.world.clock.advance(minutes=5)
    assert refusal(company.sign(_answer(asked))) == UNREADABLE
    with pytest.raises(FederationError, match=UNREADABLE):
        saml.signed_out(pool, provider, {})


def test_a_true_answer_is_accepted_once(
    company: Company,
    asked: str,
    refusal: Callable[[Any], str],
    pool: Any,
    provider: IdentityProvider,
) -> None:
    answer = company.sign(_answer(asked))
    saml.signed_out(pool, provider, {"SAMLResponse": posted(answer)})
    assert refusal(answer) == UNREADABLE
