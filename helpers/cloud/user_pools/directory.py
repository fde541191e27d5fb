"""Finding pools, app clients and users, in constant time whatever the pool's size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt
from moto.cognitoidp.models import (
    CognitoIdpUser,
    CognitoIdpUserPool,
    CognitoIdpUserPoolClient,
    cognitoidp_backends,
)

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools.state import Account, Home, PoolState, UserPoolsState
from helpers.cloud.world import World

ALIASES = ("email", "phone_number", "preferred_username")
# The status of a user whom an outside provider vouches for, and who has no password.
EXTERNAL_PROVIDER = "EXTERNAL_PROVIDER"


@dataclass(frozen=True)
class Pool:
    """A user pool: moto's resource together with what this room remembers of it."""

    world: World
    resource: CognitoIdpUserPool
    state: PoolState

    @property
    def id(self) -> str:
        """The pool id, for example us-east-1_a1b2c3d4e."""
        return self.resource.id

    @property
    def short_name(self) -> str:
        """The part of the pool id after "_", which SRP calls the pool name."""
        return self.resource.id.split("_", 1)[1]

    def setting(self, name: str) -> Any:
        """A setting of CreateUserPool, None where it was not given."""
        return self.resource.extended_config.get(name)

    @property
    def username_attributes(self) -> list[str]:
        """The attributes that stand in place of a username, if any."""
        return self.setting("UsernameAttributes") or []

    def account(self, user: CognitoIdpUser) -> Account:
        """What this room keeps of a user."""
        return self.state.accounts.setdefault(user.id, Account())


@dataclass(frozen=True)
class App:
    """An app client, and the pool it belongs to."""

    pool: Pool
    client: CognitoIdpUserPoolClient

    @property
    def world(self) -> World:
        """The world the client lives in."""
        return self.pool.world

    def setting(self, name: str) -> Any:
        """A setting of CreateUserPoolClient, None where it was not given."""
        return self.client.extended_config.get(name)

    @property
    def hides_users(self) -> bool:
        """Whether the client must not learn which usernames exist."""
        return self.setting("PreventUserExistenceErrors") == "ENABLED"


# --- pools and clients -------------------------------------------------------------------------


def no_such_pool(pool_id: str) -> AwsError:
    """The error for an unknown pool id."""
    return AwsError("ResourceNotFoundException", f"User pool {pool_id} does not exist.")


def no_such_client(client_id: str) -> AwsError:
    """The error for an unknown app client id."""
    return AwsError("ResourceNotFoundException", f"User pool client {client_id} does not exist.")


def find_pool(world: World, account: str, region: str, pool_id: str) -> Pool | None:
    """The pool with this id, or None."""
    resource = resources.backend("cognito-idp", account, region).user_pools.get(pool_id)
    if resource is None:
        return None
    return Pool(world, resource, world.room(UserPoolsState).pool(pool_id))


def pool_of(call: Call) -> Pool:
    """The pool an administrator names with UserPoolId."""
    pool_id = call.params["UserPoolId"]
    pool = find_pool(call.world, call.account, call.region, pool_id)
    if pool is None:
        raise no_such_pool(pool_id)
    return pool


def client_home(world: World, client_id: str) -> Home | None:
    """Where an app client lives, or None. Public operations name nothing but the client."""
    known = world.room(UserPoolsState).clients
    home = known.get(client_id)
    if home is None:
        # A client that was not made through this room, for example by a template.
        for account, regions in list(cognitoidp_backends.items()):
            for region, backend in list(regions.items()):
                for pool in backend.user_pools.values():
                    known.update({c: Home(account, region, pool.id) for c in pool.clients})
        home = known.get(client_id)
    return home


def app_of(call: Call) -> App:
    """The app client a public operation names with ClientId."""
    client_id = call.params["ClientId"]
    home = client_home(call.world, client_id)
    if home is None or not is_here(call, home.region):
        raise no_such_client(client_id)
    pool = find_pool(call.world, home.account, home.region, home.pool_id)
    if pool is None or client_id not in pool.resource.clients:
        raise no_such_client(client_id)
    return App(pool, pool.resource.clients[client_id])


def admin_app_of(call: Call) -> App:
    """The app client an administrator names with UserPoolId and ClientId."""
    pool = pool_of(call)
    client_id = call.params["ClientId"]
    if client_id not in pool.resource.clients:
        raise no_such_client(client_id)
    return App(pool, pool.resource.clients[client_id])


