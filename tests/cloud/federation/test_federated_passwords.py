"""A federated user has no password in the pool."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.cloud.federation.brands import (
    LOCAL_PASSWORD,
    Federation,
    username,
)


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
