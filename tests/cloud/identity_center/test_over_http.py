"""The same answers in the kernel and over HTTP."""

from __future__ import annotations

from helpers import lab
from tests.cloud.workforce import MANAGEMENT, Workforce


def test_somebody_is_assigned_through_either_door(door: lab.Cloud) -> None:
    workforce = Workforce()
    reader, ann = workforce.new_permission_set("Reader"), workforce.new_user("ann")
    assert workforce.assign(reader, ann, MANAGEMENT)["Status"] == "SUCCEEDED"
    found = workforce.sso.list_account_assignments(**reader, AccountId=MANAGEMENT)
    assert [each["PrincipalId"] for each in found["AccountAssignments"]] == [ann]
    assert workforce.store.describe_user(**workforce.in_store, UserId=ann)["UserName"] == "ann"
