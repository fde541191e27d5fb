"""Resource servers: the APIs that a user pool's access tokens are for, and their custom scopes.

Developer guide, "Scopes, M2M, and resource servers"; API reference, CreateResourceServer.
"""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.models import CognitoResourceServer

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.paging import page
from helpers.cloud.user_pools.directory import Pool, pool_of

# Developer guide, "Quotas in Amazon Cognito", "Resource servers per user pool".
_MOST_SERVERS = 25
_PAGE = 50


def scopes_of(pool: Pool) -> set[str]:
    """Every custom scope of the pool as an app asks for it: "identifier/scope".

    A scope that is deleted stays in the settings of the clients that had it, without effect until
    it is made again. So what a token may carry is always among these.
    """
    return {
        f"{server.identifier}/{scope['ScopeName']}"
        for server in pool.resource.resource_servers.values()
        for scope in server.scopes or ()
    }


def create_resource_server(call: Call) -> dict[str, Any]:
    """CreateResourceServer."""
    pool = pool_of(call)
    servers, identifier = pool.resource.resource_servers, call.params["Identifier"]
    if identifier in servers:
        raise _invalid(f"{identifier} already exists in user pool {pool.id}.")
    if len(servers) >= _MOST_SERVERS:
        message = f"A user pool cannot have more than {_MOST_SERVERS} resource servers."
        raise AwsError("LimitExceededException", message)
    scopes = _scopes(call)
    servers[identifier] = CognitoResourceServer(pool.id, identifier, call.params["Name"], scopes)
    return {"ResourceServer": servers[identifier].to_json()}


def describe_resource_server(call: Call) -> dict[str, Any]:
    """DescribeResourceServer."""
    return {"ResourceServer": _server(call, pool_of(call)).to_json()}


def update_resource_server(call: Call) -> dict[str, Any]:
    """UpdateResourceServer: name and scopes anew; scopes that are not given are gone."""
    server = _server(call, pool_of(call))
    scopes = _scopes(call)
    server.name, server.scopes = call.params["Name"], scopes
    return {"ResourceServer": server.to_json()}


def delete_resource_server(call: Call) -> dict[str, Any]:
    """DeleteResourceServer, also where clients still list its scopes."""
    pool = pool_of(call)
    del pool.resource.resource_servers[_server(call, pool).identifier]
    return {}


def list_resource_servers(call: Call) -> dict[str, Any]:
    """ListResourceServers."""
    servers = list(pool_of(call).resource.resource_servers.values())
    shown, more = page(servers, call.params, _PAGE)
    return {"ResourceServers": [server.to_json() for server in shown], **more}


def _server(call: Call, pool: Pool) -> CognitoResourceServer:
    identifier = call.params["Identifier"]
    server = pool.resource.resource_servers.get(identifier)
    if server is None:
        message = f"Resource server {identifier} does not exist."
        raise AwsError("ResourceNotFoundException", message)
    return server


def _scopes(call: Call) -> list[dict[str, str]]:
    scopes = [dict(scope) for scope in call.params.get("Scopes") or []]
    names = [scope["ScopeName"] for scope in scopes]
    for name in names:
        if names.count(name) > 1:
            raise _invalid(f"Scope {name} is given more than once.")
    return scopes


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)
