"""Do the parameters fit the service model? botocore checks types, this file the constraints."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from botocore.validate import ParamValidator

from helpers.cloud.errors import AwsError


def check(service: str, shape: Any, params: dict[str, Any]) -> None:
    """Check parameters against an operation's input shape; `shape` None means it takes none.

    AwsError in the service's own code, with AWS's sentence about each broken constraint.
    """
    if shape is None:
        return
    report = ParamValidator().validate(params, shape)
    problem = report.generate_report() if report.has_errors() else _constraint(shape, params)
    if problem:
        code = _CODE.get(service, "ValidationException")
        raise AwsError(code, problem)


_CODE = {
    "cognito-idp": "InvalidParameterException",
    "s3": "InvalidArgument",
    "iam": "ValidationError",
    "sts": "ValidationError",
    "lambda": "InvalidParameterValueException",
    "apigateway": "BadRequestException",
}


def _constraint(shape: Any, params: dict[str, Any]) -> str:
    """AWS's sentence about the first top-level strings that break the model's constraints."""
    found = []
    for name, member in shape.members.items():
        value = params.get(name)
        if isinstance(value, str) and member.type_name == "string":
            found += [_sentence(name, value, member, rule) for rule in _broken(member, value)]
    if not found:
        return ""
    plural = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {plural} detected: " + "; ".join(found)


def _broken(member: Any, value: str) -> list[str]:
    """Which constraints of the model a string value breaks, in AWS's words."""
    low, high = member.metadata.get("min"), member.metadata.get("max")
    pattern, enum = member.metadata.get("pattern"), member.metadata.get("enum")
    rules = []
    if low is not None and len(value) < low:
        rules.append(f"Member must have length greater than or equal to {low}")
    if high is not None and len(value) > high:
        rules.append(f"Member must have length less than or equal to {high}")
    if enum and value not in enum:
        rules.append(f"Member must satisfy enum value set: [{', '.join(enum)}]")
    if pattern and not _fits(pattern, value):
        rules.append(f"Member must satisfy regular expression pattern: {pattern}")
    return rules


def _sentence(name: str, value: str, member: Any, rule: str) -> str:
    shown = "" if member.metadata.get("sensitive") else f"'{value[:256]}' "
    start = name[:1].lower() + name[1:]
    return f"Value {shown}at '{start}' failed to satisfy constraint: {rule}"


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """The model's pattern, which is written for Java, as far as Python can read it."""
    python = re.sub(r"\\p\{[A-Z][a-z]?\}", r"\\S", pattern)
    try:
        return re.compile(python, re.DOTALL)
    except re.error:
        return None


def _fits(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(value) is not None
