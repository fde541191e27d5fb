"""Policies as AWS would save them: read once, refused with AWS's words if they are not well formed.

Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy elements
reference"; IAM API Reference, MalformedPolicyDocument.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NoReturn

from .arns import ResourcePattern
from .conditions import Condition, UnknownOperator, read_condition
from .pattern import Pattern
from .principals import InvalidPrincipal, Name, PrincipalElement, principal_name
from .variables import VERSION_WITH_VARIABLES

Kind = Literal["identity", "resource", "trust"]

VERSIONS = ("2008-10-17", VERSION_WITH_VARIABLES)
SYNTAX = "Syntax errors in policy."

_POLICY_ELEMENTS = {"Version", "Id", "Statement"}
_STATEMENT_ELEMENTS = {
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction",
    "Resource", "NotResource", "Condition",
}  # fmt: skip
_FORBIDDEN_CHARACTER = re.compile(r"[^\t\n\r\x20-\xff]")
_SID = re.compile(r"[0-9A-Za-z]*")
_VENDOR = re.compile(r"[0-9A-Za-z.-]+|\*")


class PolicyError(ValueError):
    """A policy document AWS would not save; `code` and `message` are AWS's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class ActionElement:
    """An Action or NotAction element. Names are the same in any case."""

    patterns: tuple[Pattern, ...]
    negated: bool = False
    written: tuple[str, ...] = ()

    def covers(self, folded_action: str) -> bool:
        """Whether the statement is about this action, given in lower case."""
        for pattern in self.patterns:
            if pattern.matches(folded_action):
                return not self.negated
        return self.negated


