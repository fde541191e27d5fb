"""Requests that an identity store turns away; none of them changes anything.

Source: Identity Store API Reference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from helpers import lab
from tests.cloud.sts_words import client, error_of
from tests.cloud.workforce import NOBODY, Workforce, raw

NAME = {"GivenName": "Ann", "FamilyName": "Example"}
ENTERPRISE = "aws:identitystore:enterprise"


@pytest.fixture(scope="module")
def workforce() -> Iterator[Workforce]:
    """One company for all of these tests."""
    lab.start()
    yield Workforce()
    lab.stop()


@pytest.fixture(scope="module")
def ann(workforce: Workforce) -> str:
    """The id of a user who stays as she is."""
    return workforce.new_user("ann")


def update(workforce: Workforce, user_id: str, path: str, value: Any = None) -> dict[str, Any]:
    operation = {"AttributePath": path} | ({} if value is None else {"AttributeValue": value})
    return workforce.store.update_user(**workforce.in_store, UserId=user_id, Operations=[operation])


@pytest.mark.parametrize(
    ("members", "missing"),
    [
        ({}, "userName is a required attribute"),
        ({"UserName": "ann", "Name": NAME}, "displayname: The attribute displayname is required"),
        ({"UserName": "ann", "DisplayName": "Ann"}, "name: The attribute name is required"),
        (
            {"UserName": "ann", "DisplayName": "Ann", "Name": {"GivenName": "Ann"}},
            "familyname: The attribute familyname is required",
        ),
    ],
)
def test_a_user_needs_names(workforce: Workforce, members: dict[str, Any], missing: str) -> None:
    create = workforce.store.create_user
    assert error_of(create, **workforce.in_store, **members) == ("ValidationException", missing)


@pytest.mark.parametrize("name", ["Administrator", "awsadministrators"])
def test_some_names_are_reserved(workforce: Workforce, name: str) -> None:
    code, text = error_of(workforce.new_user, name)
    assert code == "ValidationException"
    assert "reserved name" in text


def test_two_addresses_are_one_too_many(workforce: Workforce) -> None:
    two = [{"Value": "a@example.com"}, {"Value": "b@example.com"}]
    code, text = error_of(workforce.new_user, "ann", Emails=two)
    assert code == "ValidationException"
    assert "less than or equal to 1" in text


def test_a_store_that_is_not_there_has_nobody(workforce: Workforce) -> None:
    nowhere = {"IdentityStoreId": "d-0000000000"}
    code, _ = error_of(workforce.store.list_users, **nowhere)
    assert code == "ResourceNotFoundException"
    assert error_of(workforce.store.create_user, **nowhere, UserName="ann")[0] == code


def test_a_store_is_in_its_region_only(workforce: Workforce) -> None:
    elsewhere = boto3.client("identitystore", "eu-west-1")
    code, _ = error_of(elsewhere.list_users, **workforce.in_store)
    assert code == "ResourceNotFoundException"


def test_an_unknown_user_is_told_with_its_kind(workforce: Workforce) -> None:
    with pytest.raises(workforce.store.exceptions.ResourceNotFoundException) as caught:
        workforce.store.describe_user(**workforce.in_store, UserId=NOBODY)
    assert caught.value.response["ResourceType"] == "USER"
    assert caught.value.response["ResourceId"] == NOBODY


def test_what_is_no_attribute_is_refused(workforce: Workforce, ann: str) -> None:
    for path in ("shoeSize", "name.title", "emails.value", "extensions", "identityStoreId"):
        assert error_of(update, workforce, ann, path, "x")[0] == "ValidationException"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("userName", 7),
        ("userName", {"a": "b"}),
        ("userName", "n" * 129),
        ("name", "Ann"),
        ("name.givenName", ["Ann"]),
        ("emails", "ann@example.com"),
        ("emails", [{"value": "a@example.com", "colour": "red"}]),
        ("emails", [7]),
        ("emails", [{}]),
        ("emails", [{"value": "ann"}]),
        ("emails", [{"value": "ann@example.com\nBcc: eve@example.com"}]),
    ],
)
def test_a_value_of_another_shape_is_refused(
    workforce: Workforce, ann: str, path: str, value: Any
) -> None:
    assert error_of(update, workforce, ann, path, value)[0] == "ValidationException"
    kept = workforce.store.describe_user(**workforce.in_store, UserId=ann)
    assert kept["Revision"] == "1"


def test_a_required_name_cannot_be_removed(workforce: Workforce, ann: str) -> None:
    for path in ("userName", "displayName", "name", "name.familyName"):
        assert error_of(update, workforce, ann, path)[0] == "ValidationException"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (f"{ENTERPRISE}.shoeSize", "42"),
        (f"{ENTERPRISE}.department", 7),
        (f"{ENTERPRISE}.department", ""),
        (ENTERPRISE, "Sales"),
        (ENTERPRISE, ["Sales"]),
        ("aws:identitystore:other.department", "Sales"),
    ],
)
def test_other_enterprise_attributes_are_refused(
    workforce: Workforce, ann: str, path: str, value: Any
) -> None:
    assert error_of(update, workforce, ann, path, value)[0] == "ValidationException"


@pytest.mark.parametrize(
    ("whole", "part"), [("name", "name.givenName"), (ENTERPRISE, f"{ENTERPRISE}.department")]
)
def test_a_part_of_what_has_no_parts_is_refused(
    workforce: Workforce, ann: str, whole: str, part: str
) -> None:
    steps = [{"AttributePath": path, "AttributeValue": "Sales"} for path in (whole, part)]
    change = {**workforce.in_store, "UserId": ann, "Operations": steps}
    assert error_of(workforce.store.update_user, **change)[0] == "ValidationException"


def test_only_unique_attributes_find_a_user(workforce: Workforce) -> None:
    find = workforce.store.get_user_id
    for path, value in (("title", "Engineer"), ("userName", ""), ("userName", ["ann"])):
        attribute = {"AttributePath": path, "AttributeValue": value}
        wanted = {"UniqueAttribute": attribute}
        code, _ = error_of(find, **workforce.in_store, AlternateIdentifier=wanted)
        assert code == "ValidationException"


def test_exactly_one_identifier_is_given(workforce: Workforce) -> None:
    unchecked = client("identitystore", workforce.company.admin, checked=False)
    attribute = {"AttributePath": "userName", "AttributeValue": "ann"}
    external = {"Issuer": "https://idp.example", "Id": "ann"}
    for given in ({}, {"UniqueAttribute": attribute, "ExternalId": external}):
        find = unchecked.get_user_id
        code, _ = error_of(find, **workforce.in_store, AlternateIdentifier=given)
        assert code == "ValidationException"


def test_external_ids_belong_to_nobody(workforce: Workforce) -> None:
    wanted = {"ExternalId": {"Issuer": "https://idp.example", "Id": "ann"}}
    find = workforce.store.get_user_id
    code, text = error_of(find, **workforce.in_store, AlternateIdentifier=wanted)
    assert (code, text) == ("ResourceNotFoundException", "USER not found.")


@pytest.mark.parametrize(
    "odd",
    [
        {"UserName": ["ann"]},
        {"UserName": "\ud800"},
        {"UserName": "\x00ann"},
        # Not to be told from ann by anybody who looks at a list of users.
        {"UserName": "ann\u200b"},
        {"UserName": "\u202eann"},
        {"UserName": "ann\u00a0"},
        {"UserName": "ann "},
        {"UserName": "ann", "Name": "Ann"},
        {"UserName": "ann", "Extensions": {ENTERPRISE: {"department": {"deep": [1]}}}},
        {"UserName": "ann", "Extensions": {"aws:identitystore:other": {}}},
        {"UserName": "ann", "Emails": {}},
        {"UserName": "ann", "Title": "a\u2028b"},
        {"UserName": "ann", "IdentityStoreId": {"a": "b"}},
    ],
)
def test_odd_requests_are_refused_cleanly(workforce: Workforce, odd: dict[str, Any]) -> None:
    members = {**workforce.in_store, "DisplayName": "Ann", "Name": NAME, **odd}
    answer = raw("identitystore", "CreateUser", json.dumps(members).encode())
    assert answer.status_code == 400
    assert answer.json()["__type"] in ("ValidationException", "SerializationException")


@pytest.mark.parametrize("name", ["Änne@example.com", "山田", "a+b~$", "ann\u0301", "😀"])
def test_names_of_all_the_world_are_taken(workforce: Workforce, name: str) -> None:
    assert workforce.new_user(name, Emails=[{"Value": f"{len(name)}-{name[0]}@example.com"}])


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b"[" * 100_000, b'{"UserName": NaN}'])
def test_what_is_no_request_is_refused_cleanly(workforce: Workforce, body: bytes) -> None:
    answer = raw("identitystore", "CreateUser", body)
    assert answer.status_code == 400
    assert answer.json()["__type"] in ("ValidationException", "SerializationException")


@pytest.mark.parametrize("member", [{}, {"UserId": ""}])
def test_a_member_must_be_named(workforce: Workforce, member: dict[str, str]) -> None:
    unchecked = client("identitystore", workforce.company.admin, checked=False)
    ask = unchecked.list_group_memberships_for_member
    code, _ = error_of(ask, **workforce.in_store, MemberId=member)
    assert code == "ValidationException"


def test_settings_of_the_network_are_not_offered(workforce: Workforce) -> None:
    update = workforce.store.update_identity_store
    code, _ = error_of(
        update, **workforce.in_store, NetworkConfiguration={"VpceAccessRequired": True}
    )
    assert code == "NotImplementedException"