def pool_account(pool_id: str) -> str | None:
    """The account a pool belongs to, or None. A pool id begins with its region."""
    region = pool_id.split("_", 1)[0]
    for account, regions in list(cognitoidp_backends.items()):
        if region in regions and pool_id in regions[region].user_pools:
            return account
    return None


def is_here(call: Call, region: str) -> bool:
    """Whether a request that names only a client or a token was sent to the right region.

    AWS's host names say the region. The loopback server's does not, and then nothing else in an
    unsigned request would: what it names must do.
    """
    host = call.request.host.split(":")[0]
    return region == call.region or not host.endswith(".amazonaws.com")


def issuing_pool_id(token: str) -> str:
    """The pool id that a token names as its issuer, unverified; "" if it names none."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return ""
    return str(claims.get("iss", "")).rpartition("/")[2]


# --- users -------------------------------------------------------------------------------------


def fold(pool: Pool, name: str) -> str:
    """A name as this pool compares names."""
    configuration = pool.setting("UsernameConfiguration") or {}
    # CreateUserPool: case sensitivity is the default of the API (the console's is the opposite).
    return name if configuration.get("CaseSensitive", True) else name.casefold()


def find_user(pool: Pool, name: str) -> CognitoIdpUser | None:
    """The user with this username, sub or alias; None if there is none."""
    state, users = pool.state, pool.resource.users
    if len(state.names_of) != len(users):
        _index_all(pool)
    username = state.names.get(fold(pool, name)) or state.names.get(name)
    return users.get(username or name)


def user_of(call: Call, pool: Pool) -> CognitoIdpUser:
    """The user an administrator names with Username. UserNotFoundException if there is none."""
    user = find_user(pool, call.params["Username"])
    if user is None:
        raise AwsError("UserNotFoundException", "User does not exist.")
    return user


def names_of(pool: Pool, user: CognitoIdpUser) -> tuple[str, ...]:
    """Every name a user answers to: username, sub, and the aliases that count."""
    attributes = user.attribute_lookup
    names = [fold(pool, user.username), user.id]
    for attribute in ALIASES:
        value = attributes.get(attribute)
        if value and _is_name(pool, user, attribute):
            names.append(fold(pool, value))
    return tuple(dict.fromkeys(names))


def _is_name(pool: Pool, user: CognitoIdpUser, attribute: str) -> bool:
    """Whether a user may sign in with this attribute's value.

    Developer guide, "Customizing sign-in attributes": an alias counts once it is verified; an
    attribute that stands in place of the username counts at once.
    """
    if attribute in pool.username_attributes:
        # A federated user keeps his own username there; he may share an address with a local one.
        return user.username == user.id
    if attribute not in (pool.setting("AliasAttributes") or []):
        return False
    verified = user.attribute_lookup.get(f"{attribute}_verified") == "true"
    return attribute == "preferred_username" or verified


def status_of(user: CognitoIdpUser) -> str:
    """UserStatus, as AWS writes it."""
    return str(getattr(user.status, "value", user.status))


def index_user(pool: Pool, user: CognitoIdpUser) -> None:
    """Let a new or changed user be found under the names that now count."""
    forget_names(pool, user)
    names = names_of(pool, user)
    pool.state.names_of[user.id] = names
    for name in names:
        # A name that is taken stays with its holder: nobody may take over another's sign-in name.
        pool.state.names.setdefault(name, user.username)


def forget_names(pool: Pool, user: CognitoIdpUser) -> None:
    """Stop finding a user."""
    for name in pool.state.names_of.pop(user.id, ()):
        if pool.state.names.get(name) == user.username:
            del pool.state.names[name]


def _index_all(pool: Pool) -> None:
    pool.state.names.clear()
    pool.state.names_of.clear()
    for user in list(pool.resource.users.values()):
        index_user(pool, user)


def user_with_sub(pool: Pool, sub: str) -> CognitoIdpUser | None:
    """The user with this sub, or None. A sub cannot be changed and is nobody else's name."""
    user = find_user(pool, sub)
    return user if user is not None and user.id == sub else None


def stranger(pool: Pool, name: str) -> Account:
    """The account of a name nobody has: guesses at it are counted as guesses at a real one."""
    return pool.state.strangers.setdefault(fold(pool, name), Account())


def holder_of(pool: Pool, attribute: str, value: str) -> CognitoIdpUser | None:
    """The user who signs in with this attribute value, or None."""
    counts = attribute in pool.username_attributes or attribute in (
        pool.setting("AliasAttributes") or []
    )
    return find_user(pool, value) if counts else None
