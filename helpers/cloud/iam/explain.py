"""A decision as rows of a table, one for every statement that was looked at."""

from .decide import Decision
from .match import StatementMatch

COLUMNS = ("policy", "type", "statement", "effect", "result", "why")


def explain_rows(decision: Decision) -> list[dict[str, str]]:
    """The rows, in the order in which the statements were looked at.

    The `result` of the statement that decided is "decides", of the others "matches" or "no match".
    """
    return [_row(match, decides=match is decision.deciding) for match in decision.looked_at]


def _row(match: StatementMatch, *, decides: bool) -> dict[str, str]:
    result = "decides" if decides else "matches" if match.matched else "no match"
    statement = match.sid or f"#{match.index + 1}"
    cells = (match.policy_name, match.policy_type, statement, match.effect, result, match.why)
    return dict(zip(COLUMNS, cells, strict=True))
