from __future__ import annotations

import pytest

from helpers.cloud.user_pools import resource_servers
from helpers.cloud.user_pools.directory import find_pool

API = "https://photos.example.com"


def scopes(*names):
    return [{"ScopeName": name, "ScopeDescription": f"may {name}"} for name in names]


def create(pool, identifier=API, *names):
    return pool.idp.create_resource_server(
        UserPoolId=pool.id, Identifier=identifier, Name="Photos", Scopes=scopes(*names)
    )["ResourceServer"]


def describe(pool, identifier=API):
    return pool.idp.describe_resource_server(UserPoolId=pool.id, Identifier=identifier)[
        "ResourceServer"
    ]


def scopes_of(pool):
    found = find_pool(pool.world, "123456789012", "us-east-1", pool.id)
    return resource_servers.scopes_of(found)


@pytest.mark.parametrize("identifier", ["photo api", 'photo"api', "photo\\api", "fotös", "x" * 257])
def test_an_identifier_is_what_a_scope_may_contain(pool, refused, identifier):
    with refused("InvalidParameterException"):
        create(pool, identifier)


@pytest.mark.parametrize("name", ["read/all", "read all", 'a"b', "x" * 257])
def test_a_scope_name_has_no_slash_and_no_space(pool, refused, name):
    with refused("InvalidParameterException"):
        create(pool, API, name)
    assert scopes_of(pool) == set()


def test_a_resource_server_has_at_most_100_scopes(pool, refused):
    with refused("InvalidParameterException"):
        create(pool, API, *(f"s{n}" for n in range(101)))
    create(pool, API, *(f"s{n}" for n in range(100)))
    assert len(scopes_of(pool)) == 100


def test_a_scope_is_named_once(pool, refused):
    with refused("InvalidParameterException"):
        create(pool, API, "read", "read")


def test_an_identifier_is_taken_once(pool, refused):
    create(pool, API, "read")
    message = f"{API} already exists in user pool {pool.id}."
    with refused("InvalidParameterException", message):
        create(pool, API, "write")
    assert scopes_of(pool) == {f"{API}/read"}


def test_a_pool_has_at_most_25_resource_servers(pool, refused):
    for number in range(25):
        create(pool, f"api{number}")
    with refused("LimitExceededException"):
        create(pool, "api25")


def test_an_unknown_resource_server(pool, refused):
    message = f"Resource server {API} does not exist."
    for call in (pool.idp.describe_resource_server, pool.idp.delete_resource_server):
        with refused("ResourceNotFoundException", message):
            call(UserPoolId=pool.id, Identifier=API)
    with refused("ResourceNotFoundException", message):
        pool.idp.update_resource_server(UserPoolId=pool.id, Identifier=API, Name="x")


def test_an_unknown_pool(pool, refused):
    with refused("ResourceNotFoundException", "User pool us-east-1_none does not exist."):
        pool.idp.list_resource_servers(UserPoolId="us-east-1_none")


def test_a_resource_server_is_described_as_it_was_made(pool):
    made = create(pool, API, "read", "write")
    assert made == describe(pool)
    assert made == {
        "UserPoolId": pool.id,
        "Identifier": API,
        "Name": "Photos",
        "Scopes": scopes("read", "write"),
    }
    assert scopes_of(pool) == {f"{API}/read", f"{API}/write"}


def test_an_update_replaces_name_and_scopes(pool):
    create(pool, API, "read", "write")
    pool.idp.update_resource_server(
        UserPoolId=pool.id, Identifier=API, Name="Albums", Scopes=scopes("share")
    )
    assert (describe(pool)["Name"], scopes_of(pool)) == ("Albums", {f"{API}/share"})
    pool.idp.update_resource_server(UserPoolId=pool.id, Identifier=API, Name="Albums")
    assert scopes_of(pool) == set()


def test_an_update_that_is_refused_changes_nothing(pool, refused):
    create(pool, API, "read")
    with refused("InvalidParameterException"):
        pool.idp.update_resource_server(
            UserPoolId=pool.id, Identifier=API, Name="Albums", Scopes=scopes("a", "a")
        )
    assert (describe(pool)["Name"], scopes_of(pool)) == ("Photos", {f"{API}/read"})


def test_a_scope_that_is_gone_stays_with_its_client_without_being_a_scope(pool, refused):
    create(pool, API, "read")
    oauth = {"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [f"{API}/read"]}
    app = pool.new_app(GenerateSecret=True, AllowedOAuthFlowsUserPoolClient=True, **oauth)
    pool.idp.delete_resource_server(UserPoolId=pool.id, Identifier=API)
    names = {"UserPoolId": pool.id, "ClientId": app["ClientId"]}
    described = pool.idp.describe_user_pool_client(**names)["UserPoolClient"]
    assert (described["AllowedOAuthScopes"], scopes_of(pool)) == ([f"{API}/read"], set())
    with refused("ScopeDoesNotExistException", f"Invalid scope requested: {API}/read"):
        pool.idp.update_user_pool_client(**names, **oauth)


def test_resource_servers_are_listed_page_by_page(pool, refused):
    for number in range(3):
        create(pool, f"api{number}")
    page = pool.idp.list_resource_servers(UserPoolId=pool.id, MaxResults=2)
    rest = pool.idp.list_resource_servers(
        UserPoolId=pool.id, MaxResults=2, NextToken=page["NextToken"]
    )
    found = [s["Identifier"] for p in (page, rest) for s in p["ResourceServers"]]
    assert (found, "NextToken" in rest) == (["api0", "api1", "api2"], False)
    for token in ("x", "-1", "4", "٣"):
        with refused("InvalidParameterException"):
            pool.idp.list_resource_servers(UserPoolId=pool.id, MaxResults=2, NextToken=token)
