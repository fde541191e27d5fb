"""Lab 01: a password policy, a client for a page in a browser, a sign-up, and a lock-out.

A check tries what a stranger, a patient and the administrator can do with what the learner made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
import jwt
import requests
from botocore.exceptions import ClientError

from helpers.teach.checks import lab_01_join, lab_01_page, lab_01_srp
from helpers.teach.checks.lab_01_cast import PASSWORD, forget, person, refusal
from helpers.teach.result import Wrong
from helpers.teach.task import task

GOOD = "Winterwood12"
TOO_SHORT = ("Winterwood1", "Winterwo-1!")
TOO_PLAIN = ("winterwood12", "WINTERWOOD12", "Winterwoodxy")


@task(
    "01.1",
    hints=(
        "Where among the arguments of create_user_pool do the rules for passwords stand? What does"
        " Cognito do about a rule that you leave out?",
        'The argument is Policies={"PasswordPolicy": {...}}. A Require... that is not there is'
        " False, so write down each kind that is asked for, and only those.",
        'MinimumLength 12; RequireUppercase, RequireLowercase and RequireNumbers True. Take ["Id"]'
        ' of the answer\'s ["UserPool"].',
    ),
)
def password_policy(pool_id: str) -> str:
    """Strangers sign up with passwords around the rules; exactly the good one is taken."""
    idp = boto3.client("cognito-idp")
    page = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="check")["UserPoolClient"]
    try:
        _judge_passwords(lambda password: _takes(pool_id, page["ClientId"], password))
    finally:
        idp.delete_user_pool_client(UserPoolId=pool_id, ClientId=page["ClientId"])
    return f"“{TOO_SHORT[0]}”, “{TOO_PLAIN[0]}” and “{TOO_PLAIN[2]}” were refused, “{GOOD}” taken."


def _takes(pool_id: str, client_id: str, password: str) -> bool:
    """Say whether a stranger may sign up with this password."""
    idp = boto3.client("cognito-idp")
    pool = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    address = "dora@example.com"
    name = address if "email" in pool.get("UsernameAttributes", []) else "dora"
    email = [{"Name": "email", "Value": address}]
    try:
        idp.sign_up(ClientId=client_id, Username=name, Password=password, UserAttributes=email)
    except idp.exceptions.InvalidPasswordException:
        return False
    forget(pool_id, name)
    return True


def _judge_passwords(takes: Callable[[str], bool]) -> None:
    if any(takes(password) for password in TOO_SHORT):
        raise Wrong(
            "a new pool is strict enough",
            "The pool took a password of eleven characters. Without a MinimumLength it asks for"
            " eight: look at the rules you gave.",
        )
    if any(takes(password) for password in TOO_PLAIN):
        raise Wrong(
            "a rule that is left out stays on",
            "The pool took a password without a capital, without a small letter or without a digit."
            " Once you give a PasswordPolicy, each kind that it does not ask for is not asked for.",
        )
    if not takes(GOOD):
        raise Wrong(
            "more rules make better passwords",
            f"The pool refused “{GOOD}”: twelve characters, capital and small letters, digits. The"
            " clinic asks for no more, and a rule too many makes people write passwords down.",
        )


@task(
    "01.2",
    hints=(
        "Everybody can read what a page in a browser holds. What can the client then not have, and"
        " which two ways of signing in does the story name?",
        "ExplicitAuthFlows with the SRP flow and the refresh flow; PreventUserExistenceErrors;"
        " AccessTokenValidity, whose unit is hours unless TokenValidityUnits says otherwise.",
        'ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],'
        ' PreventUserExistenceErrors="ENABLED", AccessTokenValidity=15,'
        ' TokenValidityUnits={"AccessToken": "minutes"}.',
    ),
)
def page_client(clinic: SimpleNamespace, client_id: str) -> str:
    """A stranger knocks at every door of the client; then a patient signs in as the page does."""
    with person(clinic.pool_id, "dora") as dora:
        lab_01_page.as_a_stranger(client_id, dora)
        try:
            tokens = lab_01_srp.sign_in(clinic.pool_id, client_id, dora, PASSWORD)
        except ClientError as error:
            raise lab_01_page.why_no_sign_in(error) from error
        lab_01_page.judge_tokens(client_id, tokens)
        lab_01_page.as_a_server(clinic.pool_id, client_id, dora)
    lab_01_page.judge_flows(clinic.pool_id, client_id)
    seconds = tokens["ExpiresIn"]
    return (
        f"Dora signed in with SRP and renewed her access token, which is good for {seconds}"
        " seconds. A stranger could not send a password, nor tell dora from somebody who is no"
        " patient."
    )


@task(
    "01.3",
    hints=(
        "Three calls to Cognito, in the order in which things happen to carol. What has to be read"
        " between the first and the second?",
        "sign_up with the address among the UserAttributes; the code of the latest message to that"
        " address; confirm_sign_up; initiate_auth. Which of the three tokens is asked for?",
        "code = cloud.inbox.latest(email).code goes to confirm_sign_up as ConfirmationCode. Return"
        ' answer["AuthenticationResult"]["AccessToken"] of initiate_auth with'
        " USER_PASSWORD_AUTH.",
    ),
)
def join(clinic: SimpleNamespace, join: Callable[[str, str, str], object]) -> str:
    """Carol joins, whose mailbox holds an older code; then she tries while no code is sent."""
    idp = boto3.client("cognito-idp")
    carol, email = "carol", "carol@example.com"
    try:
        for name in (carol, "caroll"):
            forget(clinic.pool_id, name)
        address = [{"Name": "email", "Value": email}]
        idp.sign_up(  # a slip of her finger, and the reason for a first message
            ClientId=clinic.client_id, Username="caroll", Password=PASSWORD, UserAttributes=address
        )
        token = lab_01_join.joined(clinic, join, carol, email)
        lab_01_join.judge(clinic, carol, email, token)
        lab_01_join.judge_without_mail(clinic, join, carol, email)
    finally:
        for name in (carol, "caroll"):
            forget(clinic.pool_id, name)
    return (
        "Carol's address is verified, and her access token opens GetUser. When the pool sent no"
        " code, she did not get in."
    )


@task(
    "01.4",
    hints=(
        "What does carol hold that still works when she is only signed out? And when only her"
        " password is changed?",
        "There is an administrator's operation that can be undone later, and that stops both new"
        " sign-ins and the tokens she holds. Notebook 01 used it at its end.",
        "idp.admin_disable_user(UserPoolId=clinic.pool_id, Username=username). You may call"
        " idp.admin_user_global_sign_out as well.",
    ),
)
def shut_out(clinic: SimpleNamespace, shut_out: Callable[[str], object]) -> str:
    """Carol is signed in; then she is shut out and tries all that she has; then she is let in."""
    with person(clinic.pool_id, "carol") as carol:
        held = _sign_in(clinic, carol)
        shut_out(carol)
        _judge_deleted(clinic, carol)
        _judge_shut(clinic, carol, held)
        boto3.client("cognito-idp").admin_enable_user(UserPoolId=clinic.pool_id, Username=carol)
        if refusal(_sign_in, clinic=clinic, name=carol):
            raise Wrong(
                "whoever comes back needs a new password",
                "Her account was enabled again, and carol could not sign in with the password she"
                " knows. The story wants to be able to undo it.",
            )
    return (
        "Carol's sign-in, her access token and her refresh token were refused, and so was a new"
        " password. Enabled again, she signed in as before."
    )


def _sign_in(clinic: SimpleNamespace, name: str) -> dict[str, Any]:
    answer = boto3.client("cognito-idp").initiate_auth(
        ClientId=clinic.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )
    tokens: dict[str, Any] = answer["AuthenticationResult"]
    return tokens


def _judge_deleted(clinic: SimpleNamespace, name: str) -> None:
    idp = boto3.client("cognito-idp")
    if refusal(idp.admin_get_user, UserPoolId=clinic.pool_id, Username=name):
        raise Wrong(
            "to shut out is to delete",
            "Carol's account is gone, and with it her sub and all that points to it. If she is"
            " cleared tomorrow, nothing can be given back.",
        )


def _judge_shut(clinic: SimpleNamespace, name: str, held: dict[str, Any]) -> None:
    idp = boto3.client("cognito-idp")
    if not refusal(_sign_in, clinic=clinic, name=name):
        raise Wrong(
            "signing out shuts out",
            "Carol typed her password and was in again. A sign-out ends what she holds; it does not"
            " keep her from coming back.",
        )
    if not refusal(idp.get_user, AccessToken=held["AccessToken"]):
        raise Wrong(
            "who cannot sign in is out",
            "Carol cannot sign in, but GetUser still takes the access token that she got before."
            " Closing the door does not empty the room.",
        )
    if not refusal(idp.forgot_password, ClientId=clinic.client_id, Username=name):
        raise Wrong(
            "a lost password keeps people out",
            "Carol asked for a code to set a new password and got one. Whoever reads her own mail"
            " is back in a minute.",
        )
    renewal = {"REFRESH_TOKEN": held["RefreshToken"]}
    if not refusal(
        idp.initiate_auth,
        ClientId=clinic.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters=renewal,
    ):
        raise Wrong("tokens end with the session", "Carol's refresh token still renews tokens.")


DOORS = "abcde"


@task(
    "01.5",
    hints=(
        "For each door ask: does anybody there look carol up, or does somebody only read what is"
        " written in the token?",
        "Cognito looks her up at a, b and c. The program at d asks nobody: what in the token could"
        " have changed since she was shut out?",
        "A signature does not fade. Only the time in the claim exp ends the token, an hour after"
        " it was made. So one letter is left.",
    ),
)
def still_open(clinic: SimpleNamespace, still_open: str) -> str:
    """Shut carol out, try the five doors, and compare with what was foretold."""
    found = _doors(clinic)
    said = {letter for letter in str(still_open).lower() if letter.isalnum()}
    if said - set(DOORS):
        raise ValueError(f"the doors are {', '.join(DOORS)}")
    if "d" in found - said:
        raise Wrong(
            "signing out ends a token everywhere",
            "Door d was open: the program checked signature, issuer and time, all were right, and"
            " nobody told it about carol. Whoever verifies offline learns nothing of a sign-out.",
        )
    if "e" in said:
        raise Wrong(
            "a valid signature is valid for ever",
            "Door e was shut: 61 minutes later the token had expired, and every verifier looks at"
            " its exp.",
        )
    if said & {"a", "b"}:
        raise Wrong(
            "Cognito believes its own token until it expires",
            "Doors a and b were shut. Cognito keeps the account and looks at it, both at a sign-in"
            " and when somebody shows it an access token.",
        )
    if "c" in said:
        raise Wrong(
            "a refresh token outlives the account",
            "Door c was shut: it is Cognito that renews tokens, and not for a disabled user.",
        )
    return "Only d was open: a program that verifies the token offline, for the rest of its hour."


def _doors(clinic: SimpleNamespace) -> set[str]:
    """Return the letters of the doors that are open to carol after she was shut out."""
    idp = boto3.client("cognito-idp")
    with person(clinic.pool_id, "carol") as carol:
        held = _sign_in(clinic, carol)
        idp.admin_disable_user(UserPoolId=clinic.pool_id, Username=carol)
        idp.admin_user_global_sign_out(UserPoolId=clinic.pool_id, Username=carol)
        token, renewal = held["AccessToken"], {"REFRESH_TOKEN": held["RefreshToken"]}
        refresh = {"ClientId": clinic.client_id, "AuthFlow": "REFRESH_TOKEN_AUTH"}
        is_open = {
            "a": not refusal(_sign_in, clinic=clinic, name=carol),
            "b": not refusal(idp.get_user, AccessToken=token),
            "c": not refusal(idp.initiate_auth, **refresh, AuthParameters=renewal),
            "d": _verifies(clinic.pool_id, token, minutes_later=0),
            "e": _verifies(clinic.pool_id, token, minutes_later=61),
        }
    return {letter for letter, state in is_open.items() if state}


def _verifies(pool_id: str, token: str, *, minutes_later: int) -> bool:
    """Verify an access token with the pool's public keys alone, now or later."""
    issuer = f"https://cognito-idp.{pool_id.partition('_')[0]}.amazonaws.com/{pool_id}"
    keys = jwt.PyJWKSet.from_dict(
        requests.get(f"{issuer}/.well-known/jwks.json", timeout=10).json()
    )
    key = keys[jwt.get_unverified_header(token)["kid"]]
    # An access token has no aud; the time is compared here, because it may be a later one.
    claims = jwt.decode(token, key, algorithms=["RS256"], issuer=issuer)
    return bool(datetime.now(UTC).timestamp() + 60 * minutes_later < claims["exp"])
