"""Users of an identity store.

Source: Identity Store API Reference.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.sts_words import error_of
from tests.cloud.workforce import Workforce

NAME = {"GivenName": "Ann", "FamilyName": "Example"}
ENTERPRISE = "aws:identitystore:enterprise"


def describe(workforce: Workforce, user_id: str, **more: Any) -> dict[str, Any]:
    return workforce.store.describe_user(**workforce.in_store, UserId=user_id, **more)


def update(workforce: Workforce, user_id: str, path: str, value: Any = None) -> dict[str, Any]:
    operation = {"AttributePath": path} | ({} if value is None else {"AttributeValue": value})
    return workforce.store.update_user(**workforce.in_store, UserId=user_id, Operations=[operation])


def test_user_names_are_unique_whatever_their_case(workforce: Workforce) -> None:
    workforce.new_user("ann")
    code, text = error_of(workforce.new_user, "ANN", Emails=[{"Value": "other@example.com"}])
    assert (code, text) == ("ConflictException", "Duplicate UserName")


def test_addresses_are_unique(workforce: Workforce) -> None:
    workforce.new_user("ann")
    taken = [{"Value": "Ann@Example.com"}]
    assert error_of(workforce.new_user, "bob", Emails=taken)[0] == "ConflictException"


def test_a_new_user_is_described_as_made(workforce: Workforce) -> None:
    user_id = workforce.new_user("ann", Title="Engineer")
    found = describe(workforce, user_id)
    assert found["UserName"] == "ann"
    assert found["UserArn"] == f"arn:aws:identitystore:::user/{user_id}"
    assert (found["Title"], found["UserStatus"], found["Revision"]) == ("Engineer", "ENABLED", "1")
    assert found["CreatedBy"] == "arn:aws:iam::123456789012:root"


class TestUpdates:
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


class TestLookUp:
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
