"""Users of an identity store.

Source: Identity Store API Reference.
"""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from tests.cloud.sts_words import client, error_of
from tests.cloud.workforce import Workforce, raw

NAME = {"GivenName": "Ann", "FamilyName": "Example"}
ENTERPRISE = "aws:identitystore:enterprise"


def describe(workforce: Workforce, user_id: str, **more: Any) -> dict[str, Any]:
    return workforce.store.describe_user(**workforce.in_store, UserId=user_id, **more)


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


def test_user_names_are_unique_whatever_their_case(workforce: Workforce) -> None:
    workforce.new_user("ann")
    code, text = error_of(workforce.new_user, "ANN", Emails=[{"Value": "other@example.com"}])
    assert (code, text) == ("ConflictException", "Duplicate UserName")


def test_addresses_are_unique(workforce: Workforce) -> None:
    workforce.new_user("ann")
    taken = [{"Value": "Ann@Example.com"}]
    assert error_of(workforce.new_user, "bob", Emails=taken)[0] == "ConflictException"


def test_two_addresses_are_one_too_many(workforce: Workforce) -> None:
    two = [{"Value": "a@example.com"}, {"Value": "b@example.com"}]
    code, text = error_of(workforce.new_user, "ann", Emails=two)
    assert code == "ValidationException"
    assert "less than or equal to 1" in text


def test_a_new_user_is_described_as_made(workforce: Workforce) -> None:
    user_id = workforce.new_user("ann", Title="Engineer")
    found = describe(workforce, user_id)
    assert found["UserName"] == "ann"
    assert found["UserArn"] == f"arn:aws:identitystore:::user/{user_id}"
    assert (found["Title"], found["UserStatus"], found["Revision"]) == ("Engineer", "ENABLED", "1")
    assert found["CreatedBy"] == "arn:aws:iam::123456789012:root"


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
    unknown = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(workforce.store.exceptions.ResourceNotFoundException) as caught:
        describe(workforce, unknown)
    assert caught.value.response["ResourceType"] == "USER"
    assert caught.value.response["ResourceId"] == unknown


class TestUpdates:
    def test_what_is_no_attribute_is_refused(self, workforce: Workforce) -> None:
        user_id = workforce.new_user("ann")
        for path in ("shoeSize", "name.title", "emails.value", "extensions", "identityStoreId"):
            assert error_of(update, workforce, user_id, path, "x")[0] == "ValidationException"

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
        ],
    )
    def test_a_value_of_another_shape_is_refused(
        self, workforce: Workforce, path: str, value: Any
    ) -> None:
        user_id = workforce.new_user("ann")
        assert error_of(update, workforce, user_id, path, value)[0] == "ValidationException"
        assert describe(workforce, user_id)["Revision"] == "1"

    def test_a_required_name_cannot_be_removed(self, workforce: Workforce) -> None:
        user_id = workforce.new_user("ann")
        for path in ("userName", "displayName", "name", "name.familyName"):
            assert error_of(update, workforce, user_id, path)[0] == "ValidationException"

    def test_nobody_takes_the_name_of_another(self, workforce: Workforce) -> None:
        workforce.new_user("ann")
        bob = workforce.new_user("bob")
        assert error_of(update, workforce, bob, "userName", "Ann")[0] == "ConflictException"
        address = [{"value": "ann@example.com"}]
        assert error_of(update, workforce, bob, "emails", address)[0] == "ConflictException"

    def test_a_change_for_an_older_revision_is_refused(self, workforce: Workforce) -> None:
        user_id = workforce.new_user("ann")
        update(workforce, user_id, "title", "Engineer")
        code, _ = error_of(
            workforce.store.delete_user, **workforce.in_store, UserId=user_id, Revision="1"
        )
        assert code == "ConflictException"

    def test_paths_are_read_whatever_their_case(self, workforce: Workforce) -> None:
        user_id = workforce.new_user("ann")
        update(workforce, user_id, "name.givenName", "Anne")
        update(workforce, user_id, "Emails", [{"Value": "anne@example.com", "Primary": True}])
        update(workforce, user_id, "title", "Engineer")
        update(workforce, user_id, "title")
        found = describe(workforce, user_id)
        assert found["Name"]["GivenName"] == "Anne"
        assert found["Emails"] == [{"Value": "anne@example.com", "Primary": True}]
        assert "Title" not in found
        assert found["Revision"] == "5"

    def test_enterprise_attributes_are_shown_when_they_are_asked_for(
        self, workforce: Workforce
    ) -> None:
        user_id = workforce.new_user("ann", Extensions={ENTERPRISE: {"department": "Sales"}})
        update(workforce, user_id, f"{ENTERPRISE}.costCenter", "4711")
        assert "Extensions" not in describe(workforce, user_id)
        found = describe(workforce, user_id, Extensions=[ENTERPRISE])
        assert found["Extensions"] == {ENTERPRISE: {"department": "Sales", "costCenter": "4711"}}

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
        self, workforce: Workforce, path: str, value: Any
    ) -> None:
        user_id = workforce.new_user("ann")
        assert error_of(update, workforce, user_id, path, value)[0] == "ValidationException"


