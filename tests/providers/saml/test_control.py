"""/_lab/: registration, people and faults; and what is kept out."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.providers.saml import tamper
from helpers.providers.saml.keys import certificate_text
from tests.providers.saml.service_provider import ACS_URL, ENTITY_ID, Browser, own_keys

GOOD = {"entity_id": ENTITY_ID, "acs_url": ACS_URL}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"entity_id": ""}, "entity_id"),
        ({"entity_id": 7}, "entity_id"),
        ({"entity_id": "a\x00b"}, "printable"),
        ({"acs_url": "http://photos.example.org/"}, "acs_url"),
        ({"acs_url": "javascript:alert(1)"}, "acs_url"),
        ({"acs_url": "https://me@photos.example.org/"}, "acs_url"),
        ({"acs_url": "https://[bad/"}, "acs_url"),
        ({"acs_url": None}, "acs_url"),
        ({"slo_url": "ftp://photos.example.org/"}, "slo_url"),
        ({"slo_binding": "soap"}, "slo_binding"),
        ({"sign": "nothing"}, "sign"),
        ({"name_id_format": "kerberos"}, "name_id_format"),
        ({"encryption_algorithm": "rot13"}, "encryption_algorithm"),
        ({"signing_certificate": "not one"}, "signing_certificate"),
        ({"encryption_certificate": "-----BEGIN CERTIFICATE-----"}, "encryption_certificate"),
        ({"one_time_use": "yes"}, "one_time_use"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_wrong_registration_says_what_is_wrong(
    browser: Browser, wrong: dict[str, Any], words: str
) -> None:
    answer = browser.control("apps", **(GOOD | wrong))
    assert answer.status_code == 400
    assert words in answer.json["message"]


def test_a_registration_shows_what_holds_from_now_on(browser: Browser) -> None:
    certificate = certificate_text(own_keys().certificate)
    answer = browser.control("apps", **GOOD, encryption_certificate=certificate, sign="both")
    assert answer.json["encryption_certificate"] == certificate
    assert answer.json["sign"] == "both"
    again = browser.control("apps", **GOOD)
    assert (again.json["sign"], again.json["encryption_certificate"]) == ("assertion", None)
    assert again.json["name_id_format"].endswith(":persistent")


def test_everybody_is_listed(browser: Browser) -> None:
    people = browser.get("/_lab/people").answer.json["people"]
    assert [p["username"] for p in people] == ["alice", "bob", "carol"]
    assert {p["password"] for p in people} == {"Provider-pass1!"}
    assert people[0]["claims"]["groups"] == ["engineering", "managers"]


@pytest.mark.parametrize(
    ("username", "claims"),
    [
        ("nobody", {"groups": []}),
        ("alice", {"groups": "managers"}),
        ("alice", {"groups": [7]}),
        ("alice", {"groups": ["a\x01"]}),
        ("alice", {"email": ""}),
        ("alice", {"email": "\ud800"}),
        ("alice", {"username": "mallory"}),
        ("alice", ["groups"]),
        (7, {}),
    ],
)
def test_a_wrong_change_changes_nothing(browser: Browser, username: Any, claims: Any) -> None:
    before = browser.get("/_lab/people").answer.json
    assert browser.control("people", username=username, claims=claims).status_code == 400
    assert browser.get("/_lab/people").answer.json == before


def test_an_unknown_fault_names_the_known_ones(browser: Browser) -> None:
    answer = browser.control("fault", how="rudely")
    assert answer.status_code == 400
    assert "xsw8" in answer.json["message"]


def test_the_faults_are_told(browser: Browser) -> None:
    browser.control("fault", how="expired")
    answer = browser.get("/_lab/faults").answer.json
    assert answer["how"] == "expired"
    assert answer["faults"] == tamper.sentences()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.net"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_pages_of_other_origins_can_control_nothing(
    browser: Browser, headers: dict[str, str]
) -> None:
    assert browser.get("/_lab/people", headers=headers).status == 403


def test_a_plain_form_can_control_nothing(browser: Browser) -> None:
    assert browser.post("/_lab/fault", {"how": "unsigned"}).status == 403
    text = {"data": '{"how": "unsigned"}', "content_type": "text/plain"}
    assert browser.client.post("/_lab/fault", **text).status_code == 403
    assert browser.get("/_lab/faults").answer.json["how"] is None


def test_each_lesson_begins_with_fresh_state(browser: Browser) -> None:
    browser.control("apps", **GOOD)
    browser.control("people", username="alice", claims={"groups": []})
    people = Browser().get("/_lab/people").answer.json["people"]
    assert people[0]["claims"]["groups"] == ["engineering", "managers"]
