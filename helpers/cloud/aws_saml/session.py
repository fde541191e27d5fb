"""What a SAML response asks of the role session: its name, its length, its tags.

Source: IAM User Guide, "Configure SAML assertions for the authentication response" and
"Troubleshoot SAML federation with IAM".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from helpers.cloud.aws_saml.refusals import invalid
from helpers.cloud.aws_saml.sign_in import ATTRIBUTE, SamlSignIn

_NAME = re.compile(r"[a-zA-Z_0-9+=,.@-]{2,64}")
_SECONDS = re.compile(r"[0-9]{1,6}")
_SHORTEST, _LONGEST = 900, 43_200
_TAG = f"{ATTRIBUTE}PrincipalTag:"


@dataclass(frozen=True)
class SessionAsked:
    """The session that a provider asks for. `seconds` is None where it leaves the length open."""

    name: str
    seconds: int | None
    tags: Mapping[str, str]
    transitive_keys: tuple[str, ...]
    source_identity: str


def read_session(sign_in: SamlSignIn) -> SessionAsked:
    """The session that a response asks for. AwsError InvalidIdentityToken."""
    return SessionAsked(
        name=_name(sign_in),
        seconds=_seconds(sign_in),
        tags=_tags(sign_in),
        transitive_keys=tuple(sign_in.attributes.get(f"{ATTRIBUTE}TransitiveTagKeys", ())),
        source_identity=_source_identity(sign_in),
    )


def _name(sign_in: SamlSignIn) -> str:
    name = _single(sign_in, "RoleSessionName")
    if not name:
        raise invalid("RoleSessionName is required in AuthnResponse")
    if not _NAME.fullmatch(name):
        raise invalid(f"RoleSessionName in AuthnResponse must match {_NAME.pattern}")
    return name


def _source_identity(sign_in: SamlSignIn) -> str:
    given = _single(sign_in, "SourceIdentity")
    # No colon fits, so that nothing begins with "aws:".
    if given and not _NAME.fullmatch(given):
        rule = f'must match {_NAME.pattern} and not begin with "aws:"'
        raise invalid(f"Source Identity {rule}")
    return given


def _seconds(sign_in: SamlSignIn) -> int | None:
    given = _single(sign_in, "SessionDuration")
    if not given:
        return None
    if not _SECONDS.fullmatch(given) or not _SHORTEST <= int(given) <= _LONGEST:
        text = f"SessionDuration in AuthnResponse must be between {_SHORTEST} and {_LONGEST}"
        raise invalid(text)
    return int(given)


def _tags(sign_in: SamlSignIn) -> dict[str, str]:
    named = [name for name in sign_in.attributes if name.startswith(_TAG)]
    return {name.removeprefix(_TAG): _one(sign_in, name) for name in named}


def _single(sign_in: SamlSignIn, name: str) -> str:
    """The one value of an attribute of AWS's, "" where it is not given."""
    full = f"{ATTRIBUTE}{name}"
    return _one(sign_in, full) if full in sign_in.attributes else ""


def _one(sign_in: SamlSignIn, full_name: str) -> str:
    values = sign_in.attributes[full_name]
    if len(values) != 1:
        name = full_name.removeprefix(ATTRIBUTE)
        raise invalid(f"{name} in AuthnResponse must have exactly one value")
    return values[0]
