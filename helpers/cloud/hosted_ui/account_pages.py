"""Sign-up, its confirmation, and forgotten passwords: forms over the same operations as the API."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.core.utils import get_service_model

from helpers.cloud import validation
from helpers.cloud.call import Call, Operation
from helpers.cloud.caller import ANONYMOUS
from helpers.cloud.errors import AwsError
from helpers.cloud.hosted_ui import pages
from helpers.cloud.hosted_ui.authorization_request import AuthorizationRequest, read
from helpers.cloud.hosted_ui.login_page import sign_in_with
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools import account_recovery, attributes
from helpers.cloud.user_pools import sign_up as user_sign_up
from helpers.cloud.user_pools.client_secrets import secret_hash
from helpers.cloud.user_pools.identity_providers import uses_own_directory
from helpers.cloud.web import PageError

_ATTRIBUTE = "userAttributes."
# An address as codes are sent to it: a***@e***, +*******0100. Anything else in a link is not shown.
_MASKED = re.compile(r"[^\s@]?\*\*\*@[^\s@]?\*\*\*|\+\**[0-9]{1,4}")


def sign_up(visit: Visit) -> Response:
    """GET and POST /signup: a new user of the pool's own directory."""
    asked = _own_directory(visit)

    def proved(form: dict[str, str]) -> Response:
        given = {n.removeprefix(_ATTRIBUTE): v for n, v in form.items() if n.startswith(_ATTRIBUTE)}
        answer = _do(
            visit,
            asked,
            user_sign_up.sign_up,
            "SignUp",
            Username=form.get("username", ""),
            Password=visit.new_password(),
            UserAttributes=attributes.listed({n: v for n, v in given.items() if v}),
        )
        sent = answer.get("CodeDeliveryDetails", {}).get("Destination", "")
        onward = {"username": form["username"], "sent": sent}
        return visit.redirect("/confirm", {**asked.query, **onward})

    typed = visit.form if visit.request.method == "POST" else {}
    fields = [(n, typed.get(_ATTRIBUTE + n, "")) for n in _asked_for(asked)]
    names = sign_in_with(asked)
    return _form(visit, asked, "signup.html", proved, fields=fields, sign_in_with=names)


def confirm(visit: Visit) -> Response:
    """GET and POST /confirm: the code that was sent at sign-up."""
    asked = _own_directory(visit)

    def proved(form: dict[str, str]) -> Response:
        _do(
            visit,
            asked,
            user_sign_up.confirm_sign_up,
            "ConfirmSignUp",
            Username=form.get("username", ""),
            ConfirmationCode=form.get("code", ""),
        )
        return _to_login(visit, asked, form, "confirmed")

    return _form(visit, asked, "confirm.html", proved, sent=_sent(visit))


def resend_code(visit: Visit) -> Response:
    """POST /resendcode: another code; the one before is void."""
    asked = _own_directory(visit)

    def proved(form: dict[str, str]) -> Response:
        username = form.get("username", "")
        answer = _do(
            visit,
            asked,
            user_sign_up.resend_confirmation_code,
            "ResendConfirmationCode",
            Username=username,
        )
        sent = answer["CodeDeliveryDetails"]["Destination"]
        onward = {**asked.query, "username": username, "sent": sent}
        return visit.redirect("/confirm", onward)

    return _form(visit, asked, "confirm.html", proved)


def forgot_password(visit: Visit) -> Response:
    """GET and POST /forgotPassword: where to send a code."""
    asked = _own_directory(visit)

    def proved(form: dict[str, str]) -> Response:
        username = form.get("username", "")
        answer = _do(
            visit, asked, account_recovery.forgot_password, "ForgotPassword", Username=username
        )
        sent = answer["CodeDeliveryDetails"]["Destination"]
        onward = {**asked.query, "username": username, "sent": sent}
        return visit.redirect("/confirmForgotPassword", onward)

    return _form(visit, asked, "forgot_password.html", proved)


def confirm_forgot_password(visit: Visit) -> Response:
    """GET and POST /confirmForgotPassword: the code, and a new password."""
    asked = _own_directory(visit)

    def proved(form: dict[str, str]) -> Response:
        _do(
            visit,
            asked,
            account_recovery.confirm_forgot_password,
            "ConfirmForgotPassword",
            Username=form.get("username", ""),
            ConfirmationCode=form.get("code", ""),
            Password=visit.new_password(),
        )
        return _to_login(visit, asked, form, "changed")

    return _form(visit, asked, "confirm_forgot_password.html", proved, sent=_sent(visit))


# --- shared -------------------------------------------------------------------------------------


def _own_directory(visit: Visit) -> AuthorizationRequest:
    """The app's request, for a client whose users are the pool's own."""
    asked = read(visit.domain, visit.query)
    if not uses_own_directory(asked.app):
        raise PageError("Login option is not available. Please try another one.")
    return asked


def _sent(visit: Visit) -> str:
    """Where a code was sent, from the query, which anybody may have written."""
    sent = visit.query.get("sent", "")
    return sent if _MASKED.fullmatch(sent) else ""


def _form(
    visit: Visit,
    asked: AuthorizationRequest,
    template: str,
    proved: Callable[[dict[str, str]], Response],
    **values: Any,
) -> Response:
    """Show a form; when it comes back, do what it is for, or show it again with the reason."""
    username, problem = visit.query.get("username", ""), ""
    if visit.request.method == "POST":
        visit.check_csrf()
        username = visit.form.get("username", "")
        try:
            return proved(visit.form)
        except AwsError as refusal:
            problem = refusal.message
    return pages.form_page(
        visit, asked.app, template, asked.query, username=username, problem=problem, **values
    )


def _do(
    visit: Visit, asked: AuthorizationRequest, operation: Operation, name: str, **params: Any
) -> dict[str, Any]:
    """Call a public operation as the app itself would. AwsError as the API gives it."""
    app = asked.app
    params["ClientId"] = app.client.id
    if app.client.generate_secret and params["Username"]:
        params["SecretHash"] = secret_hash(app, params["Username"])
    model = get_service_model("cognito-idp").operation_model(name)
    validation.check("cognito-idp", model.input_shape, params)
    call = Call(
        world=visit.world,
        service="cognito-idp",
        operation=name,
        region=visit.domain.region,
        account=visit.pool.resource.account_id,
        params=params,
        caller=ANONYMOUS,
        credentials=None,
        request=visit.request,
    )
    return operation(call)


def _to_login(
    visit: Visit, asked: AuthorizationRequest, form: dict[str, str], notice: str
) -> Response:
    onward = {**asked.query, "login_hint": form.get("username", ""), "notice": notice}
    return visit.redirect("/login", onward)


def _asked_for(asked: AuthorizationRequest) -> list[str]:
    """The attributes that the sign-up form has a field for: required ones, and e-mail or phone."""
    pool = asked.app.pool
    wanted = [*attributes.required(pool), *(pool.setting("AutoVerifiedAttributes") or [])]
    return [n for n in dict.fromkeys(wanted) if n not in pool.username_attributes and n != "sub"]
