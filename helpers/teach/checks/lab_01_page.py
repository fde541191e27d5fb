"""Task 01.2: what a stranger, a server and a patient can do through the client of the page."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.exceptions import ClientError

from helpers.teach.checks import lab_01_srp
from helpers.teach.checks.lab_01_cast import PASSWORD, refusal
from helpers.teach.result import Wrong

ACCESS_SECONDS = 15 * 60
USED = {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}


def as_a_stranger(client_id: str, patient: str) -> None:
    """Knock at the doors of the client without a right password."""
    idp = boto3.client("cognito-idp")
    refused = refusal(lab_01_srp.begin, client_id=client_id, username=patient)
    if "SECRET_HASH" in refused:
        raise Wrong(
            "a secret makes any client safer",
            "The page cannot sign dora in: the client has a secret and wants proof of it. A page"
            " would have to carry the secret to every reader.",
        )
    guess = {"USERNAME": patient, "PASSWORD": "Wr0ng-horse!"}
    answer = refusal(
        idp.initiate_auth, ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=guess
    )
    if "not enabled" not in answer:
        raise Wrong(
            "signing in takes USER_PASSWORD_AUTH",
            f"A stranger sent a password and was answered “{answer}”. The page uses SRP, so the"
            " flow that sends passwords should not be open at all.",
        )
    answer = refusal(lab_01_srp.begin, client_id=client_id, username="nobody")
    if answer.startswith("UserNotFoundException"):
        raise Wrong(
            "a client keeps its users to itself",
            "A stranger asked for dora and got a challenge, then for nobody and was told that the"
            " user does not exist. Who is a patient here can be tried out, name by name.",
        )


def as_a_server(pool_id: str, client_id: str, patient: str) -> None:
    """Try the password flow that takes AWS credentials, and that no page can use."""
    answer = refusal(
        boto3.client("cognito-idp").admin_initiate_auth,
        UserPoolId=pool_id,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": patient, "PASSWORD": PASSWORD},
    )
    if "not enabled" not in answer:
        raise Wrong(
            "a flow that only servers use does no harm",
            "A server signed dora in by her password, through the client of the page. No server"
            " needs that here: a flow that nobody uses is a door that nobody watches.",
        )


def why_no_sign_in(error: ClientError) -> Wrong:
    """Say why nobody can sign in with SRP."""
    return Wrong(
        "the refresh flow lets people in",
        f"Dora could not sign in with SRP: {error.response['Error']['Message']} The flow that"
        " renews tokens needs a token to begin with.",
    )


def judge_tokens(client_id: str, tokens: dict[str, Any]) -> None:
    """Look at the life of the access token, and renew it."""
    if tokens["ExpiresIn"] > ACCESS_SECONDS:
        raise Wrong(
            "AccessTokenValidity counts minutes",
            f"Dora's access token is good for {tokens['ExpiresIn']} seconds, more than"
            f" {ACCESS_SECONDS}. A number alone counts hours, and no number is one hour.",
        )
    refused = refusal(
        boto3.client("cognito-idp").initiate_auth,
        ClientId=client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
    )
    if refused:
        raise Wrong(
            "renewing needs no flow",
            f"When her access token ends, dora has to type her password again: {refused}."
            " Renewing is a flow like the others.",
        )


def judge_flows(pool_id: str, client_id: str) -> None:
    """Read which flows the client has: not every door can be tried with what the page has."""
    described = boto3.client("cognito-idp").describe_user_pool_client(
        UserPoolId=pool_id, ClientId=client_id
    )
    flows = described["UserPoolClient"].get("ExplicitAuthFlows")
    if not flows:
        raise Wrong(
            "a client without flows has no door",
            "The client has no ExplicitAuthFlows. Then Cognito opens its own choice: SRP, renewing"
            " and ALLOW_CUSTOM_AUTH, which the page does not use.",
        )
    if more := sorted(set(flows) - USED):
        raise Wrong(
            "a flow in reserve costs nothing",
            f"The client also has {' and '.join(more)}. The page signs in with SRP and renews:"
            " every further flow is a way in that somebody has to think of.",
        )
