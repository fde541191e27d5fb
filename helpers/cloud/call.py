"""What an operation is given: who calls what, with which parameters, in which world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.request import Request

from helpers.cloud.iam import Decision, Principal
from helpers.cloud.sessions import Credentials
from helpers.cloud.world import World


@dataclass
class Call:
    """One request to one AWS operation, its caller known and its parameters parsed.

    `params` are the keyword arguments a boto3 caller passed. `credentials` are the temporary
    credentials that signed the request, if any. `decisions` are filled in by the front door
    before the operation runs; `refused_items` are the parts of a batch that were denied, with
    the message AWS gives for each.
    """

    world: World
    service: str
    operation: str
    region: str
    account: str
    params: dict[str, Any]
    caller: Principal
    credentials: Credentials | None
    request: Request
    decisions: list[Decision] = field(default_factory=list)
    refused_items: dict[str, str] = field(default_factory=dict)


Operation = Callable[[Call], dict[str, Any]]
Operations = Mapping[str, Operation]
