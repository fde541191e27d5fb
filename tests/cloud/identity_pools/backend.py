"""An app whose own backend signs its users in, and vouches for them with AWS credentials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt

from tests.cloud.identity_pools.app import REGION, App

PROVIDER = "login.backend.example"
OWN = "cognito-identity.amazonaws.com"
UNKNOWN = f"{REGION}:00000000-0000-4000-8000-000000000000"


@dataclass
class Backend(App):
    """An identity pool with a developer provider, and words for what the backend asks."""

    def vouch(self, user: str, logins: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
        """GetOpenIdTokenForDeveloperIdentity for a user of the backend's."""
        wanted = {"IdentityPoolId": self.pool_id, "Logins": {PROVIDER: user, **(logins or {})}}
        return self.identity.get_open_id_token_for_developer_identity(**wanted | more)

    def identity_of(self, user: str) -> str:
        return str(self.vouch(user)["IdentityId"])

    def merge(self, source: str, destination: str, **more: str) -> str:
        wanted = {
            "SourceUserIdentifier": source,
            "DestinationUserIdentifier": destination,
            "DeveloperProviderName": PROVIDER,
            "IdentityPoolId": self.pool_id,
        }
        return str(self.identity.merge_developer_identities(**wanted | more)["IdentityId"])

    def unlink(self, identity_id: str, user: str, **more: str) -> None:
        wanted = {
            "IdentityId": identity_id,
            "IdentityPoolId": self.pool_id,
            "DeveloperProviderName": PROVIDER,
            "DeveloperUserIdentifier": user,
        }
        self.identity.unlink_developer_identity(**wanted | more)

    def lookup(self, **wanted: Any) -> dict[str, Any]:
        found = self.identity.lookup_developer_identity(
            **{"IdentityPoolId": self.pool_id, **wanted}
        )
        del found["ResponseMetadata"]
        return found

    def sign_in(self, given: dict[str, Any]) -> dict[str, Any]:
        """GetCredentialsForIdentity with what the backend handed out."""
        return self.credentials(given["IdentityId"], {OWN: given["Token"]})


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})
