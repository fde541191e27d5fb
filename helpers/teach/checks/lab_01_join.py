"""Task 01.3: a patient joins, once with mail and once without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import boto3
from botocore.exceptions import ClientError

from helpers.teach.checks.lab_01_cast import PASSWORD, forget, refusal
from helpers.teach.result import Wrong


def joined(
    clinic: SimpleNamespace, join: Callable[[str, str, str], object], name: str, email: str
) -> object:
    """Have a patient join and return what the function returned."""
    try:
        return join(name, email, PASSWORD)
    except Exception as error:
        known = _attributes(clinic, name)
        if known is not None and known.get("email") != email:
            raise _why_no_mail() from error
        if not isinstance(error, ClientError):
            raise
        code = error.response["Error"]["Code"]
        if code == "UserNotConfirmedException":
            raise Wrong(
                "the right password is enough",
                "Carol's password was right, and the sign-in was refused with"
                " UserNotConfirmedException. First she has to prove her address.",
            ) from error
        if code == "CodeMismatchException":
            raise Wrong(
                "any code for the address will do",
                "ConfirmSignUp answered CodeMismatchException. Carol has two messages, because she"
                " mistyped her name once before; only the newest code is for this sign-up.",
            ) from error
        raise


def judge(clinic: SimpleNamespace, name: str, email: str, token: object) -> None:
    """Look at the patient who joined, and at the token."""
    idp = boto3.client("cognito-idp")
    user = idp.admin_get_user(UserPoolId=clinic.pool_id, Username=name)
    known = _attributes(clinic, name) or {}
    if known.get("email") != email:
        raise _why_no_mail()
    if user["UserStatus"] == "CONFIRMED" and known.get("email_verified") != "true":
        raise Wrong(
            "a confirmed user has a proven address",
            "Carol is CONFIRMED, but her address is not verified: an administrator's word lets her"
            " in and proves nothing. Only the code from her mail does.",
        )
    if not isinstance(token, str):
        raise Wrong(
            "who is confirmed is signed in",
            "Your function did not return a token, which is a string. Confirming says that carol"
            " may sign in; she still has to.",
        )
    if refusal(idp.get_user, AccessToken=token):
        raise Wrong(
            "any token opens Cognito's own operations",
            "GetUser did not take the token that your function returned. Of the three, only the"
            " access token is made for asking Cognito.",
        )


def _attributes(clinic: SimpleNamespace, name: str) -> dict[str, str] | None:
    """Return what the pool knows of a user; None if there is no such user."""
    idp = boto3.client("cognito-idp")
    try:
        user = idp.admin_get_user(UserPoolId=clinic.pool_id, Username=name)
    except idp.exceptions.UserNotFoundException:
        return None
    return {a["Name"]: a["Value"] for a in user["UserAttributes"]}


def _why_no_mail() -> Wrong:
    return Wrong(
        "a code finds its way without an address",
        "Carol signed up, and the pool does not know her address, so no code was sent for this"
        " sign-up. SignUp takes the address among the UserAttributes.",
    )


def judge_without_mail(
    clinic: SimpleNamespace, join: Callable[[str, str, str], object], name: str, email: str
) -> None:
    """Have the patient join anew while the pool sends no codes: nobody can prove an address."""
    forget(clinic.pool_id, name)
    with _no_codes(clinic.pool_id), suppress(Exception):  # whoever needs a code must fail
        join(name, email, PASSWORD)
    idp = boto3.client("cognito-idp")
    with suppress(idp.exceptions.UserNotFoundException):
        user = idp.admin_get_user(UserPoolId=clinic.pool_id, Username=name)
        if user["UserStatus"] == "CONFIRMED":
            raise Wrong(
                "an administrator can vouch for an address",
                "The check had carol join once more while the pool sent no codes, and your function"
                " let her in. So it does not need the code: anybody could join with her address.",
            )


@contextmanager
def _no_codes(pool_id: str) -> Iterator[None]:
    """Keep the pool from sending codes at a sign-up for a while."""
    idp = boto3.client("cognito-idp")
    takes = idp.meta.service_model.operation_model("UpdateUserPool").input_shape.members
    pool = idp.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    # What an update does not name goes back to its default.
    settings = {name: value for name, value in pool.items() if name in takes}
    idp.update_user_pool(**{"UserPoolId": pool_id, **settings, "AutoVerifiedAttributes": []})
    try:
        yield
    finally:
        idp.update_user_pool(UserPoolId=pool_id, **settings)
