"""What stands when the curtain rises: the resources that earlier notebooks built, built again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace

from . import company, hosted_ui, labs, photo_app, roles, user_pools

Scene = Callable[[], SimpleNamespace]


def empty() -> SimpleNamespace:
    """An account with nothing in it."""
    return SimpleNamespace()


SCENES: Mapping[str, Scene] = {
    "00": empty,
    "01": empty,
    "02": user_pools.people,
    "05": user_pools.people,
    "06": hosted_ui.with_pages,
    "07": company.customer,
    "09": photo_app.signed_up,
    "10": photo_app.with_identity_pool,
    "11": roles.with_jobs,
    "12": photo_app.with_identity_pool,
    "lab_01": labs.clinic,
    "lab_10": labs.photo_app_with_guests,
}


def find(name: str | None) -> Scene:
    """The scene of a notebook by its number, or of a lab. ValueError if there is none."""
    if name is None:
        return empty
    if name not in SCENES:
        raise ValueError(f"there is no scene {name!r}; there are {', '.join(sorted(SCENES))}")
    return SCENES[name]
