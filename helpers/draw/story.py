"""The whole story in one picture: a person, a token, temporary credentials, two folders."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from .recorded import Recorded, read
from .style import (
    BLUE,
    GREEN,
    GREEN_TINT,
    GREY,
    INK,
    NO_MARK,
    OK_MARK,
    PALE,
    PAPER,
    PURPLE,
    SMALL_SIZE,
    TEXT_SIZE,
    VERMILLION,
    VERMILLION_TINT,
    folded,
    listing,
    picture,
    shorten,
)

SIGN_IN = frozenset(
    {
        "AdminInitiateAuth",
        "AdminRespondToAuthChallenge",
        "InitiateAuth",
        "RespondToAuthChallenge",
    }
)

# Inches on the sheet: where the boxes stand, and half the width of one.
PERSON, USER_POOL, IDENTITY_POOL, FOLDER = 0.8, 2.95, 4.95, 7.05
HALF = 0.72
HEIGHT = 3.6
MIDDLE = 1.95


@dataclass(frozen=True)
class Scene:
    """The calls of the story, picked out of a trace."""

    sign_in: Recorded
    credentials: Recorded
    uses: tuple[Recorded, ...]

    @property
    def person(self) -> str:
        """The name the person signed in with."""
        given = self.sign_in.params.get("AuthParameters") or {}
        answered = self.sign_in.params.get("ChallengeResponses") or {}
        return str(given.get("USERNAME") or answered.get("USERNAME") or "a person")

    @property
    def identity(self) -> str:
        """The identity id for which the credentials were given."""
        return str(self.credentials.params.get("IdentityId", ""))

    def owner(self, call: Recorded) -> str:
        """Whose folder the call is about."""
        own = bool(self.identity) and self.identity in str(call.params["Key"])
        return f"{self.person}'s own folder" if own else "another user's folder"


def story(
    entries: Iterable[object], path: str | os.PathLike[str] | None = None, title: str = ""
) -> None:
    """Draw how a person's sign-in becomes an upload to S3, from the calls that really happened.

    ``entries`` are trace entries that hold a sign-in to a user pool, a
    ``GetCredentialsForIdentity`` and, with those credentials, at least one S3 call on an object.
    With ``path`` the picture is also saved as a PNG. Raises ``ValueError`` naming the part of the
    story that the entries lack.
    """
    scene = _scene(read(entries))
    with picture(_sentence(scene), HEIGHT, title=title, path=path) as axes:
        _box(axes, PERSON, scene.person, "", PALE, INK)
        _box(axes, USER_POOL, "User pool", "who are you?", BLUE, PAPER)
        _box(axes, IDENTITY_POOL, "Identity pool", "what may\nyou use?", PURPLE, INK)
        _arrow(axes, (PERSON + HALF, MIDDLE), (USER_POOL - HALF, MIDDLE), "signs in")
        _arrow(axes, (USER_POOL + HALF, MIDDLE), (IDENTITY_POOL - HALF, MIDDLE), "token\n(JWT)")
        _note(axes, USER_POOL, scene.sign_in)
        _note(axes, IDENTITY_POOL, scene.credentials)
        _folders(axes, scene)


def _scene(steps: list[Recorded]) -> Scene:
    answered = [step for step in steps if not step.error]
    granted = [step for step in answered if step.operation == "GetCredentialsForIdentity"]
    if not granted:
        raise ValueError("the entries hold no GetCredentialsForIdentity that was answered")
    start = steps.index(granted[0])
    signed_in = [s for s in steps[:start] if s.operation in SIGN_IN and not s.error]
    if not signed_in:
        raise ValueError("the entries hold no sign-in to a user pool before the credentials")
    uses = tuple(step for step in steps[start:] if _is_object_call(step))
    if not uses:
        raise ValueError("the entries hold no S3 call on an object made with the credentials")
    return Scene(signed_in[-1], granted[0], uses)


def _is_object_call(step: Recorded) -> bool:
    is_session = step.caller.startswith("assumed-role")
    return step.service == "s3" and "Key" in step.params and is_session


def _box(axes: Axes, x: float, name: str, question: str, face: str, ink: str) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x - HALF + 0.08, MIDDLE - 0.5),
            2 * HALF - 0.16,
            1.0,
            boxstyle="round,pad=0.08",
            facecolor=face,
            edgecolor=GREY,
        )
    )
    centred = {"color": ink, "ha": "center", "va": "center"}
    lift = 0.24 if question else 0.0
    axes.text(x, MIDDLE + lift, name, size=TEXT_SIZE, weight="bold", **centred)
    axes.text(x, MIDDLE - 0.2, question, size=SMALL_SIZE, **centred)


def _arrow(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    carries: str,
    *,
    ok: bool = True,
) -> None:
    axes.annotate(
        "",
        xy=end,
        xytext=start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": GREEN if ok else VERMILLION,
            "linewidth": 2.5,
            "linestyle": "solid" if ok else (0, (5, 3)),
            "mutation_scale": 20,
            "shrinkA": 3,
            "shrinkB": 3,
        },
    )
    middle = (start[0] + end[0]) / 2
    axes.text(middle, MIDDLE + 0.12, carries, size=SMALL_SIZE, ha="center", va="bottom")


def _note(axes: Axes, x: float, step: Recorded) -> None:
    words = f"{OK_MARK} {step.n} {folded(step.operation, 15)}"
    axes.text(x, MIDDLE - 0.72, words, size=SMALL_SIZE, ha="center", va="top")


def _folders(axes: Axes, scene: Scene) -> None:
    owners = list(dict.fromkeys(scene.owner(call) for call in scene.uses))
    share = HEIGHT / len(owners)
    for place, owner in enumerate(owners):
        y = HEIGHT - share * (place + 0.5)
        together = [call for call in scene.uses if scene.owner(call) == owner]
        # One tip for each outcome would clutter: the arrow is refused only if every call was.
        is_open = any(not call.error for call in together)
        carries = "temporary\ncredentials" if place == 0 else ""
        _arrow(axes, (IDENTITY_POOL + HALF, MIDDLE), (FOLDER, y), "", ok=is_open)
        axes.text(IDENTITY_POOL + HALF + 0.12, MIDDLE + 0.62, carries, size=SMALL_SIZE, va="bottom")
        _folder(axes, owner, together, y, is_open=is_open)


def _folder(axes: Axes, owner: str, together: list[Recorded], y: float, *, is_open: bool) -> None:
    lines = [
        f"{NO_MARK} {call.n} {call.operation}: {call.error}"
        if call.error
        else f"{OK_MARK} {call.n} {call.operation}"
        for call in together
    ]
    folder = str(together[0].params["Key"]).rpartition("/")[0]
    text = "\n".join([shorten(f"{folder}/", 27), *lines])
    half = 0.26 + 0.1 * len(lines)
    axes.add_patch(
        FancyBboxPatch(
            (FOLDER + 0.1, y - half),
            9.75 - FOLDER,
            2 * half,
            boxstyle="round,pad=0.08",
            facecolor=GREEN_TINT if is_open else VERMILLION_TINT,
            edgecolor=GREEN if is_open else VERMILLION,
            linewidth=2,
        )
    )
    axes.text(
        FOLDER + 0.15, y + half - 0.12, f"S3, {owner}", size=SMALL_SIZE, weight="bold", va="center"
    )
    axes.text(FOLDER + 0.15, y + half - 0.28, text, size=SMALL_SIZE, va="top", linespacing=1.25)


def _sentence(scene: Scene) -> str:
    uses = [f"{call.outcome} in {scene.owner(call)}" for call in scene.uses]
    return (
        f"{scene.person} signs in to the user pool ({scene.sign_in.operation}) for a token, trades "
        f"it at the identity pool ({scene.credentials.operation}) for temporary credentials, "
        f"and calls S3 with them: {listing(uses)}."
    )
