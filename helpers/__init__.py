"""What a notebook imports: lab, check, draw, providers and quiz."""

from importlib import import_module
from types import ModuleType

__all__ = ["check", "draw", "lab", "providers", "quiz"]

_IN_TEACH = ("check", "quiz")


def __getattr__(name: str) -> ModuleType:
    """Load a part when it is asked for: the doctor must start where nothing is installed."""
    if name in __all__:
        return import_module(f"helpers.teach.{name}" if name in _IN_TEACH else f"helpers.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
