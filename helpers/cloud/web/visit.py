"""One request of a browser: what it carries, and the cookies that go back with the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from moto.core.request import Request
from werkzeug.exceptions import RequestEntityTooLarge

from helpers.cloud.errors import AwsError
from helpers.cloud.response import Response
from helpers.cloud.secret_hashes import same
from helpers.cloud.world import World

CSRF_COOKIE = "XSRF-TOKEN"
_LONGEST = 16_384  # characters of one parameter; a SAML response is read elsewhere


class PageError(Exception):
    """Shown on the site's own page: no other address can be trusted with it.

    `error` is a code or a sentence, for example redirect_mismatch; `client_id` the app's that sent
    the browser, if that is known.
    """

    def __init__(self, error: str, client_id: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.client_id = client_id


@dataclass
class Visit:
    """A browser's request to a host of `world`, and the answer's cookies."""

    world: World
    request: Request
    cookies: list[str] = field(default_factory=list, kw_only=True)

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters. PageError if one is repeated (RFC 6749, section 3.1)."""
        return single(self.request.args.lists())

    @property
    def form(self) -> dict[str, str]:
        """The form's fields. PageError if one is repeated, or if there is no end of them."""
        try:
            return single(self.request.form.lists())
        except RequestEntityTooLarge as endless:
            raise PageError("invalid_request") from endless

    def cookie(self, name: str) -> str:
        """The cookie that the browser sent, "" if none."""
        return self.request.cookies.get(name, "")

    def set_cookie(self, name: str, value: str) -> None:
        """Give the browser a cookie for as long as it is open. Scripts cannot read it."""
        self.cookies.append(f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax")

    def set_cross_site_cookie(self, name: str, value: str) -> None:
        """A cookie that comes back even with a form which another site's page posts here.

        Apple and SAML providers answer by such a form.
        """
        self.cookies.append(f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=None")

    def drop_cookie(self, name: str) -> None:
        """Take a cookie back."""
        self.cookies.append(f"{name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax")

    def csrf_token(self) -> str:
        """The value that a form of this browser must carry, made at the first page."""
        token = self.cookie(CSRF_COOKIE)
        if not token:
            token = self.world.ids.token(32)
            self.set_cookie(CSRF_COOKIE, token)
        return token

    def check_csrf(self) -> None:
        """PageError unless the form came from a page that this browser was given."""
        sent, kept = self.form.get("_csrf", ""), self.cookie(CSRF_COOKIE)
        if not kept or not same(sent, kept):
            raise PageError("Your session has expired. Start again from the app.")

    def new_password(self) -> str:
        """A password that was typed twice, as forms for a new one ask. AwsError if they differ."""
        password = self.form.get("password", "")
        if password != self.form.get("again", ""):
            raise AwsError("InvalidPasswordException", "The two passwords are not the same.")
        return password

    def redirect(self, path: str, parameters: Mapping[str, str] | None = None) -> Response:
        """Send the browser to another page of this host, with these parameters."""
        query = urlencode(parameters or {})
        target = f"{path}?{query}" if query else path
        return Response(302, {"Location": target, "Cache-Control": "no-store"}, b"")

    def finish(self, response: Response) -> Response:
        """The answer with this visit's cookies."""
        return replace(response, cookies=(*response.cookies, *self.cookies))


def single(pairs: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """Parameters that each stand once. PageError for a repeated or an endless one."""
    found: dict[str, str] = {}
    for name, values in pairs:
        if len(values) != 1 or len(values[0]) > _LONGEST:
            raise PageError("invalid_request")
        found[name] = values[0]
    return found
