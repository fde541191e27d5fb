"""One request of a browser to a page of IAM Identity Center."""

from __future__ import annotations

from typing import Any

from moto.core.request import Request

from helpers.cloud import web
from helpers.cloud.identity_center import Instance
from helpers.cloud.response import Response
from helpers.cloud.world import World

_HERE = "helpers.cloud.access_portal"


class Visit(web.Visit):
    """A request to a page, and the answer's cookies."""

    def page(self, name: str, **values: Any) -> Response:
        """A page from a template, with this browser's form token. A `problem` makes it a 400."""
        return web.form_page(_HERE, name, self.csrf_token(), root=self._root, **values)

    def problem(self, reason: str, status: int = 400) -> Response:
        """A page that says why there is nothing else to see."""
        return web.problem_page(status, reason, root=self._root)

    @property
    def _root(self) -> str:
        """The way from this page to the host's root: addresses are relative, for the gateway."""
        return "../" * (self.request.path.count("/") - 1)

    def leave_for(self, url: str) -> Response:
        """Send the browser to another host."""
        return Response(302, {"Location": url, "Cache-Control": "no-store"}, b"")


class PortalVisit(Visit):
    """A request to the access portal of one instance."""

    def __init__(self, world: World, request: Request, instance: Instance) -> None:
        super().__init__(world, request)
        self.instance = instance

    @property
    def store_id(self) -> str:
        """The identity store whose users sign in here."""
        return self.instance.identity_store_id
