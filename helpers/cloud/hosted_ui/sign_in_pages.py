"""/login, and the page that follows a temporary password."""

from __future__ import annotations

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from helpers.cloud.errors import AwsError
from helpers.cloud.hosted_ui import browser_sessions, pages
from helpers.cloud.hosted_ui.authorization_request import AuthorizationRequest, read
from helpers.cloud.hosted_ui.completion import finish
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools import challenges
from helpers.cloud.user_pools.identity_providers import providers_of, uses_own_directory
from helpers.cloud.user_pools.password_check import check_password

_KNOWN_AS = {
    "Google": "Google",
    "Facebook": "Facebook",
    "SignInWithApple": "Apple",
    "LoginWithAmazon": "Amazon",
}
# Where a right password is not enough, another page goes on.
_GO_ON = {
    "UserNotConfirmedException": "/confirm",
    "PasswordResetRequiredException": "/forgotPassword",
}
_NO_CHOICE = "Login option is not available. Please try another one."


def login(visit: Visit) -> Response:
    """GET and POST /login: the form, and what was typed into it."""
    asked = read(visit.domain, visit.query)
    if visit.request.method != "POST":
        return _show(visit, asked, visit.query.get("login_hint", ""))
    visit.check_csrf()
    if "corporate_email" in visit.form:
        return _by_mail_domain(visit, asked)
    return _sign_in(visit, asked)


def _show(
    visit: Visit, asked: AuthorizationRequest, username: str = "", problem: str = ""
) -> Response:
    offered = providers_of(asked.app)
    named = [p for p in offered if not p.identifiers]
    own = uses_own_directory(asked.app)
    admin = asked.app.pool.setting("AdminCreateUserConfig") or {}
    return pages.form_page(
        visit,
        asked.app,
        "login.html",
        asked.query,
        providers=[(p.name, _KNOWN_AS.get(p.kind, p.name)) for p in named],
        by_mail_domain=len(named) < len(offered),
        own_directory=own,
        may_sign_up=own and not admin.get("AllowAdminCreateUserOnly"),
        sign_in_with=_sign_in_with(asked),
        username=username,
        problem=problem or ("" if own or offered else _NO_CHOICE),
    )


def _sign_in_with(asked: AuthorizationRequest) -> str:
    """What the first field asks for, by the pool's sign-in names."""
    kinds = asked.app.pool.username_attributes
    words = {"email": "E-mail address", "phone_number": "Phone number"}
    return " or ".join(words[k] for k in kinds).capitalize() if kinds else "Username"


def _sign_in(visit: Visit, asked: AuthorizationRequest) -> Response:
    username, password = visit.form.get("username", ""), visit.form.get("password", "")
    if not uses_own_directory(asked.app):
        return _show(visit, asked, username, _NO_CHOICE)
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
        return _show(visit, asked, username, text)
    if user.status == UserStatus.FORCE_CHANGE_PASSWORD:
        return _ask_for_password(visit, asked, user)
    browser_sessions.start(visit, user)
    return finish(asked, user)


def _by_mail_domain(visit: Visit, asked: AuthorizationRequest) -> Response:
    """The part behind the @ is the identifier of a provider."""
    _, at, domain = visit.form["corporate_email"].strip().rpartition("@")
    known = {name for p in providers_of(asked.app) for name in p.identifiers}
    if not at or domain not in known:
        return _show(visit, asked, problem="No company is registered for this e-mail address.")
    hints = {"idp_identifier": domain, "login_hint": visit.form["corporate_email"].strip()}
    query = {k: v for k, v in asked.query.items() if k != "identity_provider"}
    return visit.redirect("/oauth2/authorize", {**query, **hints})


# --- a new password in place of a temporary one ------------------------------------------------


def _ask_for_password(
    visit: Visit,
    asked: AuthorizationRequest,
    user: CognitoIdpUser,
    session: str = "",
    problem: str = "",
) -> Response:
    challenge = challenges.ask_for_new_password(asked.app, user)
    return pages.form_page(
        visit,
        asked.app,
        "new_password.html",
        asked.query,
        session=session or challenge["Session"],
        username=user.username,
        missing=challenges.missing_attributes(asked.app.pool, user),
        problem=problem,
    )


def new_password(visit: Visit) -> Response:
    """POST /newPassword: the user's own password, and attributes that the pool requires."""
    asked = read(visit.domain, visit.query)
    visit.check_csrf()
    form = visit.form
    given = {"USERNAME": form.get("username", ""), "NEW_PASSWORD": form.get("password", "")}
    given |= {n: v for n, v in form.items() if n.startswith("userAttributes.")}
    try:
        if form.get("password") != form.get("again"):
            raise AwsError("InvalidPasswordException", "The two passwords are not the same.")
        user = challenges.set_new_password(asked.app, given, form.get("session", ""))
    except AwsError as refusal:
        user = challenges.user_of_session(asked.app, form.get("session", ""))
        if user is None:
            return _show(visit, asked, problem=refusal.message)
        return _ask_for_password(visit, asked, user, form["session"], refusal.message)
    browser_sessions.start(visit, user)
    return finish(asked, user)
