"""A verified login: somebody for whom a provider has vouched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Login:
    """A verified login: the provider's name, and the user's id there.

    `reference` names both in the amr claim of Cognito's own tokens. `claims` are what the provider
    says of the user, verified: a token's claims, or the attributes of a SAML assertion with their
    values. `roles` are the ARNs that such an assertion pairs with its own provider.
    """

    provider: str
    user: str
    reference: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict, compare=False)
    roles: Sequence[str] = ()
