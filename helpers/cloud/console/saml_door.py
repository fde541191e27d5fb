"""https://signin.aws.amazon.com/saml: a company directory sends somebody to the console.

Source: IAM User Guide, "Enable SAML 2.0 federated principals to access the AWS Management
Console" and "Troubleshoot SAML federation with IAM".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.cloud import sts
from helpers.cloud.aws_saml import read_saml_sign_in
from helpers.cloud.aws_saml.providers import find_by_uuid
from helpers.cloud.aws_saml.session import read_session
from helpers.cloud.aws_saml.unverified import named_providers
from helpers.cloud.call import Call
from helpers.cloud.caller import ANONYMOUS
from helpers.cloud.console.entrance import HOME, enter, is_console
from helpers.cloud.console.pages import page, problem
from helpers.cloud.console.state import ConsoleSession
from helpers.cloud.errors import AwsError
from helpers.cloud.response import Response
from helpers.cloud.sessions import Credentials
from helpers.cloud.trace import hide
from helpers.cloud.web import PageError, Visit

_NO_RESPONSE = "Your request did not include a SAML response. To logout, click here."
_INVALID = "Your request included an invalid SAML response. To logout, click here."
_ACS = "/saml/acs/"
_HOUR = 3600

Offers = Mapping[str, str]
"""The provider that offers a role, by the role's ARN."""


def sign_in(visit: Visit) -> Response:
    """Put on the one role that is offered, or let the user choose."""
    message, relay_state = _field(visit, "SAMLResponse"), _field(visit, "RelayState")
    if visit.request.method != "POST" or not message:
        return problem(visit, _NO_RESPONSE)
    try:
        offers = _offers(visit, message)
        chosen = _field(visit, "roleIndex")
        if not chosen and len(offers) > 1:
            return _choice(visit, offers, message, relay_state)
        role = chosen or next(iter(offers))
        if role not in offers:
            return problem(visit, _INVALID)
        credentials = _put_on(visit, role, offers[role], message)
    except AwsError as refusal:
        return problem(visit, _said_by_sts(refusal), refusal.status)
    session = ConsoleSession(credentials, credentials.expires)
    return enter(visit, session, relay_state if is_console(relay_state) else HOME)


def _field(visit: Visit, name: str) -> str:
    """A field of the form, "" if it is not there. PageError if it stands there twice."""
    values = visit.request.form.getlist(name)
    if len(values) > 1:
        raise PageError(_INVALID)
    return values[0] if values else ""


def _offers(visit: Visit, message: str) -> Offers:
    """The roles that providers offer in this response, each one by its own true word.

    AwsError of the first provider if none of them stands by it. PageError if none is named.
    """
    offers: dict[str, str] = {}
    refusals: list[AwsError] = []
    for arn in _providers(visit, message):
        try:
            said = read_saml_sign_in(visit.world, message, arn, use=False)
        except AwsError as refusal:
            refusals.append(refusal)
            continue
        offers |= {role: provider for role, provider in said.roles if provider == arn}
    if not offers and refusals:
        raise refusals[0]
    if not offers:
        raise PageError(_INVALID)
    return offers


def _providers(visit: Visit, message: str) -> list[str]:
    """Whom to ask: the provider whose own address this is, or those that the response names."""
    path = visit.request.path
    if not path.startswith(_ACS):
        return named_providers(message)
    provider = find_by_uuid(visit.world, path.removeprefix(_ACS))
    return [provider.arn] if provider is not None else []


def _choice(visit: Visit, offers: Offers, message: str, relay_state: str) -> Response:
    accounts: dict[str, list[str]] = {}
    for role in sorted(offers):
        accounts.setdefault(role.split(":")[4], []).append(role)
    return page(
        visit,
        "choose_role.html",
        accounts=accounts,
        message=message,
        relay_state=relay_state,
        path=visit.request.path,
    )


def _put_on(visit: Visit, role: str, provider: str, message: str) -> Credentials:
    """AssumeRoleWithSAML, for as long as the directory says: an hour where it says nothing."""
    said = read_session(read_saml_sign_in(visit.world, message, provider, use=False))
    params = {"RoleArn": role, "PrincipalArn": provider, "SAMLAssertion": message}
    answer = _call_sts(visit, {**params, "DurationSeconds": said.seconds or _HOUR})
    credentials = visit.world.sessions.find(answer["Credentials"]["AccessKeyId"])
    if credentials is None:
        raise PageError(_INVALID)
    return credentials


def _call_sts(visit: Visit, params: dict[str, Any]) -> dict[str, Any]:
    """The operation itself, recorded as any call is."""
    world, operation = visit.world, "AssumeRoleWithSAML"
    call = Call(
        world=world,
        service="sts",
        operation=operation,
        region="us-east-1",
        account=world.account,
        params=params,
        caller=ANONYMOUS,
        credentials=None,
        request=visit.request,
    )
    entry = world.trace.add(
        at=world.clock.now().isoformat(),
        service="sts",
        operation=operation,
        caller="signin.aws.amazon.com",
        caller_arn="",
        resource=params["RoleArn"],
        params=hide(params),
    )
    entry.verdicts = call.decisions
    try:
        answer = sts.OPERATIONS[operation](call)
    except AwsError as refusal:
        entry.status, entry.error, entry.message = refusal.status, refusal.code, refusal.message
        raise
    entry.status = 200
    return answer


def _said_by_sts(refusal: AwsError) -> str:
    code = f"Status Code: {refusal.status}; Error Code: {refusal.code}"
    return f"{refusal.message} (Service: AWSSecurityTokenService; {code}). Please try again."
