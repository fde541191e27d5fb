"""Random and randomly changed responses: nobody else is ever signed in, and nothing else raised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from helpers.cloud.federation import saml
from helpers.cloud.federation.profile import FederationError, Profile
from helpers.cloud.federation.state import FederationState
from helpers.cloud.user_pools.identity_providers import IdentityProvider
from helpers.cloud.world import World
from tests.cloud.federation.saml.company import ACS, ENTITY, NOW, Company, Said, posted
from tests.cloud.federation.saml.conftest import Pool

WELL = Said()
_QUIETLY = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def pool() -> Iterator[Any]:
    world = World(seed=1, now=NOW)
    yield Pool(world)
    world.stop()


@pytest.fixture(scope="module")
def post(pool: Any, company: Company) -> Any:
    """The profile a response gets, or None; anything raised but a FederationError is a failure."""
    provider = IdentityProvider("Company", "SAML", {"MetadataFile": company.metadata()}, {}, ())

    def send(message: str) -> Profile | None:
        pool.world.room(FederationState).consumed.clear()
        try:
            return saml.arrive(pool, provider, ACS, message, {"request_id": "_request"})
        except FederationError:
            return None

    return send


@pytest.fixture(scope="module")
def documents(company: Company) -> Any:
    return cache(lambda which: etree.tostring(company.answer(WELL, which)))


@_QUIETLY
@given(message=st.text())
def test_text_is_refused(message: str, post: Any) -> None:
    assert post(message) is None


@_QUIETLY
@given(document=st.binary())
def test_octets_are_refused(document: bytes, post: Any) -> None:
    assert post(posted(document)) is None


def _same(profile: Profile) -> bool:
    claims = {"email": "alice@example.com", "groups": ["staff", "admins"]}
    session = {"name_id": "alice", "issuer": ENTITY, "session_index": "_session"}
    return (profile.subject, profile.claims, profile.session) == ("alice", claims, session)


def test_what_is_changed_here_was_true(post: Any, documents: Any) -> None:
    for which in ("assertion", "response", "both"):
        assert _same(post(posted(documents(which))))


@pytest.mark.parametrize("which", ["assertion", "response", "both"])
@_QUIETLY
@given(data=st.data())
def test_changed_octets_never_change_who_signed_in(
    which: str, data: st.DataObject, post: Any, documents: Any
) -> None:
    document = bytearray(documents(which))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(document) - 1))
        document[place] = data.draw(st.integers(0, 255))
    profile = post(posted(bytes(document)))
    assert profile is None or _same(profile)


@pytest.mark.parametrize("which", ["assertion", "response"])
@_QUIETLY
@given(data=st.data())
def test_elements_moved_copied_or_dropped_never_change_who_signed_in(
    which: str, data: st.DataObject, post: Any, documents: Any, company: Company
) -> None:
    evil = replace(WELL, name_id="admin", attributes={"email": ["admin@example.com"]})
    root = etree.fromstring(documents(which))
    other = company.answer(evil, "neither")
    for _ in range(data.draw(st.integers(1, 3))):
        source = list((other if data.draw(st.booleans()) else root).iter(etree.Element))
        part = etree.fromstring(etree.tostring(data.draw(st.sampled_from(source)), with_tail=False))
        target = data.draw(st.sampled_from(list(root.iter(etree.Element))))
        how = data.draw(st.sampled_from(["into", "instead", "drop", "before"]))
        above = target.getparent()
        if how == "into":
            target.append(part)
        elif above is not None and how == "instead":
            above.replace(target, part)
        elif above is not None and how == "before":
            above.insert(above.index(target), part)
        elif above is not None:
            above.remove(target)
    profile = post(posted(root))
    assert profile is None or _same(profile)
