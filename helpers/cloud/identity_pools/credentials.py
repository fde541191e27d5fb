"""GetCredentialsForIdentity: the enhanced flow, from an identity to temporary credentials.

Source: Amazon Cognito Developer Guide, "Identity pools authentication flow" (enhanced flow),
"Role trust and permissions" and "Switching unauthenticated users to authenticated users".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from helpers.cloud import sts
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.sessions import Credentials

from .guest_policy import guest_policies
from .identities import check_guests_allowed, link, owner_of
from .logins import MISMATCH, Login, verify_logins
from .roles import role_for
from .state import Identity, IdentityPool, IdentityPoolsState

PROVIDER = "cognito-identity.amazonaws.com"
SESSION_NAME = "CognitoIdentityCredentials"
LIFETIME = timedelta(hours=1)


def get_credentials_for_identity(call: Call) -> dict[str, Any]:
    """Credentials of the pool's role for an identity: with a login of its own, or as a guest.

    AwsError NotAuthorizedException, InvalidIdentityPoolConfigurationException,
    ResourceConflictException, ResourceNotFoundException.
    """
    if "CustomRoleArn" in call.params:
        refuse("CustomRoleArn in cognito-identity:GetCredentialsForIdentity")
    state = call.world.room(IdentityPoolsState)
    asked_for = state.identity(call.params["IdentityId"], call.region)
    pool = state.pools[asked_for.pool_id]
    logins = verify_logins(call.world, pool, call.params.get("Logins", {}))
    identity = _identity_of(call, state, pool, asked_for, logins)
    credentials = _assume_role(call, pool, identity, logins)
    return {
        "IdentityId": identity.identity_id,
        "Credentials": {
            "AccessKeyId": credentials.access_key_id,
            "SecretKey": credentials.secret_access_key,
            "SessionToken": credentials.session_token,
            "Expiration": credentials.expires,
        },
    }


def _identity_of(
    call: Call,
    state: IdentityPoolsState,
    pool: IdentityPool,
    asked_for: Identity,
    logins: Sequence[Login],
) -> Identity:
    """Whose credentials the caller may have: the identity asked for, or his own of long ago."""
    if not logins:
        _check_guest(pool, asked_for)
        return asked_for
    owner = owner_of(state, pool, logins)
    if asked_for.logins and owner is not asked_for:
        raise AwsError("NotAuthorizedException", MISMATCH)
    if owner is not None and owner is not asked_for:
        # A guest signs in to an identity he already had: from now on only that one counts.
        asked_for.disabled = True
        link(call, owner, logins)
        return owner
    if asked_for.disabled:
        raise _forbidden(asked_for)
    link(call, asked_for, logins)
    return asked_for


def _check_guest(pool: IdentityPool, identity: Identity) -> None:
    if identity.logins or identity.disabled:
        raise _forbidden(identity)
    check_guests_allowed(pool)


def _forbidden(identity: Identity) -> AwsError:
    text = f"Access to Identity '{identity.identity_id}' is forbidden."
    return AwsError("NotAuthorizedException", text)


def _assume_role(
    call: Call, pool: IdentityPool, identity: Identity, logins: Sequence[Login]
) -> Credentials:
    """The role's session. Cognito hides STS's reason: a role that is missing looks the same."""
    keys = {
        f"{PROVIDER}:aud": pool.pool_id,
        f"{PROVIDER}:sub": identity.identity_id,
        f"{PROVIDER}:amr": _amr(logins),
    }
    try:
        return sts.assume_with_web_identity(
            call,
            role_for(pool, authenticated=bool(logins)),
            provider=PROVIDER,
            session_name=SESSION_NAME,
            keys=keys,
            lifetime=LIFETIME,
            session_policies=None if logins else guest_policies(),
        )
    except AwsError as refused:
        text = "Invalid identity pool configuration. Check assigned IAM roles for this pool."
        raise AwsError("InvalidIdentityPoolConfigurationException", text) from refused


def _amr(logins: Sequence[Login]) -> list[str]:
    """How the user signed in: the key that trust policies tell guests from users by."""
    if not logins:
        return ["unauthenticated"]
    amr = ["authenticated"]
    for login in logins:
        amr += [login.provider, f"{login.provider}:CognitoSignIn:{login.user}"]
    return amr
