"""What a notebook holds: plain HTTP to the directory's own host."""

from __future__ import annotations

import pytest

from helpers import providers
from helpers.providers import ProviderError
from helpers.providers.saml import tamper
from helpers.providers.saml.handle import CompanyDirectory

ACS_URL = "https://photos.auth.us-east-1.amazoncognito.com/saml2/idpresponse"


def test_without_a_lesson_there_is_no_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    import requests

    def nobody(*_: object, **__: object) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr(requests, "request", nobody)
    with pytest.raises(ProviderError, match=r"lab\.start"):
        providers.company_directory().people()


def test_the_administrator_registers_an_app(web: None) -> None:
    directory = providers.company_directory()
    assert isinstance(directory, CompanyDirectory)
    app = directory.register("urn:amazon:cognito:sp:us-east-1_1", ACS_URL, sign="response")
    assert (app["acs_url"], app["sign"]) == (ACS_URL, "response")
    with pytest.raises(ValueError, match="acs_url must be an https URL"):
        directory.register("urn:x", "http://photos.example.org")


def test_the_metadata_is_fetched_like_any_other(web: None) -> None:
    directory = providers.company_directory()
    assert directory.metadata_url == "https://idp.example.com/saml/metadata"
    assert f'entityID="{directory.entity_id}"' in directory.metadata()


def test_groups_are_changed_and_others_stay(web: None) -> None:
    directory = providers.company_directory()
    put = directory.put_in_group("bob", "managers")
    assert put["claims"]["groups"] == ["engineering", "managers"]
    assert directory.put_in_group("bob", "managers") == put
    assert directory.take_out_of_group("bob", "engineering")["claims"]["groups"] == ["managers"]
    assert directory.change("bob", email="b@example.com")["claims"]["email"] == "b@example.com"
    assert directory.people()[0]["claims"]["groups"] == ["engineering", "managers"]
    with pytest.raises(ValueError, match="nobody is called 'mallory'"):
        directory.put_in_group("mallory", "managers")


def test_misbehaviour_is_switched_on_and_off(web: None) -> None:
    directory = providers.company_directory()
    assert list(directory.faults()) == list(tamper.FAULTS)
    directory.misbehave("xsw3")
    directory.behave()
    with pytest.raises(ValueError, match="unsigned"):
        directory.misbehave("rudely")
    with pytest.raises(ValueError, match="must be the name of a fault"):
        directory.misbehave(None)  # type: ignore[arg-type]


def test_one_app_is_told_more_about_one_person(web: None) -> None:
    directory = providers.company_directory()
    directory.register("urn:amazon:webservices", "https://signin.aws.amazon.com/saml")
    name = "https://aws.amazon.com/SAML/Attributes/RoleSessionName"
    for entity_id, username, attributes, complaint in [
        ("urn:other", "alice", {}, "no app 'urn:other' is registered"),
        ("urn:amazon:webservices", "mallory", {}, "nobody is called 'mallory'"),
        ("urn:amazon:webservices", "alice", ["x"], "must be an object"),
        ("urn:amazon:webservices", "alice", {name: 7}, "must be a text of 1 to 4096"),
        ("urn:amazon:webservices", "alice", {name: "a\x00b"}, "must be printable"),
        ("urn:amazon:webservices", "alice", {"": "x"}, "the name of an attribute"),
    ]:
        with pytest.raises(ValueError, match=complaint):
            directory.tell(entity_id, username, attributes)  # type: ignore[arg-type]
    told = directory.tell("urn:amazon:webservices", "alice", {name: "alice"})
    assert told["attributes"] == {name: ["alice"]}
    assert directory.tell("urn:amazon:webservices", "alice", {})["attributes"] == {}
