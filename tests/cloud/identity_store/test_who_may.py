"""Who may look into an identity store, and who may change it.

Source: Service Authorization Reference, "AWS Identity Store"; IAM Identity Center User Guide,
"Limiting access to the identity store from member accounts".
"""

from __future__ import annotations

from typing import Any

from botocore.client import BaseClient

from tests.cloud.accounts import stranger
from tests.cloud.sts_words import client, error_of, new_user, policy, statement
from tests.cloud.workforce import MANAGEMENT, Workforce

STORE = f"arn:aws:identitystore::{MANAGEMENT}:identitystore"
ALL_BUT_GROUPS = [
    f"{STORE}/*",
    "arn:aws:identitystore:::user/*",
    "arn:aws:identitystore:::membership/*",
]


def helper(name: str, *statements: dict[str, Any]) -> BaseClient:
    return client("identitystore", new_user(name, policy(*statements)))


def test_the_store_alone_does_not_open_its_users(workforce: Workforce) -> None:
    ann, bob = workforce.new_user("ann"), workforce.new_user("bob")
    user_arn = f"arn:aws:identitystore:::user/{ann}"
    only_ann = [f"{STORE}/{workforce.store_id}", user_arn]
    desk = helper("desk", statement("identitystore:DescribeUser", Resource=only_ann))
    assert desk.describe_user(**workforce.in_store, UserId=ann)["UserName"] == "ann"
    code, text = error_of(desk.describe_user, **workforce.in_store, UserId=bob)
    assert code == "AccessDeniedException"
    assert f"identitystore:DescribeUser on resource: arn:aws:identitystore:::user/{bob}" in text


def test_who_may_fill_one_group_fills_no_other(workforce: Workforce) -> None:
    ann = workforce.new_user("ann")
    engineers, admins = workforce.new_group("engineers"), workforce.new_group("admins")
    allowed = [
        f"{STORE}/*",
        "arn:aws:identitystore:::user/*",
        "arn:aws:identitystore:::membership/*",
    ]
    allowed.append(f"arn:aws:identitystore:::group/{engineers}")
    lead = helper("lead", statement("identitystore:*", Resource=allowed))
    member = {"MemberId": {"UserId": ann}}
    code, text = error_of(
        lead.create_group_membership, **workforce.in_store, GroupId=admins, **member
    )
    assert code == "AccessDeniedException"
    assert f"group/{admins}" in text
    lead.create_group_membership(**workforce.in_store, GroupId=engineers, **member)


def test_a_membership_is_taken_away_only_by_who_may_touch_its_group(workforce: Workforce) -> None:
    ann = workforce.new_user("ann")
    engineers, admins = workforce.new_group("engineers"), workforce.new_group("admins")
    membership = {**workforce.in_store, "MembershipId": workforce.join(admins, ann)}
    mine = f"arn:aws:identitystore:::group/{engineers}"
    lead = helper("lead", statement("identitystore:*", Resource=[*ALL_BUT_GROUPS, mine]))
    assert error_of(lead.delete_group_membership, **membership)[0] == "AccessDeniedException"
    theirs = f"arn:aws:identitystore:::group/{admins}"
    chief = helper("chief", statement("identitystore:*", Resource=[*ALL_BUT_GROUPS, theirs]))
    chief.delete_group_membership(**membership)


def test_every_group_that_is_asked_for_must_be_allowed(workforce: Workforce) -> None:
    ann = workforce.new_user("ann")
    engineers, admins = workforce.new_group("engineers", ann), workforce.new_group("admins")
    mine = f"arn:aws:identitystore:::group/{engineers}"
    app = helper(
        "app", statement("identitystore:IsMemberInGroups", Resource=[*ALL_BUT_GROUPS, mine])
    )
    asked = {**workforce.in_store, "MemberId": {"UserId": ann}}
    assert app.is_member_in_groups(**asked, GroupIds=[engineers])["Results"][0]["MembershipExists"]
    code, _ = error_of(app.is_member_in_groups, **asked, GroupIds=[engineers, admins])
    assert code == "AccessDeniedException"


def test_a_member_account_reads_and_does_not_write(workforce: Workforce) -> None:
    ann = workforce.new_user("ann")
    there = workforce.company.new_account("shop").client("identitystore")
    assert there.describe_user(**workforce.in_store, UserId=ann)["UserName"] == "ann"
    assert there.list_identity_stores()["IdentityStores"][0]["IdentityStoreId"] == (
        workforce.store_id
    )
    refused = error_of(there.delete_user, **workforce.in_store, UserId=ann)
    assert refused[0] == "AccessDeniedException"


def test_a_member_s_reader_names_the_owner_s_store(workforce: Workforce) -> None:
    workforce.new_user("ann")
    shop = workforce.company.new_account("shop")
    all_users = "arn:aws:identitystore:::user/*"
    wrong = [f"arn:aws:identitystore::{shop.id}:identitystore/*", all_users]
    right = [f"{STORE}/{workforce.store_id}", all_users]
    for name, resources, may in (("wrong", wrong, False), ("right", right, True)):
        keys = shop.new_user(name, policy(statement("identitystore:*", Resource=resources)))
        reader = client("identitystore", keys)
        if may:
            assert len(reader.list_users(**workforce.in_store)["Users"]) == 1
        else:
            code, _ = error_of(reader.list_users, **workforce.in_store)
            assert code == "AccessDeniedException"


def test_a_stranger_sees_no_store(workforce: Workforce) -> None:
    outside = stranger().client("identitystore")
    assert outside.list_identity_stores()["IdentityStores"] == []
    assert error_of(outside.list_users, **workforce.in_store)[0] == "AccessDeniedException"


def test_a_store_is_named_by_its_arn_too(workforce: Workforce) -> None:
    ann = workforce.new_user("ann")
    by_arn = {"IdentityStoreId": f"{STORE}/{workforce.store_id}"}
    user = f"arn:aws:identitystore:::user/{ann}"
    assert workforce.store.describe_user(**by_arn, UserId=user)["UserId"] == ann
    other = {
        "IdentityStoreId": f"arn:aws:identitystore::999999999999:identitystore/{workforce.store_id}"
    }
    assert error_of(workforce.store.list_users, **other)[0] == "ResourceNotFoundException"
