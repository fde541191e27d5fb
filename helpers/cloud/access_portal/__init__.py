"""Signing in with IAM Identity Center: the AWS access portal, and the APIs of its programs."""

from __future__ import annotations

from moto.core.request import Request

from helpers.cloud import web
from helpers.cloud.response import Response
from helpers.cloud.world import World

__all__ = ["answer"]


def answer(world: World, request: Request) -> Response:
    """What a page of the portal answers."""
    return web.problem_page(404, "There is no such page.")
