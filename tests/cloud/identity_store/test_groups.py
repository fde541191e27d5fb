"""Groups of an identity store, and who is in them.

Source: Identity Store API Reference.
"""

from __future__ import annotations

from typing import Any

from tests.cloud.sts_words import error_of
from tests.cloud.workforce import NOBODY, Workforce


def members_of(workforce: Workforce, group_id: str) -> list[str]:
    found = workforce.store.list_group_memberships(**workforce.in_store, GroupId=group_id)
    return [each["MemberId"]["UserId"] for each in found["GroupMemberships"]]


class TestGroups:
    def test_a_group_needs_a_name_of_its_own(self, workforce: Workforce) -> None:
        create = workforce.store.create_group
        assert error_of(create, **workforce.in_store)[0] == "ValidationException"
        assert error_of(workforce.new_group, "Administrator")[0] == "ValidationException"
        workforce.new_group("engineers")
        refused = error_of(workforce.new_group, "Engineers")
        assert refused == ("ConflictException", "Duplicate GroupDisplayName")

    def test_a_group_is_found_by_name(self, workforce: Workforce) -> None:
        group_id = workforce.new_group("engineers")
        attribute = {"AttributePath": "displayName", "AttributeValue": "engineers"}
        wanted = {"UniqueAttribute": attribute}
        found = workforce.store.get_group_id(**workforce.in_store, AlternateIdentifier=wanted)
        assert found["GroupId"] == group_id
        attribute["AttributeValue"] = "sales"
        find = workforce.store.get_group_id
        refused = error_of(find, **workforce.in_store, AlternateIdentifier=wanted)
        assert refused == ("ResourceNotFoundException", "GROUP not found.")

    def test_a_group_is_renamed(self, workforce: Workforce) -> None:
        group_id, taken = workforce.new_group("engineers"), workforce.new_group("sales")
        which = {**workforce.in_store, "GroupId": group_id}

        def rename(name: Any) -> None:
            operation = {"AttributePath": "displayName", "AttributeValue": name}
            workforce.store.update_group(**which, Operations=[operation])

        assert error_of(rename, "Sales")[0] == "ConflictException"
        assert error_of(rename, {"name": "x"})[0] == "ValidationException"
        rename("builders")
        assert workforce.store.describe_group(**which)["DisplayName"] == "builders"
        assert taken != group_id

    def test_a_deleted_group_has_no_members(self, workforce: Workforce) -> None:
        user_id = workforce.new_user("ann")
        group_id = workforce.new_group("engineers", user_id)
        workforce.store.delete_group(**workforce.in_store, GroupId=group_id)
        member = {"MemberId": {"UserId": user_id}}
        held = workforce.store.list_group_memberships_for_member(**workforce.in_store, **member)
        assert held["GroupMemberships"] == []
        assert error_of(members_of, workforce, group_id)[0] == "ResourceNotFoundException"


class TestMemberships:
    def test_nobody_joins_what_is_not_there(self, workforce: Workforce) -> None:
        user_id, group_id = workforce.new_user("ann"), workforce.new_group("engineers")
        nobody = error_of(workforce.join, group_id, NOBODY)
        assert nobody == ("ResourceNotFoundException", "Member does not exist")
        nowhere = error_of(workforce.join, NOBODY, user_id)
        assert nowhere == ("ResourceNotFoundException", "Group does not exist")

    def test_nobody_joins_twice(self, workforce: Workforce) -> None:
        user_id = workforce.new_user("ann")
        group_id = workforce.new_group("engineers", user_id)
        assert error_of(workforce.join, group_id, user_id)[0] == "ConflictException"

    def test_who_leaves_is_no_member(self, workforce: Workforce) -> None:
        ann, bob = workforce.new_user("ann"), workforce.new_user("bob")
        group_id = workforce.new_group("engineers", bob)
        membership = {**workforce.in_store, "MembershipId": workforce.join(group_id, ann)}
        found = workforce.store.describe_group_membership(**membership)
        assert (found["GroupId"], found["MemberId"]) == (group_id, {"UserId": ann})
        workforce.store.delete_group_membership(**membership)
        assert members_of(workforce, group_id) == [bob]
        again = error_of(workforce.store.delete_group_membership, **membership)
        assert again == ("ResourceNotFoundException", "GROUP_MEMBERSHIP not found.")

    def test_membership_is_asked_for_several_groups(self, workforce: Workforce) -> None:
        user_id = workforce.new_user("ann")
        engineers, sales = workforce.new_group("engineers", user_id), workforce.new_group("sales")
        ask = workforce.store.is_member_in_groups
        member = {"MemberId": {"UserId": user_id}}
        found = ask(**workforce.in_store, **member, GroupIds=[engineers, sales])["Results"]
        assert [each["MembershipExists"] for each in found] == [True, False]
        code, _ = error_of(ask, **workforce.in_store, **member, GroupIds=[engineers, NOBODY])
        assert code == "ResourceNotFoundException"

    def test_a_membership_is_found_by_its_two_sides(self, workforce: Workforce) -> None:
        user_id, group_id = workforce.new_user("ann"), workforce.new_group("engineers")
        sides = {"GroupId": group_id, "MemberId": {"UserId": user_id}}
        find = workforce.store.get_group_membership_id
        code, _ = error_of(find, **workforce.in_store, **sides)
        assert code == "ResourceNotFoundException"
        made = workforce.join(group_id, user_id)
        assert find(**workforce.in_store, **sides)["MembershipId"] == made
