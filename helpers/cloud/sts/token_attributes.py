"""What a provider may say in a token about the session: tags, and the source identity.

Source: IAM User Guide, "Pass session tags in AWS STS" (two forms of the claim, nested and flat) and
"Monitor and control actions taken with assumed roles".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.cloud.errors import AwsError

_TAGS = "https://aws.amazon.com/tags"
_FLAT = f"{_TAGS}/principal_tags/"
_FLAT_TRANSITIVE = f"{_TAGS}/transitive_tag_keys"
_SOURCE_IDENTITY = "https://aws.amazon.com/source_identity"
_SOURCE_IDENTITY_FORM = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


@dataclass(frozen=True)
class TokenAttributes:
    """Session tags, the keys of those that are transitive, and the source identity."""

    tags: Mapping[str, str] = field(default_factory=dict)
    transitive_keys: tuple[str, ...] = ()
    source_identity: str = ""


def read_attributes(claims: Mapping[str, Any]) -> TokenAttributes:
    """The session's attributes in a true token.

    AwsError InvalidIdentityToken for a claim that is not as AWS wants it: the token is refused as
    a whole, rather than read in part. The wordings are ours.
    """
    nested = claims.get(_TAGS, {})
    if not isinstance(nested, dict):
        raise _malformed(_TAGS)
    tags = nested.get("principal_tags", {})
    if not isinstance(tags, dict):
        raise _malformed(f"{_TAGS}: principal_tags")
    flat = {name.removeprefix(_FLAT): v for name, v in claims.items() if name.startswith(_FLAT)}
    if set(tags) & set(flat):
        raise _malformed(_FLAT)
    keys = nested.get("transitive_tag_keys", claims.get(_FLAT_TRANSITIVE, []))
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise _malformed(_FLAT_TRANSITIVE)
    return TokenAttributes(
        tags={key: _one_value(key, value) for key, value in {**tags, **flat}.items()},
        transitive_keys=tuple(keys),
        source_identity=_source_identity(claims.get(_SOURCE_IDENTITY, "")),
    )


def _one_value(key: str, value: Any) -> str:
    """A tag has one value, written as text or as a list of one."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        raise _malformed(f"{_FLAT}{key}")
    return value


def _source_identity(value: Any) -> str:
    if value == "":
        return ""
    # No colon fits, so that nothing begins with "aws:".
    if not isinstance(value, str) or not _SOURCE_IDENTITY_FORM.fullmatch(value):
        text = 'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"'
        raise AwsError("InvalidIdentityToken", text)
    return value


def _malformed(name: str) -> AwsError:
    return AwsError("InvalidIdentityToken", f"The claim {name} is not well formed.")
