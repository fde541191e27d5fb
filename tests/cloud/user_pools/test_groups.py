from __future__ import annotations

from typing import Any

import jwt
import pytest

ROLE = "arn:aws:iam::123456789012:role/"


@pytest.fixture
def put(pool):
    pool.join("alice")

    def add(name: str, role: str = "", precedence: int | None = None) -> None:
        more: dict[str, Any] = {"RoleArn": ROLE + role} if role else {}
        more |= {} if precedence is None else {"Precedence": precedence}
        pool.idp.create_group(UserPoolId=pool.id, GroupName=name, **more)
        pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username="alice", GroupName=name)

    return add


def group_claims(pool: Any) -> tuple[Any, Any, Any]:
    token = jwt.decode(pool.sign_in("alice")["IdToken"], options={"verify_signature": False})
    return tuple(token.get(f"cognito:{n}") for n in ("groups", "roles", "preferred_role"))


def test_an_unknown_group_and_an_unknown_user(pool, refused):
    pool.idp.create_group(UserPoolId=pool.id, GroupName="g")
    with refused("UserNotFoundException", "User does not exist."):
        pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username="nobody", GroupName="g")
    with refused("ResourceNotFoundException", "Group not found."):
        pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username="nobody", GroupName="no")


def test_no_groups_no_claims(pool):
    pool.join("alice")
    assert group_claims(pool) == (None, None, None)


def test_the_lowest_precedence_is_preferred(pool, put):
    put("readers", "read", 10)
    put("writers", "write", 1)
    put("others", "other")
    groups, roles, preferred = group_claims(pool)
    assert groups == ["writers", "readers", "others"]
    assert roles == [ROLE + "write", ROLE + "read", ROLE + "other"]
    assert preferred == ROLE + "write"


def test_equal_precedence_leaves_the_preferred_role_out(pool, put):
    put("readers", "read", 1)
    put("writers", "write", 1)
    _, roles, preferred = group_claims(pool)
    assert (len(roles), preferred) == (2, None)


def test_equal_precedence_with_one_role_prefers_that_role(pool, put):
    put("readers", "same", 1)
    put("writers", "same", 1)
    assert group_claims(pool)[1:] == ([ROLE + "same"], ROLE + "same")


def test_groups_without_a_role_give_none(pool, put):
    put("plain", precedence=0)
    assert group_claims(pool) == (["plain"], None, None)


def test_a_user_leaves_a_group(pool, put):
    put("readers", "read", 1)
    pool.idp.admin_remove_user_from_group(UserPoolId=pool.id, Username="alice", GroupName="readers")
    assert group_claims(pool) == (None, None, None)


def test_the_groups_of_a_user_are_listed_page_by_page(pool, put):
    for number in range(3):
        put(f"g{number}", precedence=number)
    page = pool.idp.admin_list_groups_for_user(UserPoolId=pool.id, Username="alice", Limit=2)
    rest = pool.idp.admin_list_groups_for_user(
        UserPoolId=pool.id, Username="alice", NextToken=page["NextToken"]
    )
    names = [g["GroupName"] for p in (page, rest) for g in p["Groups"]]
    assert names == ["g0", "g1", "g2"]


def test_the_sub_names_a_user_too(pool):
    sub = pool.join("alice")
    pool.idp.create_group(UserPoolId=pool.id, GroupName="g")
    pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username=sub, GroupName="g")
    assert group_claims(pool)[0] == ["g"]
