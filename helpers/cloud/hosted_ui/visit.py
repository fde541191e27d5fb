"""One request to a domain: what it carries, and the cookies that go back with the answer."""

from __future__ import annotations

from moto.core.request import Request

from helpers.cloud import web
from helpers.cloud.hosted_ui.domain import Domain
from helpers.cloud.response import Response
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.web import PageError


class Visit(web.Visit):
    """A request to `domain` and the answer's cookies."""

    def __init__(self, domain: Domain, request: Request) -> None:
        super().__init__(domain.pool.world, request)
        self.domain = domain

    @property
    def pool(self) -> Pool:
        """The user pool of this domain."""
        return self.domain.pool

    def redirect_to_error(self, refusal: PageError) -> Response:
        """The page /error with the reason, as AWS shows what no app may be told."""
        given = {"error": refusal.error, "client_id": refusal.client_id}
        return self.redirect("/error", {k: v for k, v in given.items() if v})