class TestLookUp:
    def test_only_unique_attributes_find_a_user(self, workforce: Workforce) -> None:
        find = workforce.store.get_user_id
        for path, value in (("title", "Engineer"), ("userName", ""), ("userName", ["ann"])):
            attribute = {"AttributePath": path, "AttributeValue": value}
            wanted = {"UniqueAttribute": attribute}
            code, _ = error_of(find, **workforce.in_store, AlternateIdentifier=wanted)
            assert code == "ValidationException"

    def test_exactly_one_identifier_is_given(self, workforce: Workforce) -> None:
        unchecked = client("identitystore", workforce.company.admin, checked=False)
        attribute = {"AttributePath": "userName", "AttributeValue": "ann"}
        external = {"Issuer": "https://idp.example", "Id": "ann"}
        for given in ({}, {"UniqueAttribute": attribute, "ExternalId": external}):
            find = unchecked.get_user_id
            code, _ = error_of(find, **workforce.in_store, AlternateIdentifier=given)
            assert code == "ValidationException"

    def test_external_ids_belong_to_nobody(self, workforce: Workforce) -> None:
        wanted = {"ExternalId": {"Issuer": "https://idp.example", "Id": "ann"}}
        find = workforce.store.get_user_id
        code, text = error_of(find, **workforce.in_store, AlternateIdentifier=wanted)
        assert (code, text) == ("ResourceNotFoundException", "USER not found.")

    @pytest.mark.parametrize(
        ("path", "value"), [("userName", "ann"), ("emails.value", "ann@example.com")]
    )
    def test_a_user_is_found_by_name_and_address(
        self, workforce: Workforce, path: str, value: str
    ) -> None:
        user_id = workforce.new_user("ann")
        workforce.new_user("bob")
        wanted = {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}
        found = workforce.store.get_user_id(**workforce.in_store, AlternateIdentifier=wanted)
        assert found["UserId"] == user_id

    def test_a_filter_finds_one_user_name(self, workforce: Workforce) -> None:
        workforce.new_user("ann")
        workforce.new_user("bob")
        by_name = [{"AttributePath": "UserName", "AttributeValue": "bob"}]
        found = workforce.store.list_users(**workforce.in_store, Filters=by_name)["Users"]
        assert [user["UserName"] for user in found] == ["bob"]
        by_title = [{"AttributePath": "Title", "AttributeValue": "x"}]
        code, _ = error_of(workforce.store.list_users, **workforce.in_store, Filters=by_title)
        assert code == "ValidationException"

    def test_users_are_listed_page_by_page(self, workforce: Workforce) -> None:
        for name in ("ann", "bob", "eve"):
            workforce.new_user(name)
        pages = workforce.store.get_paginator("list_users")
        found = pages.paginate(**workforce.in_store, PaginationConfig={"PageSize": 2})
        names = [[user["UserName"] for user in page["Users"]] for page in found]
        assert names == [["ann", "bob"], ["eve"]]
        code, _ = error_of(workforce.store.list_users, **workforce.in_store, NextToken="9999")
        assert code == "ValidationException"


def test_a_deleted_user_is_gone_from_every_group(workforce: Workforce) -> None:
    user_id = workforce.new_user("ann")
    group_id = workforce.new_group("engineers", user_id)
    workforce.store.delete_user(**workforce.in_store, UserId=user_id)
    assert error_of(describe, workforce, user_id)[0] == "ResourceNotFoundException"
    held = workforce.store.list_group_memberships(**workforce.in_store, GroupId=group_id)
    assert held["GroupMemberships"] == []


@pytest.mark.parametrize(
    "odd",
    [
        {"UserName": ["ann"]},
        {"UserName": "\ud800"},
        {"UserName": "\x00ann"},
        {"UserName": "ann", "Name": "Ann"},
        {"UserName": "ann", "Extensions": {ENTERPRISE: {"department": {"deep": [1]}}}},
        {"UserName": "ann", "Extensions": {"aws:identitystore:other": {}}},
        {"UserName": "ann", "Emails": {}},
        {"UserName": "ann", "IdentityStoreId": {"a": "b"}},
    ],
)
def test_odd_requests_are_refused_cleanly(workforce: Workforce, odd: dict[str, Any]) -> None:
    members = {**workforce.in_store, "DisplayName": "Ann", "Name": NAME, **odd}
    answer = raw("identitystore", "CreateUser", json.dumps(members).encode())
    assert answer.status_code == 400
    assert answer.json()["__type"] in ("ValidationException", "SerializationException")


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"{", b"[" * 100_000, b'{"UserName": NaN}'])
def test_what_is_no_request_is_refused_cleanly(workforce: Workforce, body: bytes) -> None:
    answer = raw("identitystore", "CreateUser", body)
    assert answer.status_code == 400
    assert answer.json()["__type"] in ("ValidationException", "SerializationException")
