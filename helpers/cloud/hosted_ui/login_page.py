"""The first page of a sign-in: username and password, and the ways to outside providers."""

from __future__ import annotations

from helpers.cloud.hosted_ui import pages
from helpers.cloud.hosted_ui.authorization_request import AuthorizationRequest
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools.identity_providers import providers_of, uses_own_directory

# What brought somebody back to this page, by the word that its address carries.
_NOTICES = {
    "confirmed": "Your account is confirmed. Sign in.",
    "changed": "Your password is changed. Sign in.",
}
NO_CHOICE = "Login option is not available. Please try another one."
_KNOWN_AS = {
    "Google": "Google",
    "Facebook": "Facebook",
    "SignInWithApple": "Apple",
    "LoginWithAmazon": "Amazon",
}


def show_login(
    visit: Visit, asked: AuthorizationRequest, username: str = "", problem: str = ""
) -> Response:
    """The page, with what was typed before and what was wrong with it."""
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
        sign_in_with=sign_in_with(asked),
        username=username,
        notice=_NOTICES.get(visit.query.get("notice", ""), ""),
        problem=problem or ("" if own or offered else NO_CHOICE),
    )


def sign_in_with(asked: AuthorizationRequest) -> str:
    """What the first field asks for, by the pool's sign-in names."""
    kinds = asked.app.pool.username_attributes
    words = {"email": "E-mail address", "phone_number": "Phone number"}
    return " or ".join(words[k] for k in kinds).capitalize() if kinds else "Username"
