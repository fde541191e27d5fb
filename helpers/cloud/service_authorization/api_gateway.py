"""Amazon API Gateway: the control plane is guarded by HTTP verbs on paths.

Creating a REST API is `apigateway:POST` on `arn:aws:apigateway:us-east-1::/restapis`.
Source: API Gateway Developer Guide, "Control access to managing API Gateway with IAM".
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from moto.core.utils import get_service_model

from helpers.cloud.service_authorization import general
from helpers.cloud.service_authorization.requirement import Requirement

if TYPE_CHECKING:
    from helpers.cloud.call import Call

_LABEL = re.compile(r"\{([^}]+)\}")


def requirements(call: Call) -> list[Requirement]:
    """The verb on the path, and iam:PassRole for a role that the API will use."""
    route = _route(call.service, call.operation)
    if route is None:
        return general.requirements(call)
    verb, path, members = route

    def value(label: re.Match[str]) -> str:
        name = label[1].removesuffix("+")
        return quote(str(call.params.get(members.get(name, name), "")), safe="")

    resource = f"arn:aws:apigateway:{call.region}::{_LABEL.sub(value, path)}"
    own = Requirement(f"apigateway:{verb}", resource, context=general.request_context(call))
    return [own, *general.passed_roles(call)]


@cache
def _route(service: str, operation: str) -> tuple[str, str, dict[str, str]] | None:
    """(HTTP verb, path with labels, parameter of each label) of an operation."""
    model = get_service_model(service)
    if operation not in model.operation_names:
        return None
    described = model.operation_model(operation)
    members: dict[str, Any] = described.input_shape.members if described.input_shape else {}
    labels = {
        str(member.serialization.get("name", name)): name
        for name, member in members.items()
        if member.serialization.get("location") == "uri"
    }
    return described.http["method"], described.http["requestUri"].split("?")[0], labels
