"""After the password: /mfa, /mfaSelect and /mfaSetup. Nobody is signed in before they are done.

The sign-in that waits is known to the server by a cookie, so that its session string stands in no
page and no address. Source: developer guide, "Adding MFA to a user pool".
"""

from __future__ import annotations

from collections.abc import Callable

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.errors import AwsError
from helpers.cloud.hosted_ui import browser_sessions, pages
from helpers.cloud.hosted_ui.authorization_request import AuthorizationRequest, read
from helpers.cloud.hosted_ui.completion import finish
from helpers.cloud.hosted_ui.login_page import show_login
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools import mfa_challenges, software_tokens, totp
from helpers.cloud.user_pools.challenge_sessions import find_challenge, waiting_user
from helpers.cloud.user_pools.directory import App
from helpers.cloud.user_pools.mfa import SMS_MFA
from helpers.cloud.user_pools.mfa_challenges import MFA_SETUP, SELECT_MFA_TYPE
from helpers.cloud.user_pools.state import Challenge
from helpers.cloud.user_pools.totp import SOFTWARE_TOKEN_MFA

COOKIE = "mfa-session"
_PAGE = {
    SMS_MFA: "/mfa",
    SOFTWARE_TOKEN_MFA: "/mfa",
    SELECT_MFA_TYPE: "/mfaSelect",
    MFA_SETUP: "/mfaSetup",
}
# What leaves the same page open: the next try may be right.
_TRY_AGAIN = (
    "CodeMismatchException",
    "EnableSoftwareTokenMFAException",
    "ExpiredCodeException",
    "InvalidParameterException",
    "LimitExceededException",
)
_LOCKED = "Password attempts exceeded"
_NO_APP = "Ask the administrator for a second factor: none can be set up here."

Answer = Callable[[AuthorizationRequest, Challenge], Response]
Show = Callable[[AuthorizationRequest, Challenge, str], Response]


def begin(visit: Visit, asked: AuthorizationRequest, challenge: Challenge) -> Response:
    """Send the browser to the page of a challenge, and remember which one it must answer."""
    if challenge.name == MFA_SETUP:
        if SOFTWARE_TOKEN_MFA not in challenge.parameters["MFAS_CAN_SETUP"]:
            # AWS's page would take a phone number here.
            return show_login(visit, asked, challenge.username, _NO_APP)
        challenge, _ = software_tokens.begin_setup(asked.app, challenge.session, from_domain=True)
    visit.set_cookie(COOKIE, challenge.session)
    return visit.redirect(_PAGE[challenge.name], asked.query)


def code(visit: Visit) -> Response:
    """GET and POST /mfa: a code from the authenticator app, or from a text message."""

    def answer(asked: AuthorizationRequest, waiting: Challenge) -> Response:
        given = {f"{waiting.name}_CODE": visit.form.get("code", "").strip()}
        return _after(visit, asked, _answer(asked.app, waiting, given))

    return _page(visit, (SOFTWARE_TOKEN_MFA, SMS_MFA), answer, _code_form(visit))


def send_again(visit: Visit) -> Response:
    """POST /mfaResend: another text message; the code before is void."""

    def answer(asked: AuthorizationRequest, waiting: Challenge) -> Response:
        return begin(visit, asked, mfa_challenges.send_again(asked.app, waiting.session))

    return _page(visit, (SMS_MFA,), answer, _code_form(visit))


def _code_form(visit: Visit) -> Show:
    def show(asked: AuthorizationRequest, waiting: Challenge, problem: str) -> Response:
        sent = waiting.parameters.get("CODE_DELIVERY_DESTINATION", "")
        return pages.form_page(
            visit, asked.app, "mfa.html", asked.query, sent=sent, problem=problem
        )

    return show


def select(visit: Visit) -> Response:
    """GET and POST /mfaSelect: which of several factors."""

    def answer(asked: AuthorizationRequest, waiting: Challenge) -> Response:
        chosen = {"ANSWER": visit.form.get("factor", "")}
        return _after(visit, asked, _answer(asked.app, waiting, chosen))

    def show(asked: AuthorizationRequest, waiting: Challenge, problem: str) -> Response:
        return pages.form_page(visit, asked.app, "mfa_select.html", asked.query, problem=problem)

    return _page(visit, (SELECT_MFA_TYPE,), answer, show)


def set_up(visit: Visit) -> Response:
    """GET and POST /mfaSetup: a new authenticator app, proved by its first code."""

    def answer(asked: AuthorizationRequest, waiting: Challenge) -> Response:
        typed = visit.form.get("code", "").strip()
        proved = software_tokens.prove_setup(asked.app, waiting.session, typed, from_domain=True)
        return _after(visit, asked, _answer(asked.app, proved, {}))

    def show(asked: AuthorizationRequest, waiting: Challenge, problem: str) -> Response:
        pool, secret = asked.app.pool, waiting.secrets["secret"]
        issuer = asked.app.setting("ClientName") or pool.resource.name
        address = totp.address(waiting.username, secret, issuer)
        return pages.form_page(
            visit, asked.app, "mfa_setup.html", asked.query,
            secret_code=secret, address=address, problem=problem,
        )  # fmt: skip

    return _page(visit, (MFA_SETUP,), answer, show)


# --- shared --------------------------------------------------------------------------------------


def _page(visit: Visit, names: tuple[str, ...], answer: Answer, show: Show) -> Response:
    """Show the form of the challenge that this browser waits with, or take what was typed."""
    asked = read(visit.domain, visit.query)
    if visit.request.method == "POST":
        visit.check_csrf()
    try:
        waiting = _waiting(visit, asked.app, names)
    except AwsError as refusal:
        visit.drop_cookie(COOKIE)
        return show_login(visit, asked, problem=refusal.message)
    if visit.request.method != "POST":
        return show(asked, waiting, "")
    try:
        return answer(asked, waiting)
    except AwsError as refusal:
        if refusal.code in _TRY_AGAIN or refusal.message == _LOCKED:
            return show(asked, waiting, refusal.message)
        visit.drop_cookie(COOKIE)
        return show_login(visit, asked, problem=refusal.message)


def _waiting(visit: Visit, app: App, names: tuple[str, ...]) -> Challenge:
    """The challenge of this browser's cookie, which must be one of these. AwsError if it is not."""
    session = visit.cookie(COOKIE)
    known = app.pool.state.challenges.get(session)
    name = known.name if known and known.name in names else names[0]
    challenge = find_challenge(app, name, session, from_domain=True)
    waiting_user(app, challenge)
    return challenge


def _answer(app: App, waiting: Challenge, given: dict[str, str]) -> Challenge | CognitoIdpUser:
    full = {"USERNAME": waiting.username, **given}
    return mfa_challenges.answer(app, waiting.name, full, waiting.session, from_domain=True)


def _after(visit: Visit, asked: AuthorizationRequest, step: Challenge | CognitoIdpUser) -> Response:
    """The next page; or, when everything is proved, signed in and back to the app."""
    if isinstance(step, Challenge):
        return begin(visit, asked, step)
    visit.drop_cookie(COOKIE)
    browser_sessions.start(visit, step)
    return finish(asked, step)
