"""The IAM policy language: parse a policy, decide a request, say why. Pure functions, no I/O.

Start reading at `decide.py`; each file it leads to is one page of the IAM User Guide.
"""

from .decide import BOUNDARY, IDENTITY, RESOURCE, SESSION, TRUST, Decision, Policies, Result, decide
from .explain import COLUMNS, explain_rows
from .match import StatementMatch
from .messages import denial_message
from .policy import Policy, PolicyError, Statement, parse_policy
from .request import Principal, Request, request_context
from .simulate import principal_from, simulate

__all__ = [
    "BOUNDARY",
    "COLUMNS",
    "IDENTITY",
    "RESOURCE",
    "SESSION",
    "TRUST",
    "Decision",
    "Policies",
    "Policy",
    "PolicyError",
    "Principal",
    "Request",
    "Result",
    "Statement",
    "StatementMatch",
    "decide",
    "denial_message",
    "explain_rows",
    "parse_policy",
    "principal_from",
    "request_context",
    "simulate",
]