@dataclass(frozen=True, slots=True)
class ResourceElement:
    """A Resource or NotResource element."""

    patterns: tuple[ResourcePattern, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, its patterns compiled."""

    index: int
    sid: str
    effect: Literal["Allow", "Deny"]
    actions: ActionElement
    resources: ResourceElement | None = None  # a trust policy has none
    principals: PrincipalElement | None = None  # an identity-based policy has none
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy document and the name by which a learner knows it."""

    name: str
    version: str
    statements: tuple[Statement, ...]
    kind: Kind = "identity"


def parse_policy(
    document: str | Mapping[str, Any], *, name: str = "", kind: Kind = "identity"
) -> Policy:
    """Read a policy document, JSON text or the same as a dict.

    Session policies and permissions boundaries are of kind "identity"; "trust" is a role's trust
    policy, and "resource" any other resource-based policy. Raises PolicyError.
    """
    if not isinstance(document, str):
        try:
            document = json.dumps(document, ensure_ascii=False, allow_nan=False, default=dict)
        except (TypeError, ValueError, RecursionError) as error:
            raise _malformed() from error
    return _parse_text(document, name, kind)


@lru_cache(maxsize=2048)
def _parse_text(text: str, name: str, kind: Kind) -> Policy:
    return _read_policy(_read_json(text), name, kind)


def _malformed(message: str = SYNTAX) -> PolicyError:
    return PolicyError("MalformedPolicyDocument", message)


def _refuse(message: str = SYNTAX) -> NoReturn:
    raise _malformed(message)


def _read_json(text: str) -> Any:
    if _FORBIDDEN_CHARACTER.search(text):
        _refuse()
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=lambda _: _refuse())
    except (ValueError, RecursionError) as error:
        raise _malformed() from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose names are unique: of two Effects, neither is to be guessed."""
    members = dict(pairs)
    return members if len(members) == len(pairs) else _refuse()


def _read_policy(document: Any, name: str, kind: Kind) -> Policy:
    if not isinstance(document, Mapping) or not set(document) <= _POLICY_ELEMENTS:
        _refuse()
    version = document.get("Version", VERSIONS[0])
    if version not in VERSIONS:
        _refuse("The policy must contain a valid version string")
    if not isinstance(document.get("Id", ""), str):
        _refuse()
    written = document.get("Statement")
    written = [written] if isinstance(written, Mapping) else written
    if not isinstance(written, list | tuple) or not written:
        _refuse()
    reader = _StatementReader(kind, variables=version == VERSION_WITH_VARIABLES)
    statements = tuple(reader.read(index, one) for index, one in enumerate(written))
    sids = [statement.sid for statement in statements if statement.sid]
    if len(sids) != len(set(sids)):
        _refuse("Statement IDs (SID) in a single policy must be unique.")
    return Policy(name, version, statements, kind)


class _StatementReader:
    """Reads the statements of one policy, whose kind and version decide what they may say."""

    def __init__(self, kind: Kind, *, variables: bool) -> None:
        self.kind = kind
        self.variables = variables

    def read(self, index: int, written: Any) -> Statement:
        if not isinstance(written, Mapping) or not set(written) <= _STATEMENT_ELEMENTS:
            _refuse()
        effect = written.get("Effect")
        if effect not in ("Allow", "Deny"):
            _refuse()
        return Statement(
            index=index,
            sid=self._sid(written.get("Sid", "")),
            effect=effect,
            principals=self._principals(written),
            actions=self._actions(written),
            resources=self._resources(written),
            conditions=tuple(self._conditions(written.get("Condition", {}))),
        )

    def _sid(self, sid: Any) -> str:
        if not isinstance(sid, str):
            _refuse()
        if self.kind != "resource" and not _SID.fullmatch(sid):
            _refuse("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies "
                    "the regular expression [0-9A-Za-z]*")  # fmt: skip
        return sid

    def _principals(self, written: Mapping[str, Any]) -> PrincipalElement | None:
        element = _either(written, "Principal", "NotPrincipal")
        if self.kind == "identity":
            return None if element is None else _refuse(_NO_PRINCIPAL)
        if element is None:
            _refuse("Missing required field Principal")
        if self.kind == "trust" and element == "NotPrincipal":
            _refuse("Has prohibited field NotPrincipal")
        try:
            names = frozenset(_principal_names(written[element]))
        except InvalidPrincipal as error:
            raise _malformed(f"Invalid principal in policy: {error}") from error
        return PrincipalElement(names, negated=element == "NotPrincipal")

    def _actions(self, written: Mapping[str, Any]) -> ActionElement:
        element = _either(written, "Action", "NotAction")
        actions = _strings(written[element]) if element else ()
        if not actions:
            _refuse("Policy statement must contain actions.")
        for action in actions:
            _check_action(action)
            if self.kind == "trust" and not action.lower().startswith("sts:"):
                _refuse("AssumeRole policy may only specify STS AssumeRole actions.")
        patterns = tuple(Pattern.of(action.lower()) for action in actions)
        return ActionElement(patterns, element == "NotAction", tuple(actions))

    def _resources(self, written: Mapping[str, Any]) -> ResourceElement | None:
        element = _either(written, "Resource", "NotResource")
        if self.kind == "trust":
            return None if element is None else _refuse("Has prohibited field Resource")
        resources = _strings(written[element]) if element else ()
        if not resources:
            _refuse("Policy statement must contain resources.")
        for resource in resources:
            _check_resource(resource)
        patterns = tuple(ResourcePattern(one, variables=self.variables) for one in resources)
        return ResourceElement(patterns, negated=element == "NotResource")

    def _conditions(self, written: Any) -> Iterator[Condition]:
        if not isinstance(written, Mapping):
            _refuse()
        for operator, keys in written.items():
            if not isinstance(keys, Mapping) or not isinstance(operator, str):
                _refuse()
            for key, wanted in keys.items():
                yield self._condition(operator, key, wanted)

    def _condition(self, operator: str, key: Any, wanted: Any) -> Condition:
        if not isinstance(key, str):
            _refuse()
        if ":" not in key:
            _refuse(_NO_VENDOR)
        values = tuple(_scalar(value) for value in _listed(wanted)) or _refuse()
        try:
            return read_condition(operator, key, values, variables=self.variables)
        except UnknownOperator as error:
            raise _malformed() from error


_NO_PRINCIPAL = "Policy document should not specify a principal."
_NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."


def _either(written: Mapping[str, Any], plain: str, negated: str) -> str | None:
    """Which of an element and its opposite is written; both together are refused."""
    if plain in written and negated in written:
        _refuse()
    return next((element for element in (plain, negated) if element in written), None)


def _listed(written: Any) -> list[Any]:
    return list(written) if isinstance(written, list | tuple) else [written]


def _strings(written: Any) -> tuple[str, ...]:
    strings = _listed(written)
    if not all(isinstance(one, str) for one in strings):
        _refuse()
    return tuple(strings)


def _scalar(value: Any) -> str:
    """A condition value as text: JSON's true and 10 are "true" and "10"."""
    if not isinstance(value, str | int | float):
        _refuse()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _principal_names(written: Any) -> Iterator[Name]:
    if written == "*":
        written = {"AWS": "*"}
    if not isinstance(written, Mapping) or not written:
        _refuse()
    for kind, values in written.items():
        for value in _strings(values) or _refuse():
            yield principal_name(kind, value)


def _check_action(action: str) -> None:
    vendor, colon, _ = action.partition(":")  # a comma or a second colon matches no action
    if not colon and action != "*":
        _refuse(_NO_VENDOR)
    if not _VENDOR.fullmatch(vendor):
        _refuse(f"Vendor {vendor} is not valid")


def _check_resource(resource: str) -> None:
    if resource == "*":
        return
    if not resource.startswith("arn:"):
        _refuse('Resource must be in ARN format or "*".')
    service = resource.split(":", 3)[2:3]
    if service and service != ["*"] and re.search(r"[*?]", service[0]):
        _refuse("Resource vendor must be fully qualified and cannot contain regexes.")
