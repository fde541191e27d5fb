"""Which user a federated sign-in makes or finds, and who is kept out."""

from __future__ import annotations

import pytest

from tests.cloud.federation.brands import (
    Federation,
    MakeFederation,
    refusal,
    username,
)

INSENSITIVE = {"UsernameConfiguration": {"CaseSensitive": False}}


# --- names -------------------------------------------------------------------------------------


def test_a_pool_that_ignores_case_has_usernames_in_small_letters(
    make_federation: MakeFederation,
) -> None:
    family = make_federation(**INSENSITIVE)
    family.add("apple")
    assert family.claims("apple")["cognito:username"] == username("apple").lower()
    assert family.claims("apple")["cognito:username"] == username("apple").lower()
    assert len(family.usernames()) == 1


def test_two_subjects_that_differ_in_case_are_never_one_user(
    make_federation: MakeFederation,
) -> None:
    family = make_federation(**INSENSITIVE)
    family.add("openid")
    assert family.enter("abc") == "partner_abc"
    assert refusal(family, "ABC") == "Already found an entry for username partner_abc"


def test_subjects_that_differ_in_case_are_two_users_where_case_counts(
    family: Federation,
) -> None:
    family.add("openid")
    assert (family.enter("abc"), family.enter("ABC")) == ("Partner_abc", "Partner_ABC")


@pytest.mark.parametrize("subject", ["", "a b", "x" * 200, "a\nb", "a\x00b", "\u2028"])
def test_a_subject_that_makes_no_username_is_refused(family: Federation, subject: str) -> None:
    family.add("openid")
    assert refusal(family, subject)


def test_a_local_user_with_a_federated_name_is_not_handed_over(family: Federation) -> None:
    family.add("openid")
    family.local_user("Partner_u1")
    assert refusal(family, "u1") == "Already found an entry for username Partner_u1"


def test_a_local_user_with_a_federated_name_as_alias_is_not_handed_over(
    make_federation: MakeFederation,
) -> None:
    family = make_federation(AliasAttributes=["preferred_username"])
    family.add("openid")
    family.local_user("mallory", preferred_username="Partner_u1")
    assert refusal(family, "u1") == "Already found an entry for username Partner_u1"


def test_usernames_of_federated_users_stay_where_addresses_are_usernames(
    make_federation: MakeFederation,
) -> None:
    family = make_federation(UsernameAttributes=["email"])
    family.add("openid", {"email": "email", "email_verified": "email_verified"})
    family.local_user("alice@example.com")
    federated = family.claims("openid")
    assert federated["cognito:username"] == username("openid")
    local = family.user("alice@example.com")
    assert local["Username"] != federated["cognito:username"]
    assert len(family.usernames()) == 2
    # The other way round: the address of a federated user is free for a local one.
    family.tokens("openid", "bob")
    family.local_user("bob@example.com")
    assert family.user("bob@example.com")["UserStatus"] == "CONFIRMED"


# --- who may come in ---------------------------------------------------------------------------


def test_the_same_address_does_not_make_the_same_user(family: Federation) -> None:
    sub = family.local_user("alice", email="alice@example.com", email_verified="true")
    family.add("openid", {"email": "email", "email_verified": "email_verified"})
    family.add("google", {"email": "email", "email_verified": "email_verified"})
    subs = {sub, family.claims("openid")["sub"], family.claims("google")["sub"]}
    assert len(subs) == 3


def test_a_disabled_user_is_kept_out(family: Federation) -> None:
    family.add("google")
    family.tokens("google")
    family.idp.admin_disable_user(UserPoolId=family.pool_id, Username=username("google"))
    told = family.sign_in("google")
    assert (told["error"], told["error_description"]) == ("invalid_request", "User is not enabled")
    family.idp.admin_enable_user(UserPoolId=family.pool_id, Username=username("google"))
    assert "code" in family.sign_in("google")


def test_a_deleted_user_comes_back_as_a_new_one(family: Federation) -> None:
    family.add("google")
    sub = family.claims("google")["sub"]
    family.idp.admin_delete_user(UserPoolId=family.pool_id, Username=username("google"))
    assert family.usernames() == []
    assert family.claims("google")["sub"] != sub


def test_a_federated_user_may_delete_himself(family: Federation) -> None:
    family.add("google")
    scope = "openid aws.cognito.signin.user.admin"
    tokens = family.tokens("google", scope=scope)
    family.idp.delete_user(AccessToken=tokens["access_token"])
    assert family.usernames() == []
    assert "code" in family.sign_in("google")


def test_an_alias_belongs_to_one_user(make_federation: MakeFederation) -> None:
    family = make_federation(AliasAttributes=["email"])
    family.add("openid", {"email": "email", "email_verified": "email_verified"})
    family.local_user("alice", email="alice@example.com", email_verified="true")
    told = family.sign_in("openid")
    assert told["error_description"] == "An account with the given email already exists."
    assert family.usernames() == ["alice"]
    assert "code" in family.sign_in("openid", "bob")
    assert family.user("bob@example.com")["Username"] == username("openid", "bob")


def test_an_alias_is_not_taken_at_a_later_sign_in_either(make_federation: MakeFederation) -> None:
    family = make_federation(AliasAttributes=["email"])
    family.add("openid", {"email": "email", "email_verified": "email_verified"})
    family.local_user("victim", email="victim@example.com", email_verified="true")
    family.enter("u1", email="mine@example.com", email_verified="true")
    why = refusal(family, "u1", email="victim@example.com", email_verified="true")
    assert why == "An account with the given email already exists."
    assert family.attributes("Partner_u1")["email"] == "mine@example.com"
    assert family.user("victim@example.com")["Username"] == "victim"
