"""The evaluator as a program: cases in, results out, no I/O of its own."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .decide import Policies, decide
from .policy import Kind, Policy, PolicyError, parse_policy
from .request import ANONYMOUS, Principal, Request, role_arn_of_session

ANONYMOUS_CALLER = "*anonymous*"
PROVIDER_HOSTS = frozenset(
    {
        "cognito-identity.amazonaws.com",
        "accounts.google.com",
        "graph.facebook.com",
        "www.amazon.com",
    }
)


class MalformedCase(ValueError):
    """A case that cannot be simulated."""


def simulate(cases: list[Any]) -> list[dict[str, Any]]:
    """The result of each case, in order; a malformed one gives an error and stops no other.

    A case is {"id", "principal", "action", "resource", "resource_account", "context", "identity",
    "resource_policy", "session", "boundary"}; a result is {"id", "result", "reason"} or
    {"id", "error"}.
    """
    return [_result(case) for case in cases]


def _result(case: Any) -> dict[str, Any]:
    case_id = case.get("id") if isinstance(case, Mapping) else None
    try:
        request, policies = read_case(case)
    except PolicyError as error:
        return {"id": case_id, "error": f"{error.code}: {error.message}"}
    except MalformedCase as error:
        return {"id": case_id, "error": str(error)}
    decision = decide(request, policies)
    return {"id": case_id, "result": str(decision.result), "reason": decision.reason}


def read_case(case: Any) -> tuple[Request, Policies]:
    """The request and the policies of a case. Raises MalformedCase or PolicyError."""
    if not isinstance(case, Mapping):
        raise MalformedCase("a case must be an object")
    request = Request(
        principal=principal_from(_text(case, "principal")),
        action=_text(case, "action"),
        resource=_text(case, "resource"),
        resource_account=_text(case, "resource_account", ""),
        context=_context({} if case.get("context") is None else case["context"]),
    )
    kind: Kind = "trust" if request.assumes_role else "resource"
    resource_policy = case.get("resource_policy")
    policies = Policies(
        identity=_policies(case, "identity") or (),
        resource=None if resource_policy is None else _policy(resource_policy, "resource", kind),
        session=_policies(case, "session"),
        boundary=_policies(case, "boundary"),
    )
    return request, policies


def _text(case: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = case.get(key, default)
    value = default if value is None else value
    if not isinstance(value, str) or (value == "" and default is None):
        raise MalformedCase(f"{key} must be a string")
    return value


def _context(written: Any) -> dict[str, str | list[str]]:
    if not isinstance(written, Mapping) or not all(isinstance(key, str) for key in written):
        raise MalformedCase("context must be an object")
    return {key: _value(key, value) for key, value in written.items()}


def _value(key: str, value: Any) -> str | list[str]:
    return [_scalar(key, one) for one in value] if isinstance(value, list) else _scalar(key, value)


def _scalar(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise MalformedCase(f"context: {key} must be a string or a list of strings")
    return str(value)


def _policies(case: Mapping[str, Any], key: str) -> tuple[Policy, ...] | None:
    written = case.get(key)
    if written is None:
        return None
    if not isinstance(written, list):
        raise MalformedCase(f"{key} must be a list of policies")
    return tuple(_policy(one, f"{key} {place}", "identity") for place, one in enumerate(written, 1))


def _policy(written: Any, name: str, kind: Kind) -> Policy:
    if not isinstance(written, str | Mapping):
        raise MalformedCase(f"{name}: a policy must be an object or JSON text")
    return parse_policy(written, name=f"{name} policy", kind=kind)


@lru_cache(maxsize=1024)
def principal_from(text: str) -> Principal:
    """The principal a single string tells of: an ARN, a host name, or `*anonymous*`.

    A role's ARN stands for a session of that role. Raises MalformedCase.
    """
    if text == ANONYMOUS_CALLER:
        return Principal(ANONYMOUS, "")
    if not text.startswith("arn:"):
        is_service = text.endswith(".amazonaws.com") and text not in PROVIDER_HOSTS
        if "." not in text or ":" in text:
            raise MalformedCase(f"principal is neither an ARN nor a host name: {text}")
        return Principal("Service" if is_service else "Federated", text)
    segments = text.split(":", 5)
    if len(segments) != 6:
        raise MalformedCase(f"principal is not an ARN: {text}")
    account, (kind, _, name) = segments[4], segments[5].partition("/")
    last_name = name.rpartition("/")[2]
    match segments[2], kind:
        case "iam", "root":
            return Principal("Account", text, account, user_id=account)
        case "iam", "user":
            return Principal("User", text, account, username=last_name)
        case "iam", "role":
            return Principal("AssumedRole", text, account, role_arn=text)
        case "iam", "saml-provider" | "oidc-provider":
            return Principal("Federated", text)
        case "sts", "assumed-role":
            return Principal("AssumedRole", text, account, role_arn=role_arn_of_session(text))
        case "sts", "federated-user":
            return Principal("FederatedUser", text, account, user_id=f"{account}:{name}")
    raise MalformedCase(f"principal is of no kind that can call AWS: {text}")
