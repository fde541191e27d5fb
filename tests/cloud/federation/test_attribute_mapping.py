"""What a provider says, mapped to the attributes of the user."""

from __future__ import annotations

import pytest

from tests.cloud.federation.brands import (
    Federation,
    MakeFederation,
    refusal,
)

ROLES = {"Name": "roles", "AttributeDataType": "String", "Mutable": True}
WRITABLE = {"WriteAttributes": ["email", "name", "custom:roles"]}


def test_only_what_is_mapped_is_kept(family: Federation) -> None:
    family.add("openid", {"email": "mail"})
    family.enter("u1", mail="a@example.com", name="A", family_name="B")
    kept = family.attributes("Partner_u1")
    assert set(kept) == {"sub", "email", "email_verified", "identities"}


def test_an_address_is_unverified_unless_the_provider_says_otherwise(family: Federation) -> None:
    family.add("openid", {"email": "email"})
    family.enter("u1", email="a@example.com", email_verified="true")
    assert family.attributes("Partner_u1")["email_verified"] == "false"


@pytest.mark.parametrize(("said", "kept"), [("true", "true"), ("TRUE", "true"), ("false", "false")])
def test_a_mapped_claim_says_whether_an_address_is_verified(
    family: Federation, said: str, kept: str
) -> None:
    family.add("openid", {"email": "email", "email_verified": "email_verified"})
    family.enter("u1", email="a@example.com", email_verified=said)
    assert family.attributes("Partner_u1")["email_verified"] == kept


def test_a_claim_about_no_address_verifies_none(family: Federation) -> None:
    family.add("openid", {"email": "email", "email_verified": "email_verified"})
    family.enter("u1", email="a@example.com", email_verified="false")
    family.enter("u1", email_verified="true")
    assert family.attributes("Partner_u1")["email_verified"] == "false"


def test_an_address_that_changes_without_a_word_is_no_longer_verified(family: Federation) -> None:
    family.add("openid", {"email": "email", "email_verified": "email_verified"})
    family.enter("u1", email="a@example.com", email_verified="true")
    family.enter("u1", email="other@example.com")
    kept = family.attributes("Partner_u1")
    assert (kept["email"], kept["email_verified"]) == ("other@example.com", "false")


def test_no_code_is_sent_for_an_address_that_a_provider_gave(
    make_federation: MakeFederation,
) -> None:
    family = make_federation(AutoVerifiedAttributes=["email"])
    family.add("openid", {"email": "email"})
    family.enter("u1", email="a@example.com")
    family.enter("u1", email="b@example.com")
    assert family.cloud.inbox.to() == []


def test_a_claim_that_does_not_come_changes_nothing(family: Federation) -> None:
    family.add("openid")
    family.enter("u1", email="a@example.com", name="A")
    family.enter("u1", email="a@example.com")
    assert family.attributes("Partner_u1")["name"] == "A"


def test_every_sign_in_sets_the_mapped_attributes_again(family: Federation) -> None:
    family.add("openid")
    family.enter("u1", name="A")
    family.idp.admin_update_user_attributes(
        UserPoolId=family.pool_id,
        Username="Partner_u1",
        UserAttributes=[{"Name": "name", "Value": "changed"}],
    )
    family.enter("u1", name="A")
    assert family.attributes("Partner_u1")["name"] == "A"


def test_several_values_stand_in_brackets_each_form_encoded(
    make_federation: MakeFederation,
) -> None:
    family = make_federation(WRITABLE, Schema=[ROLES])
    family.add("openid", {"custom:roles": "roles"})
    values = ["a.b-c*d_e", "Domain Users", "a,b", "ü~[]"]
    family.enter("u1", roles=values)
    coded = "[a.b-c*d_e, Domain+Users, a%2Cb, %C3%BC%7E%5B%5D]"
    assert family.attributes("Partner_u1")["custom:roles"] == coded
    family.enter("u1", roles="one value")
    assert family.attributes("Partner_u1")["custom:roles"] == "one value"


def test_what_the_client_may_not_write_is_left_out(make_federation: MakeFederation) -> None:
    family = make_federation({"WriteAttributes": ["email"]}, Schema=[ROLES])
    family.add("openid", {"custom:roles": "roles", "name": "name", "email": "email"})
    family.enter("u1", roles="admin", name="A", email="a@example.com")
    kept = family.attributes("Partner_u1")
    assert "custom:roles" not in kept
    assert "name" not in kept
    assert kept["email"] == "a@example.com"


def test_a_required_attribute_that_the_client_may_not_write_is_missing(
    make_federation: MakeFederation,
) -> None:
    schema = [{"Name": "name", "Required": True}, {"Name": "email", "Required": True}]
    family = make_federation({"WriteAttributes": ["email"]}, Schema=schema)
    family.add("openid")
    assert refusal(family, "u1", name="A") == "attributes required: [name, email]"
    assert refusal(family, "u1", name="A", email="a@example.com") == "attributes required: [name]"


def test_an_immutable_attribute_lets_a_user_in_once(make_federation: MakeFederation) -> None:
    fixed = {"Name": "staff", "AttributeDataType": "String", "Mutable": False}
    family = make_federation({"WriteAttributes": ["custom:staff"]}, Schema=[fixed])
    family.add("openid", {"custom:staff": "staff"})
    family.enter("u1", staff="17")
    assert refusal(family, "u1", staff="17") == "user.custom:staff: Attribute cannot be updated."
    family.enter("u1")
    assert family.attributes("Partner_u1")["custom:staff"] == "17"


@pytest.mark.parametrize(
    ("mapping", "claims", "why"),
    [
        ({"name": "name"}, {"name": "x" * 2049}, "name: String must be no larger than 2048"),
        ({"email": "email"}, {"email": "nobody"}, "Invalid email address format."),
        ({"phone_number": "tel"}, {"tel": "030 123"}, "Invalid phone number format."),
        ({"birthdate": "born"}, {"born": "yesterday"}, "birthdate: "),
        (
            {"email": "email", "email_verified": "email_verified"},
            {"email": "a@example.com", "email_verified": "perhaps"},
            "email_verified: Invalid boolean value.",
        ),
    ],
)
def test_a_value_that_does_not_fit_the_schema_ends_the_sign_in(
    family: Federation, mapping: dict[str, str], claims: dict[str, str], why: str
) -> None:
    family.add("openid", mapping)
    assert why in refusal(family, "u1", **claims)


def test_a_value_that_no_longer_fits_changes_nothing(family: Federation) -> None:
    family.add("openid")
    family.enter("u1", email="a@example.com", name="A")
    before = family.attributes("Partner_u1")
    assert refusal(family, "u1", email="nobody", name="B") == "Invalid email address format."
    assert family.attributes("Partner_u1") == before
