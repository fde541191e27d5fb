"""What Amazon says of an access token, and what of it must hold before anybody is believed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from helpers.cloud.web_identity import Social, TokenFault, verify_amazon
from helpers.cloud.world import World
from tests.cloud.federation.stranger import Stranger

PLACE = "/auth/o2/tokeninfo"
TRUE = {
    "iss": "https://www.amazon.com",
    "user_id": "amzn1.account.ALICE",
    "aud": "amzn1.application-oa2-client.photos",
    "app_id": "amzn1.application.photos",
    "exp": 3597,
    "iat": 1768478400,
}


@pytest.fixture
def amazon() -> Stranger:
    return Stranger(answers={PLACE: TRUE})


@pytest.fixture
def world(amazon: Stranger) -> Iterator[World]:
    made = World(outside={"api.amazon.com": amazon})
    yield made
    made.stop()


def reason(world: World, *app_ids: str) -> str:
    with pytest.raises(TokenFault) as caught:
        verify_amazon(world, "Atza|token", app_ids=app_ids or None)
    return caught.value.reason


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"iss": "https://attacker.example.net"}, "issuer"),
        ({"iss": "www.amazon.com"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"exp": 0}, "expired"),
        ({"exp": -1}, "expired"),
        ({"exp": "3597"}, "expired"),
        ({"exp": True}, "expired"),
        ({"exp": None}, "expired"),
        ({"user_id": ""}, "malformed"),
        ({"user_id": 7}, "malformed"),
        ({"aud": ["photos"]}, "malformed"),
        ({"app_id": None}, "malformed"),
    ],
)
def test_an_answer_that_does_not_hold_is_refused(
    world: World, amazon: Stranger, changed: dict[str, Any], why: str
) -> None:
    amazon.answers[PLACE] = TRUE | changed
    assert reason(world) == why


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((400, "application/json", b'{"error": "invalid_token"}'), "signature"),
        ((401, "application/json", b"{}"), "signature"),
        ((500, "application/json", b"{}"), "unreachable"),
        ((302, "application/json", b"{}"), "unreachable"),
        ((200, "text/html", b"{}"), "unreachable"),
        ((200, "application/json", b'{"exp": NaN}'), "unreachable"),
        ((200, "application/json", b"[" * 9000), "unreachable"),
    ],
)
def test_no_answer_is_no_token(world: World, amazon: Stranger, answer: Any, why: str) -> None:
    amazon.answers[PLACE] = answer
    assert reason(world) == why


def test_another_app_s_token_is_refused(world: World) -> None:
    assert reason(world, "amzn1.application-oa2-client.other") == "audience"


@pytest.mark.parametrize("app", [TRUE["aud"], TRUE["app_id"]])
def test_an_app_is_known_by_either_of_its_names(world: World, app: str) -> None:
    who = verify_amazon(world, "Atza|token", app_ids=["another", app])
    assert who == Social("amzn1.account.ALICE", app)


def test_the_token_is_one_value_of_the_question(world: World, amazon: Stranger) -> None:
    verify_amazon(world, "a&access_token=b c", app_ids=None)
    assert amazon.asked[-1]["QUERY_STRING"] == "access_token=a%26access_token%3Db+c"
