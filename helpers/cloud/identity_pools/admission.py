"""Which identity a request without AWS credentials may act as, and with which logins.

GetOpenIdToken and GetCredentialsForIdentity ask the same question and get their answer here.
Source: Amazon Cognito Developer Guide, "Identity pools authentication flow" (GetOpenIdToken:
unauthenticated access, authenticated access, linking logins, merging identities).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.web_identity import TokenFault, cognito_identity

from .linking import link, owners_of
from .login import Login
from .login_refusals import MISMATCH, refuse_token
from .logins import verify_logins
from .state import Identity, IdentityPool, IdentityPoolsState


@dataclass(frozen=True)
class Admission:
    """An identity, and the proofs it was opened with.

    `logins` are the verified logins of the request; a guest has none, and neither has a user who
    came with a token of GetOpenIdTokenForDeveloperIdentity. `amr` are the authentication methods,
    as in the token's claim and in the condition key cognito-identity.amazonaws.com:amr. `tags` are
    the principal tags that such a token carries, None if there was no token.
    """

    pool: IdentityPool
    identity: Identity
    logins: Sequence[Login]
    amr: Sequence[str]
    tags: Mapping[str, str] | None = None

    @property
    def is_guest(self) -> bool:
        """Whether nobody has signed in."""
        return "authenticated" not in self.amr


def amr_of(logins: Sequence[Login]) -> list[str]:
    """The amr claim for these logins: each provider, and the user there."""
    if not logins:
        return ["unauthenticated"]
    return ["authenticated", *(name for one in logins for name in (one.provider, one.reference))]


def admit(call: Call) -> Admission:
    """Check the logins of a request and find the identity it may act as.

    That is the identity asked for. A guest whose login belongs to an identity of long ago gets
    that one; further logins are linked, and identities that they belong to are merged into it.
    AwsError NotAuthorizedException, ResourceConflictException, ResourceNotFoundException.
    """
    state = call.world.room(IdentityPoolsState)
    asked_for = state.identity(call.params["IdentityId"], call.region)
    pool = state.pools[asked_for.pool_id]
    logins = verify_logins(call.world, pool, call.params.get("Logins", {}))
    if not logins:
        check_guest(pool, asked_for)
        return Admission(pool, asked_for, logins, amr_of(logins))
    identity = _identity_of(call, state, pool, asked_for, logins)
    return Admission(pool, identity, logins, amr_of(logins))


def admit_to_credentials(call: Call) -> Admission:
    """As `admit`; a token of GetOpenIdTokenForDeveloperIdentity counts as well, alone.

    AwsError NotAuthorizedException, ResourceConflictException, ResourceNotFoundException.
    """
    logins = call.params.get("Logins", {})
    if list(logins) == [cognito_identity.HOST]:
        return _admit_with_token(call, logins[cognito_identity.HOST])
    return admit(call)


def _admit_with_token(call: Call, token: str) -> Admission:
    """The identity of a token that this service gave out itself.

    The token names its identity and its pool. It is worth nothing once the identity is gone or
    the developer's user that it was made for no longer belongs to it.
    """
    state = call.world.room(IdentityPoolsState)
    identity = state.identity(call.params["IdentityId"], call.region)
    pool = state.pools[identity.pool_id]
    try:
        claims = cognito_identity.verify(call.world, token)
    except TokenFault as fault:
        strange = fault.reason in ("malformed", "algorithm", "issuer", "keys")
        refuse_token(call.world, "not own token" if strange else fault.reason, fault.claims)
    if (claims["aud"], claims["sub"]) != (pool.pool_id, identity.identity_id):
        raise AwsError("NotAuthorizedException", MISMATCH)
    prefix = f"{pool.developer_provider}:{pool.pool_id}:"
    named = [one.removeprefix(prefix) for one in claims["amr"] if one.startswith(prefix)]
    if identity.disabled:
        raise forbidden(identity)
    if not named or not set(named) <= set(identity.developer_users):
        raise AwsError("NotAuthorizedException", MISMATCH)
    passed = claims.get(cognito_identity.TAGS_CLAIM, {}).get("principal_tags", {})
    tags = {key: values[0] for key, values in passed.items()}
    return Admission(pool, identity, (), claims["amr"], tags)


def check_guest(pool: IdentityPool, identity: Identity) -> None:
    """AwsError NotAuthorizedException unless the identity is a guest's and guests are let in."""
    if identity.disabled or not identity.is_guest:
        raise forbidden(identity)
    check_guests_allowed(pool)


def check_guests_allowed(pool: IdentityPool) -> None:
    """AwsError NotAuthorizedException when the pool wants a login."""
    if not pool.allows_guests:
        text = "Unauthenticated access is not supported for this identity pool."
        raise AwsError("NotAuthorizedException", text)


def forbidden(identity: Identity) -> AwsError:
    """The refusal for an identity that nobody, or only somebody signed in, may use."""
    text = f"Access to Identity '{identity.identity_id}' is forbidden."
    return AwsError("NotAuthorizedException", text)


def _identity_of(
    call: Call,
    state: IdentityPoolsState,
    pool: IdentityPool,
    asked_for: Identity,
    logins: Sequence[Login],
) -> Identity:
    owners = owners_of(state, pool, logins)
    if not asked_for.is_guest and asked_for not in owners:
        raise AwsError("NotAuthorizedException", MISMATCH)
    if asked_for.disabled and not owners:
        raise forbidden(asked_for)
    keeper = asked_for if asked_for in owners or not owners else owners[0]
    others = [one for one in (*owners, asked_for) if one is not keeper]
    link(call, keeper, logins, merged=others)
    return keeper
