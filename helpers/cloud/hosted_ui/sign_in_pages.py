"""/login, and the page that follows a temporary password."""

from __future__ import annotations

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.errors import AwsError
from helpers.cloud.hosted_ui import browser_sessions, pages, second_factor_pages
from helpers.cloud.hosted_ui.authorization_request import AuthorizationRequest, read
from helpers.cloud.hosted_ui.completion import finish
from helpers.cloud.hosted_ui.login_page import NO_CHOICE, show_login
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools import challenges
from helpers.cloud.user_pools.identity_providers import providers_of, uses_own_directory
from helpers.cloud.user_pools.password_check import check_password

# Where a right password is not enough, another page goes on.
_GO_ON = {
    "UserNotConfirmedException": "/confirm",
    "PasswordResetRequiredException": "/forgotPassword",
}


def login(visit: Visit) -> Response:
    """GET and POST /login: the form, and what was typed into it."""
    asked = read(visit.domain, visit.query)
    if visit.request.method != "POST":
        return show_login(visit, asked, visit.query.get("login_hint", ""))
    visit.check_csrf()
    if "corporate_email" in visit.form:
        return _by_mail_domain(visit, asked)
    return _sign_in(visit, asked)


def _sign_in(visit: Visit, asked: AuthorizationRequest) -> Response:
    username, password = visit.form.get("username", ""), visit.form.get("password", "")
    if not uses_own_directory(asked.app):
        return show_login(visit, asked, username, NO_CHOICE)
    try:
        if not username or not password:
            raise AwsError("NotAuthorizedException", "Incorrect username or password.")
        user = check_password(asked.app, username, password)
    except AwsError as refusal:
        if refusal.code in _GO_ON:
            return visit.redirect(_GO_ON[refusal.code], {**asked.query, "username": username})
        # Here even a client that does not hide who exists says the same for both.
        text = refusal.message
        if refusal.code == "UserNotFoundException":
            text = "Incorrect username or password."
        return show_login(visit, asked, username, text)
    return _go_on(visit, asked, user)


def _go_on(visit: Visit, asked: AuthorizationRequest, user: CognitoIdpUser) -> Response:
    """The password is proved. Only who has nothing left to do is signed in."""
    try:
        step = challenges.remaining_step(asked.app, user, from_domain=True)
    except AwsError as refusal:
        return show_login(visit, asked, user.username, refusal.message)
    if step is None:
        browser_sessions.start(visit, user)
        return finish(asked, user)
    if step.name == challenges.NEW_PASSWORD_REQUIRED:
        return _ask_for_password(visit, asked, user, step.session)
    return second_factor_pages.begin(visit, asked, step)


def _by_mail_domain(visit: Visit, asked: AuthorizationRequest) -> Response:
    """The part behind the @ is the identifier of a provider."""
    _, at, domain = visit.form["corporate_email"].strip().rpartition("@")
    known = {name for p in providers_of(asked.app) for name in p.identifiers}
    if not at or domain not in known:
        return show_login(visit, asked, problem="No company is registered for this e-mail address.")
    hints = {"idp_identifier": domain, "login_hint": visit.form["corporate_email"].strip()}
    query = {k: v for k, v in asked.query.items() if k != "identity_provider"}
    return visit.redirect("/oauth2/authorize", {**query, **hints})


# --- a new password in place of a temporary one ------------------------------------------------


def _ask_for_password(
    visit: Visit,
    asked: AuthorizationRequest,
    user: CognitoIdpUser,
    session: str,
    problem: str = "",
) -> Response:
    return pages.form_page(
        visit,
        asked.app,
        "new_password.html",
        asked.query,
        session=session,
        username=user.username,
        missing=challenges.missing_attributes(asked.app.pool, user),
        problem=problem,
    )


def new_password(visit: Visit) -> Response:
    """POST /newPassword: the user's own password, and attributes that the pool requires."""
    asked = read(visit.domain, visit.query)
    visit.check_csrf()
    form = visit.form
    given = {"USERNAME": form.get("username", "")}
    given |= {n: v for n, v in form.items() if n.startswith("userAttributes.")}
    try:
        given["NEW_PASSWORD"] = visit.new_password()
        session = form.get("session", "")
        user = challenges.set_new_password(asked.app, given, session, from_domain=True)
    except AwsError as refusal:
        user = challenges.user_of_session(asked.app, form.get("session", ""))
        if user is None:
            return show_login(visit, asked, problem=refusal.message)
        return _ask_for_password(visit, asked, user, form["session"], refusal.message)
    return _go_on(visit, asked, user)
