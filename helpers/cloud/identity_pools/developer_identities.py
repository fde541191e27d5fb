"""Developer identities: users whom the app's own backend has signed in, by its own means.

The backend calls with AWS credentials, and its word for who the user is replaces a token of a
provider. Source: Amazon Cognito Federated Identities API Reference; Amazon Cognito Developer
Guide, "Developer-authenticated identities". Wordings that no source gives are marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.paging import page

from .admission import amr_of, forbidden
from .linking import link, new_identity, owners_of, unlinked
from .login import Login
from .login_refusals import MISMATCH
from .logins import verify_logins
from .open_id_tokens import token_for
from .state import LONGEST_PAGE, Identity, IdentityPool, IdentityPoolsState, named_pool

_LIFETIME = 15 * 60  # seconds, where TokenDuration is not given


def get_open_id_token_for_developer_identity(call: Call) -> dict[str, Any]:
    """The identity of a user of the developer's, made at first sight, and a token for it.

    AwsError DeveloperUserAlreadyRegisteredException, InvalidParameterException,
    NotAuthorizedException, ResourceConflictException, ResourceNotFoundException.
    """
    pool = named_pool(call)
    logins = dict(call.params["Logins"])
    user = logins.pop(pool.developer_provider, "")
    if not user:
        raise _no_such_provider()
    tags = call.params.get("PrincipalTags", {})
    _check_text(user, tags)
    public = verify_logins(call.world, pool, logins)
    identity = _identity_of(call, pool, user, public)
    named = f"{pool.developer_provider}:{pool.pool_id}:{user}"
    amr = amr_of([*public, Login(pool.developer_provider, user, named)])
    lifetime = timedelta(seconds=call.params.get("TokenDuration", _LIFETIME))
    token = token_for(call, pool, identity, amr, lifetime, tags)
    return {"IdentityId": identity.identity_id, "Token": token}


def merge_developer_identities(call: Call) -> dict[str, Any]:
    """Two users of the developer's become one: the source's logins move to the destination.

    AwsError InvalidParameterException, ResourceConflictException, ResourceNotFoundException.
    """
    pool = named_pool(call)
    _check_provider(call, pool)
    source = _registered(call, pool, call.params["SourceUserIdentifier"])
    destination = _registered(call, pool, call.params["DestinationUserIdentifier"])
    if source is not destination:
        link(call, destination, merged=[source])
    return {"IdentityId": destination.identity_id}


def lookup_developer_identity(call: Call) -> dict[str, Any]:
    """The identity of a developer's user, the users of an identity, or whether the two belong.

    AwsError InvalidParameterException, ResourceConflictException, ResourceNotFoundException.
    """
    pool, params = named_pool(call), call.params
    user, identity_id = params.get("DeveloperUserIdentifier", ""), params.get("IdentityId", "")
    if not user and not identity_id:
        # Our wording.
        text = "Either IdentityId or DeveloperUserIdentifier must be provided."
        raise AwsError("InvalidParameterException", text)
    if not user:
        identity = _in_pool(call, pool, identity_id)
        users, following = page(identity.developer_users, params, LONGEST_PAGE)
        return _looked_up(identity, users) | following
    identity = _registered(call, pool, user)
    if identity_id and _in_pool(call, pool, identity_id) is not identity:
        # Our wording.
        text = "The developer user identifier belongs to another identity."
        raise AwsError("ResourceConflictException", text)
    return _looked_up(identity, [user])


def unlink_developer_identity(call: Call) -> dict[str, Any]:
    """Take a developer's user off an identity; without any login left it is inaccessible.

    AwsError InvalidParameterException, ResourceConflictException, ResourceNotFoundException.
    """
    pool, user = named_pool(call), call.params["DeveloperUserIdentifier"]
    _check_provider(call, pool)
    identity = _in_pool(call, pool, call.params["IdentityId"])
    if _registered(call, pool, user) is not identity:
        # Our wording.
        text = "The developer user identifier belongs to another identity."
        raise AwsError("ResourceConflictException", text)
    identity.developer_users.remove(user)
    unlinked(call, identity)
    return {}


def _identity_of(call: Call, pool: IdentityPool, user: str, public: list[Login]) -> Identity:
    """The identity that the token will name, with all the logins of the request on it."""
    state = call.world.room(IdentityPoolsState)
    mine = state.developer_owner(pool.pool_id, user)
    owners = owners_of(state, pool, public)
    wanted = call.params.get("IdentityId", "")
    if wanted:
        asked_for = _in_pool(call, pool, wanted)
        if mine is not None and mine is not asked_for:
            text = "This developer user identifier is already registered with Cognito."
            raise AwsError("DeveloperUserAlreadyRegisteredException", text)
        if asked_for.disabled:
            raise forbidden(asked_for)
        if not asked_for.is_guest and asked_for is not mine and asked_for not in owners:
            raise AwsError("NotAuthorizedException", MISMATCH)
        identity = asked_for
    else:
        identity = mine or (owners[0] if owners else new_identity(call, pool))
    others = [one for one in owners if one is not identity]
    link(call, identity, public, developer_users=[user], merged=others)
    return identity


def _in_pool(call: Call, pool: IdentityPool, identity_id: str) -> Identity:
    """An identity of this very pool. AwsError ResourceNotFoundException."""
    state = call.world.room(IdentityPoolsState)
    identity = state.identity(identity_id, call.region, call.account)
    if identity.pool_id != pool.pool_id:
        raise AwsError("ResourceNotFoundException", f"Identity '{identity_id}' not found.")
    return identity


def _registered(call: Call, pool: IdentityPool, user: str) -> Identity:
    """The identity of a developer's user. AwsError ResourceNotFoundException (our wording)."""
    identity = call.world.room(IdentityPoolsState).developer_owner(pool.pool_id, user)
    if identity is None:
        raise AwsError("ResourceNotFoundException", "Developer user identifier not found.")
    return identity


def _check_provider(call: Call, pool: IdentityPool) -> None:
    if call.params["DeveloperProviderName"] != pool.developer_provider:
        raise _no_such_provider()


def _no_such_provider() -> AwsError:
    """In words that a user of AWS reported (danilop/LambdAuth #32), without the code."""
    text = "This identity pool does not support the specified developer provider."
    return AwsError("InvalidParameterException", text)


def _check_text(user: str, tags: Mapping[str, str]) -> None:
    """What goes into the token must be text, and an identifier at most 1024 characters long.

    Logins may hold long tokens, so the service model does not say it there.
    AwsError InvalidParameterException.
    """
    try:
        "".join([user, *tags, *tags.values()]).encode()
    except UnicodeEncodeError as garbled:
        text = "Logins and PrincipalTags must be valid Unicode text."
        raise AwsError("InvalidParameterException", text) from garbled
    if len(user) > 1024:
        text = "1 validation error detected: Value at 'developerUserIdentifier' failed to satisfy "
        text += "constraint: Member must have length less than or equal to 1024"
        raise AwsError("InvalidParameterException", text)


def _looked_up(identity: Identity, users: list[str]) -> dict[str, Any]:
    return {"IdentityId": identity.identity_id, "DeveloperUserIdentifierList": users}
