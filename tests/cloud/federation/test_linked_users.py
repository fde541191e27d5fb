"""AdminLinkProviderForUser and AdminDisableProviderForUser, and the sign-ins that follow."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from helpers.cloud.federation.profile import FederationError
from tests.cloud.federation.brands import (
    LOCAL_PASSWORD,
    Federation,
    MakeFederation,
    account,
    subject,
    username,
)

MERGING = (
    "Merging is not currently supported, provide a SourceUser that has not been signed up in "
    "order to link"
)
NATIVE = (
    "Invalid SourceUser: Cognito users with a username/password may not be passed in as a "
    "SourceUser, only as a DestinationUser"
)
LINKED = "SourceUser is already linked to DestinationUser"


def refused(call: Any, *args: Any, **params: Any) -> tuple[str, str]:
    """Code and message of an expected refusal."""
    with pytest.raises(ClientError) as caught:
        call(*args, **params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def family(make_federation: MakeFederation) -> Federation:
    """A pool with the local user alice, Google and an OpenID provider."""
    made = make_federation()
    made.local_user("alice")
    made.add("google")
    made.add("openid", {"email": "email"})
    return made


def identities(family: Federation, name: str) -> list[dict[str, Any]]:
    """The identities attribute of a user."""
    return json.loads(family.attributes(name).get("identities", "[]"))


def password_works(family: Federation, name: str = "alice") -> bool:
    """Whether a user can sign in with the password."""
    try:
        family.idp.initiate_auth(
            ClientId=family.app.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": LOCAL_PASSWORD},
        )
    except family.idp.exceptions.NotAuthorizedException:
        return False
    return True


# --- linking -----------------------------------------------------------------------------------


@pytest.mark.parametrize("brand", ["google", "openid"])
def test_who_is_linked_signs_in_as_the_existing_user(family: Federation, brand: str) -> None:
    family.link("alice", subject(brand), brand)
    (before,) = identities(family, "alice")
    assert (before["userId"], before["primary"]) == (subject(brand), False)
    claims = family.claims(brand)
    assert claims["cognito:username"] == "alice"
    assert claims["sub"] == family.attributes("alice")["sub"]
    (identity,) = claims["identities"]
    assert (identity["providerName"], identity["primary"]) == (before["providerName"], "false")
    assert "cognito:groups" not in claims
    assert family.usernames() == ["alice"]
    assert family.user("alice")["UserStatus"] == "CONFIRMED"
    assert password_works(family)


def test_somebody_else_at_the_same_provider_is_not_let_in_by_the_link(family: Federation) -> None:
    family.link("alice", subject("google"), "google")
    assert family.claims("google", "bob")["cognito:username"] == username("google", "bob")


def test_a_linked_sign_in_sets_the_mapped_attributes_of_the_existing_user(
    family: Federation,
) -> None:
    family.link("alice", subject("google"), "google")
    family.tokens("google")
    kept = family.attributes("alice")
    assert (kept["email"], kept["email_verified"]) == ("alice@example.com", "false")


def test_a_user_can_be_linked_to_several_providers_five_in_all(family: Federation) -> None:
    family.link("alice", subject("google"), "google")
    for n in range(4):
        family.link("alice", f"s{n}")
    code, _ = refused(family.link, "alice", "s5")
    assert code == "LimitExceededException"
    assert len(identities(family, "alice")) == 5
    assert family.claims("google")["cognito:username"] == "alice"
    family.unlink("s0")
    family.link("alice", "s5")


def test_a_federated_user_can_be_the_destination(family: Federation) -> None:
    family.tokens("google")
    source = account(subject("openid"))
    family.idp.admin_link_provider_for_user(
        UserPoolId=family.pool_id,
        DestinationUser={
            "ProviderName": "Google",
            "ProviderAttributeValue": subject("google"),
        },
        SourceUser=source,
    )
    claims = family.claims("openid")
    assert claims["cognito:username"] == username("google")
    assert [i["primary"] for i in claims["identities"]] == ["true", "false"]


def test_a_link_by_an_attribute_leads_to_the_user_and_then_holds_the_subject(
    family: Federation,
) -> None:
    family.link("alice", "alice@example.com", by="email")
    assert identities(family, "alice")[0]["userId"] == "alice@example.com"
    assert family.claims("openid")["cognito:username"] == "alice"
    assert identities(family, "alice")[0]["userId"] == subject("openid")
    # Whoever has the address at the provider later is somebody else.
    assert family.enter("another-subject", email="alice@example.com") != "alice"
    assert family.claims("openid")["cognito:username"] == "alice"


def test_a_sign_in_that_is_refused_leaves_the_link_as_it_was(
    make_federation: MakeFederation,
) -> None:
    family = make_federation()
    family.add("openid", {"email": "email", "phone_number": "tel"})
    family.local_user("alice")
    family.link("alice", "alice@example.com", by="email")
    with pytest.raises(FederationError, match="Invalid phone number"):
        family.enter("u1", email="alice@example.com", tel="none")
    assert identities(family, "alice")[0]["userId"] == "alice@example.com"
    assert "email" not in family.attributes("alice")
    assert family.enter("u1", email="alice@example.com") == "alice"


def test_a_link_by_an_attribute_that_is_not_mapped_is_refused(family: Federation) -> None:
    for by in ("name", "username", "NameID", "groups"):
        code, _ = refused(family.link, "alice", "x", by=by)
        assert code == "InvalidParameterException"


def test_a_social_provider_is_linked_by_its_subject_only(family: Federation) -> None:
    code, message = refused(family.link, "alice", "alice@example.com", "google", by="email")
    assert code == "InvalidParameterException"
    assert "Cognito_Subject" in message


def test_a_link_of_one_provider_says_nothing_about_another(family: Federation) -> None:
    family.link("alice", "u1")
    assert family.enter("u1", "google") == "Google_u1"


def test_subjects_are_compared_exactly(make_federation: MakeFederation) -> None:
    family = make_federation(UsernameConfiguration={"CaseSensitive": False})
    family.add("openid")
    family.local_user("alice")
    family.link("alice", "AbC")
    assert family.enter("AbC") == "alice"
    assert family.enter("abc") == "partner_abc"


# --- what cannot be linked ---------------------------------------------------------------------


def test_what_is_linked_cannot_be_linked_again(family: Federation) -> None:
    family.local_user("bob")
    family.link("alice", "u1")
    for name in ("alice", "bob"):
        assert refused(family.link, name, "u1") == ("InvalidParameterException", LINKED)
    assert identities(family, "bob") == []
    assert family.enter("u1") == "alice"


def test_who_has_signed_in_already_cannot_be_linked(family: Federation) -> None:
    family.tokens("google")
    assert refused(family.link, "alice", subject("google"), "google") == (
        "InvalidParameterException",
        MERGING,
    )
    family.idp.admin_delete_user(UserPoolId=family.pool_id, Username=username("google"))
    family.link("alice", subject("google"), "google")
    assert family.claims("google")["cognito:username"] == "alice"


def test_a_local_user_is_no_source(family: Federation) -> None:
    family.local_user("Partner_u1")
    assert refused(family.link, "alice", "u1") == ("InvalidParameterException", NATIVE)
    family.local_user("bob")
    error = refused(
        family.idp.admin_link_provider_for_user,
        UserPoolId=family.pool_id,
        DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "alice"},
        SourceUser={
            "ProviderName": "Cognito",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": "bob",
        },
    )
    assert error == ("InvalidParameterException", NATIVE)


def test_unknown_pools_users_and_providers_are_refused(family: Federation) -> None:
    assert refused(family.link, "nobody", "u1")[0] == "UserNotFoundException"
    link = family.idp.admin_link_provider_for_user
    good = {"ProviderName": "Cognito", "ProviderAttributeValue": "alice"}
    strange = {**account("u1"), "ProviderName": "Facebook"}
    where = {"UserPoolId": family.pool_id}
    code, _ = refused(link, **where, DestinationUser=good, SourceUser=strange)
    assert code == "ResourceNotFoundException"
    code, _ = refused(
        link, UserPoolId="us-east-1_000000000", DestinationUser=good, SourceUser=account("u1")
    )
    assert code == "ResourceNotFoundException"
    for name in ("Google", "Facebook"):
        destination = {"ProviderName": name, "ProviderAttributeValue": "u1"}
        code, _ = refused(link, **where, DestinationUser=destination, SourceUser=account("u2"))
        assert code == "UserNotFoundException"


@pytest.mark.parametrize(
    "missing", ["ProviderName", "ProviderAttributeName", "ProviderAttributeValue"]
)
def test_what_is_missing_is_refused(family: Federation, missing: str) -> None:
    given = {k: v for k, v in account("u1").items() if k != missing}
    good = {"ProviderName": "Cognito", "ProviderAttributeValue": "alice"}
    where = {"UserPoolId": family.pool_id}
    link, unlink = (
        family.idp.admin_link_provider_for_user,
        family.idp.admin_disable_provider_for_user,
    )
    assert refused(link, **where, DestinationUser=good, SourceUser=given)[0] == (
        "InvalidParameterException"
    )
    assert refused(unlink, **where, User=given)[0] == "InvalidParameterException"
    for key in good:
        rest = {k: v for k, v in good.items() if k != key}
        code, _ = refused(link, **where, DestinationUser=rest, SourceUser=account("u1"))
        assert code == "InvalidParameterException"


def test_linking_needs_the_permission_to_link(family: Federation, iam_user: Any) -> None:
    arn = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{family.pool_id}"
    allowed = {"Effect": "Allow", "Action": "cognito-idp:AdminGetUser", "Resource": arn}
    idp = iam_user("reader", allowed).client("cognito-idp")
    good = {"ProviderName": "Cognito", "ProviderAttributeValue": "alice"}
    where = {"UserPoolId": family.pool_id}
    assert refused(
        idp.admin_link_provider_for_user, **where, DestinationUser=good, SourceUser=account("u1")
    )[0] == "AccessDeniedException"  # fmt: skip
    assert refused(idp.admin_disable_provider_for_user, **where, User=account("u1"))[0] == (
        "AccessDeniedException"
    )
    linker = {**allowed, "Action": "cognito-idp:AdminLinkProviderForUser"}
    iam_user("linker", linker).client("cognito-idp").admin_link_provider_for_user(
        **where, DestinationUser=good, SourceUser=account("u1")
    )


# --- who may come in through a link ------------------------------------------------------------


def test_a_linked_user_who_is_disabled_is_kept_out(family: Federation) -> None:
    family.link("alice", subject("google"), "google")
    family.idp.admin_disable_user(UserPoolId=family.pool_id, Username="alice")
    assert family.sign_in("google")["error_description"] == "User is not enabled"
    assert family.usernames() == ["alice"]


def test_a_linked_user_who_has_not_confirmed_is_kept_out(family: Federation) -> None:
    family.idp.sign_up(ClientId=family.app.client_id, Username="eve", Password=LOCAL_PASSWORD)
    family.link("eve", "u1")
    with pytest.raises(FederationError, match="User is not confirmed"):
        family.enter("u1")


def test_links_end_with_the_user(family: Federation) -> None:
    family.link("alice", subject("google"), "google")
    family.idp.admin_delete_user(UserPoolId=family.pool_id, Username="alice")
    assert family.claims("google")["cognito:username"] == username("google")
    family.local_user("alice")
    assert identities(family, "alice") == []


# --- unlinking ---------------------------------------------------------------------------------


def test_after_unlinking_the_account_makes_a_user_of_its_own(family: Federation) -> None:
    family.link("alice", subject("google"), "google")
    alice = family.claims("google")["sub"]
    family.unlink(subject("google"), "google")
    assert identities(family, "alice") == []
    claims = family.claims("google")
    assert claims["cognito:username"] == username("google")
    assert claims["sub"] != alice
    assert password_works(family)


def test_a_used_link_is_named_by_the_subject_alone(family: Federation) -> None:
    family.link("alice", "alice@example.com", by="email")
    family.tokens("openid")
    code, _ = refused(family.unlink, "alice@example.com", by="email")
    assert code == "UserNotFoundException"
    family.unlink(subject("openid"))
    assert family.claims("openid")["cognito:username"] == username("openid")


def test_an_unused_link_is_named_as_it_was_made(family: Federation) -> None:
    family.link("alice", "alice@example.com", by="email")
    assert refused(family.unlink, subject("openid"))[0] == "UserNotFoundException"
    family.unlink("alice@example.com", by="email")
    assert family.claims("openid")["cognito:username"] == username("openid")


def test_a_user_made_from_the_account_itself_is_kept_out(family: Federation) -> None:
    family.tokens("google")
    family.unlink(subject("google"), "google")
    told = family.sign_in("google")
    assert told["error_description"] == f"Already found an entry for username {username('google')}"
    assert family.user(username("google"))["UserStatus"] == "EXTERNAL_PROVIDER"


def disable_password(family: Federation, name: str, by: str = "Cognito_Subject") -> None:
    family.idp.admin_disable_provider_for_user(
        UserPoolId=family.pool_id,
        User={
            "ProviderName": "Cognito",
            "ProviderAttributeName": by,
            "ProviderAttributeValue": name,
        },
    )


def test_without_the_password_only_the_link_opens(family: Federation) -> None:
    family.link("alice", subject("google"), "google")
    assert password_works(family)
    disable_password(family, "alice")
    assert not password_works(family)
    assert family.user("alice")["UserStatus"] == "EXTERNAL_PROVIDER"
    code, _ = refused(family.idp.forgot_password, ClientId=family.app.client_id, Username="alice")
    assert code == "NotAuthorizedException"
    assert family.claims("google")["cognito:username"] == "alice"


def test_a_challenge_that_waits_sets_no_password_any_more(family: Federation) -> None:
    family.idp.admin_create_user(
        UserPoolId=family.pool_id,
        Username="bob",
        TemporaryPassword=LOCAL_PASSWORD,
        MessageAction="SUPPRESS",
    )
    challenge = family.idp.initiate_auth(
        ClientId=family.app.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "bob", "PASSWORD": LOCAL_PASSWORD},
    )
    disable_password(family, "bob")
    code, _ = refused(
        family.idp.respond_to_auth_challenge,
        ClientId=family.app.client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "bob", "NEW_PASSWORD": f"{LOCAL_PASSWORD}2"},
    )
    assert code == "NotAuthorizedException"


def test_a_password_is_disabled_by_username(family: Federation) -> None:
    assert refused(disable_password, family, "alice", by="email")[0] == "InvalidParameterException"
    assert refused(disable_password, family, "nobody")[0] == "UserNotFoundException"
    assert refused(disable_password, family, "")[0] in (
        "UserNotFoundException",
        "InvalidParameterException",
    )
    assert password_works(family)
