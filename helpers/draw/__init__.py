"""Pictures drawn from what really happened: recorded calls, tokens, decisions, lifetimes.

Every function shows one figure and prints one sentence that says what the figure shows.
"""

from .access_grid import access_grid, cell
from .assertion import assertion
from .calls import calls
from .decision_tree import decision_tree
from .redirects import redirects
from .side_by_side import side_by_side
from .story import story
from .timeline import timeline
from .token import token

__all__ = [
    "access_grid",
    "assertion",
    "calls",
    "cell",
    "decision_tree",
    "redirects",
    "side_by_side",
    "story",
    "timeline",
    "token",
]
