"""Encoded authorization messages: why a request was refused, sealed for those who may know.

EC2 puts one into its refusals, and sts:DecodeAuthorizationMessage opens it. AWS does not say how
it seals them; here it is AES-GCM with a key of this world, and the refused account goes in as
associated data, so that nobody can make, change or open one of another account.
Source: AWS STS API Reference, DecodeAuthorizationMessage; the members of the opened message are
those of the example in the IAM User Guide, "Use DecodeAuthorizationMessage with a CLI".
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from helpers.cloud.iam import Decision, Result, StatementMatch
from helpers.cloud.world import World

_NONCE = 12


@dataclass
class SealingKey:
    """The key of this world's encoded messages, made when first needed."""

    key: bytes = b""


class NotValid(ValueError):
    """The text is no message that this world has sealed for this account."""


def seal(world: World, decision: Decision, account: str) -> str:
    """A refusal as text that tells its reader nothing."""
    text = json.dumps(_described(decision), separators=(",", ":"))
    nonce = world.ids.bytes(_NONCE)
    sealed = _cipher(world).encrypt(nonce, zlib.compress(text.encode()), account.encode())
    return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()


def unseal(world: World, message: str, account: str) -> str:
    """The JSON text inside an encoded message. NotValid."""
    try:
        octets = base64.b64decode(message + "=" * (-len(message) % 4), altchars="-_", validate=True)
        opened = _cipher(world).decrypt(octets[:_NONCE], octets[_NONCE:], account.encode())
    except (InvalidTag, ValueError, binascii.Error) as broken:
        raise NotValid(message) from broken
    return zlib.decompress(opened).decode()


def _cipher(world: World) -> AESGCM:
    kept = world.room(SealingKey)
    kept.key = kept.key or world.ids.bytes(32)
    return AESGCM(kept.key)


def _described(decision: Decision) -> dict[str, Any]:
    request = decision.request
    principal = request.principal
    who = {"id": principal.user_id, "name": principal.username, "arn": principal.arn}
    if principal.type != "User":
        del who["name"]
    denied = decision.result is Result.EXPLICIT_DENY
    deciding = [decision.deciding] if denied and decision.deciding else []
    return {
        "allowed": decision.allowed,
        "explicitDeny": denied,
        "matchedStatements": {"items": [_statement(match) for match in deciding]},
        "failures": {"items": []},
        "context": {
            "principal": who,
            "action": request.action,
            "resource": request.resource,
            "conditions": _conditions(request.context),
        },
    }


def _statement(match: StatementMatch) -> dict[str, Any]:
    """The statement that denied. Whose policy it is stands in its principals."""
    statement = match.statement
    resources = statement.resources.patterns if statement.resources else ()
    return {
        "statementId": statement.sid,
        "effect": statement.effect.upper(),
        "principals": _values([match.request.principal.user_id.partition(":")[0]]),
        "principalGroups": {"items": []},
        "actions": _values(statement.actions.written),
        "resources": _values(pattern.text for pattern in resources),
        "conditions": _conditions({one.key: list(one.wanted) for one in statement.conditions}),
    }


def _conditions(keys: Mapping[str, str | list[str]]) -> dict[str, Any]:
    return {
        "items": [
            {"key": key, "values": _values([value] if isinstance(value, str) else value)}
            for key, value in keys.items()
        ]
    }


def _values(texts: Iterable[str]) -> dict[str, Any]:
    return {"items": [{"value": text} for text in texts]}
