"""The user whom a federated sign-in makes or finds, and what is mapped to his attributes."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from helpers.cloud.federation.profile import FederationError
from tests.cloud.federation.brands import LOCAL_PASSWORD, Federation, MakeFederation, username

INSENSITIVE = {"UsernameConfiguration": {"CaseSensitive": False}}
ROLES = {"Name": "roles", "AttributeDataType": "String", "Mutable": True}
WRITABLE = {"WriteAttributes": ["email", "name", "custom:roles"]}


def refusal(family: Federation, subject: str, brand: str = "openid", **claims: object) -> str:
    """Why somebody is not let in, with nothing changed."""
    before = family.usernames()
    with pytest.raises(FederationError) as caught:
        family.enter(subject, brand, **claims)
    assert family.usernames() == before
    return caught.value.description


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


# --- attribute mapping -------------------------------------------------------------------------


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


# --- identities and groups ---------------------------------------------------------------------


def test_the_entity_id_of_a_directory_is_the_identitys_issuer(family: Federation) -> None:
    family.add("openid")
    family.enter("u1", session={"issuer": "https://idp.example.com/metadata"})
    (identity,) = json.loads(family.attributes("Partner_u1")["identities"])
    assert identity["issuer"] == "https://idp.example.com/metadata"


def test_nobody_writes_the_identities_attribute(family: Federation) -> None:
    family.add("openid")
    family.enter("u1")
    with pytest.raises(ClientError) as caught:
        family.idp.admin_update_user_attributes(
            UserPoolId=family.pool_id,
            Username="Partner_u1",
            UserAttributes=[{"Name": "identities", "Value": "[]"}],
        )
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"
    with pytest.raises(ClientError):
        family.idp.admin_delete_user_attributes(
            UserPoolId=family.pool_id, Username="Partner_u1", UserAttributeNames=["identities"]
        )


def test_identities_are_shown_whatever_the_client_may_read(
    make_federation: MakeFederation,
) -> None:
    family = make_federation({"ReadAttributes": ["email"]})
    family.add("google")
    tokens = family.tokens("google", scope="openid aws.cognito.signin.user.admin")
    shown = family.idp.get_user(AccessToken=tokens["access_token"])["UserAttributes"]
    assert {a["Name"] for a in shown} == {"sub", "email", "identities"}


def test_a_local_user_has_no_identities(family: Federation) -> None:
    family.local_user("alice", email="alice@example.com")
    assert "identities" not in family.attributes("alice")


def test_the_providers_own_group_is_made_for_its_first_user(family: Federation) -> None:
    family.add("google")
    family.tokens("google")
    family.tokens("google", "bob")
    (group,) = family.idp.list_groups(UserPoolId=family.pool_id)["Groups"]
    assert group["GroupName"] == f"{family.pool_id}_Google"
    assert "RoleArn" not in group
    members = family.idp.list_users_in_group(
        UserPoolId=family.pool_id, GroupName=group["GroupName"]
    )["Users"]
    assert {m["Username"] for m in members} == {username("google"), username("google", "bob")}


def test_who_was_taken_out_of_the_group_stays_out(family: Federation) -> None:
    family.add("google")
    family.tokens("google")
    family.idp.admin_remove_user_from_group(
        UserPoolId=family.pool_id,
        Username=username("google"),
        GroupName=f"{family.pool_id}_Google",
    )
    assert "cognito:groups" not in family.claims("google")


# --- a federated user has no password ----------------------------------------------------------


def refused(code: str, call: object, **params: object) -> str:
    """The message of an expected refusal."""
    with pytest.raises(ClientError) as caught:
        call(**params)  # type: ignore[operator]
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    return str(error["Message"])


def test_a_federated_user_cannot_sign_in_with_a_password(family: Federation) -> None:
    family.add("google")
    family.tokens("google")
    for password in ("", "x", LOCAL_PASSWORD, "Provider-pass1!"):
        refused(
            "NotAuthorizedException" if password else "InvalidParameterException",
            family.idp.initiate_auth,
            ClientId=family.app.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": username("google"), "PASSWORD": password},
        )


def test_srp_proves_nothing_about_a_federated_user(family: Federation) -> None:
    family.add("google")
    family.tokens("google")
    challenge = family.idp.initiate_auth(
        ClientId=family.app.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": username("google"), "SRP_A": "ab" * 64},
    )
    answers = {
        "USERNAME": challenge["ChallengeParameters"]["USER_ID_FOR_SRP"],
        "PASSWORD_CLAIM_SECRET_BLOCK": challenge["ChallengeParameters"]["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": "AAAA",
        "TIMESTAMP": "Thu Jan 15 12:00:00 UTC 2026",
    }
    message = refused(
        "NotAuthorizedException",
        family.idp.respond_to_auth_challenge,
        ClientId=family.app.client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses=answers,
    )
    assert message == "Incorrect username or password."


def test_a_federated_user_has_no_password_to_reset_or_change(family: Federation) -> None:
    family.add("google", {"email": "email", "email_verified": "email_verified"})
    tokens = family.tokens("google", scope="openid aws.cognito.signin.user.admin")
    client, name = family.app.client_id, username("google")
    state = "User password cannot be reset in the current state."
    idp = family.idp
    assert (
        refused("NotAuthorizedException", idp.forgot_password, ClientId=client, Username=name)
        == state
    )
    message = refused(
        "NotAuthorizedException",
        idp.admin_reset_user_password,
        UserPoolId=family.pool_id,
        Username=name,
    )
    assert message == state
    refused(
        "ExpiredCodeException",
        idp.confirm_forgot_password,
        ClientId=client,
        Username=name,
        ConfirmationCode="123456",
        Password=LOCAL_PASSWORD,
    )
    refused(
        "NotAuthorizedException",
        idp.change_password,
        AccessToken=tokens["access_token"],
        PreviousPassword=LOCAL_PASSWORD,
        ProposedPassword=LOCAL_PASSWORD + "2",
    )
    message = refused(
        "NotAuthorizedException",
        idp.admin_confirm_sign_up,
        UserPoolId=family.pool_id,
        Username=name,
    )
    assert message == "User cannot be confirmed. Current status is EXTERNAL_PROVIDER"
    assert family.cloud.inbox.to() == []


def test_an_administrator_may_give_a_federated_user_a_password(family: Federation) -> None:
    family.add("google")
    sub = family.claims("google")["sub"]
    family.idp.admin_set_user_password(
        UserPoolId=family.pool_id,
        Username=username("google"),
        Password=LOCAL_PASSWORD,
        Permanent=True,
    )
    assert family.user(username("google"))["UserStatus"] == "CONFIRMED"
    family.idp.initiate_auth(
        ClientId=family.app.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username("google"), "PASSWORD": LOCAL_PASSWORD},
    )
    assert family.claims("google")["sub"] == sub
