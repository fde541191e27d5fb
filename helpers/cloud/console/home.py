"""https://console.aws.amazon.com/: who is signed in, in which account, until when; and out."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from helpers.cloud.console.entrance import current, leave, take_code, without_code
from helpers.cloud.console.pages import page
from helpers.cloud.console.state import ConsoleSession
from helpers.cloud.response import Response
from helpers.cloud.web import PageError, Visit

SIGN_OUT = "/console/logout!doLogout"
SIGN_IN = "https://signin.aws.amazon.com/signin"


def show(visit: Visit) -> Response:
    """The console, for whoever has come in."""
    if visit.request.args.get("isauthcode") == "true":
        return _come_in(visit)
    session, now = current(visit), visit.world.clock.now()
    if session is None:
        return visit.redirect(SIGN_IN)
    if session.expires <= now:
        leave(visit)
        return page(visit, "over.html", 403, issuer=session.issuer, sign_in=SIGN_IN)
    return page(
        visit,
        "home.html",
        csrf=visit.csrf_token(),
        minutes=-(-(session.expires - now).total_seconds() // 60),
        **_who(session),
    )


def sign_out(visit: Visit) -> Response:
    """End the session, if the form came from the console's own page."""
    if visit.request.method == "POST":
        visit.check_csrf()
        leave(visit)
        return visit.redirect(SIGN_IN)
    if current(visit) is None:
        return visit.redirect(SIGN_IN)
    return page(visit, "sign_out.html", csrf=visit.csrf_token())


def how_to_sign_in(visit: Visit) -> Response:
    """Who is not signed in has to come from somewhere: this page has no passwords to check."""
    return page(visit, "how_to_sign_in.html")


def _come_in(visit: Visit) -> Response:
    """Begin the session, and take the code out of the address."""
    given = visit.request.args
    codes = given.getlist("code")
    if len(codes) != 1 or not take_code(visit, codes[0]):
        raise PageError("The way in has been used, or took too long. Sign in again.")
    kept = without_code(given.items(multi=True))
    # The whole address: a path that begins with // would lead to another host.
    here = f"https://{visit.request.host}{quote(visit.request.path)}"
    target = f"{here}?{urlencode(kept)}" if kept else here
    return Response(302, {"Location": target, "Cache-Control": "no-store"}, b"")


def _who(session: ConsoleSession) -> dict[str, object]:
    principal = session.credentials.principal
    kept = session.credentials.context
    name = principal.arn.rsplit("/", 1)[-1]
    role = principal.role_arn.rsplit("/", 1)[-1] if principal.type == "AssumedRole" else ""
    return {
        "arn": principal.arn,
        "account": principal.account,
        "shown_account": "-".join(principal.account[i : i + 4] for i in (0, 4, 8)),
        "label": f"{role}/{name}" if role else name,
        "role": role,
        "session_name": name,
        "source_identity": kept.get("aws:SourceIdentity", ""),
        "tags": dict(sorted(principal.tags.items())),
        "ends": session.expires.strftime("%Y-%m-%d %H:%M UTC"),
    }
