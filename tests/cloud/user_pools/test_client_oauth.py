from __future__ import annotations

import pytest

CALLBACK = "https://photos.example.com/callback"
CODE = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "CallbackURLs": [CALLBACK],
    "SupportedIdentityProviders": ["COGNITO"],
}
MACHINE = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["client_credentials"],
    "AllowedOAuthScopes": ["photos/read"],
}
BOTH_NEEDED = (
    "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use "
    "OAuth flows."
)


@pytest.fixture(params=["created", "updated"])
def oauth(request, pool):
    """Give a client these settings, as a new one or as a change of one that was there."""
    pool.idp.create_resource_server(
        UserPoolId=pool.id,
        Identifier="photos",
        Name="Photos",
        Scopes=[{"ScopeName": "read", "ScopeDescription": "read"}],
    )

    def give(secret=False, **settings):
        if request.param == "created":
            return pool.new_app(GenerateSecret=secret, **settings)
        client = pool.new_app(GenerateSecret=secret)["ClientId"]
        return pool.idp.update_user_pool_client(UserPoolId=pool.id, ClientId=client, **settings)[
            "UserPoolClient"
        ]

    return give


@pytest.mark.parametrize("missing", ["AllowedOAuthFlows", "AllowedOAuthScopes"])
def test_a_client_that_may_use_oauth_has_flows_and_scopes(oauth, refused, missing):
    with refused("InvalidParameterException", BOTH_NEEDED):
        oauth(**{k: v for k, v in CODE.items() if k != missing})
    with refused("InvalidParameterException", BOTH_NEEDED):
        oauth(**CODE | {missing: []})


def test_flows_are_those_of_oauth(oauth, refused):
    with refused("InvalidParameterException"):
        oauth(**CODE | {"AllowedOAuthFlows": ["token"]})


@pytest.mark.parametrize("other", ["code", "implicit"])
def test_a_machine_has_no_flow_of_a_user(oauth, refused, other):
    message = "client_credentials flow can not be selected along with code flow or implicit flow."
    flows = ["client_credentials", other]
    with refused("InvalidOAuthFlowException", message):
        oauth(secret=True, **MACHINE | {"AllowedOAuthFlows": flows, "CallbackURLs": [CALLBACK]})


def test_a_machine_has_a_secret(oauth, refused):
    message = "client_credentials flow can not be selected if client does not have a client secret."
    with refused("InvalidOAuthFlowException", message):
        oauth(**MACHINE)


@pytest.mark.parametrize(
    "scope", ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"]
)
def test_a_machine_has_no_scope_of_a_user(oauth, refused, scope):
    message = f"{scope} is not supported with client_credentials flow"
    with refused("InvalidOAuthFlowException", message):
        oauth(secret=True, **MACHINE | {"AllowedOAuthScopes": ["photos/read", scope]})


@pytest.mark.parametrize("scope", ["Cognito", "photos/write", "photos", "read", "Openid"])
def test_a_scope_must_exist(oauth, refused, scope):
    with refused("ScopeDoesNotExistException", f"Invalid scope requested: {scope}"):
        oauth(**CODE | {"AllowedOAuthScopes": ["openid", scope]})


@pytest.mark.parametrize("flow", ["code", "implicit"])
@pytest.mark.parametrize("urls", [None, []])
def test_a_flow_through_the_browser_needs_a_way_back(oauth, refused, flow, urls):
    message = "CallbackUrls can not be empty when code flow or implicit flow is selected"
    settings = {k: v for k, v in CODE.items() if k != "CallbackURLs"}
    settings |= {"AllowedOAuthFlows": [flow]} | ({} if urls is None else {"CallbackURLs": urls})
    with refused("InvalidOAuthFlowException", message):
        oauth(**settings)


HTTP = "cannot use the HTTP protocol."
RELATIVE = "is not an absolute URI."


@pytest.mark.parametrize("name", ["CallbackURLs", "LogoutURLs"])
@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://photos.example.com/callback", HTTP),
        ("HTTP://photos.example.com/callback", HTTP),
        ("http://localhost.example.com/callback", HTTP),
        ("http://localhost@photos.example.com/", HTTP),
        ("http://127.0.0.1.example.com/", HTTP),
        ("http://127.0.0.2/", HTTP),
        ("http://[::2]/", HTTP),
        ("https://photos.example.com/#callback", "cannot use fragment"),
        ("myapp://callback#", "cannot use fragment"),
        ("/callback", RELATIVE),
        ("photos.example.com/callback", RELATIVE),
        ("//photos.example.com/callback", RELATIVE),
        ("https:photos.example.com", RELATIVE),
        ("https:///callback", RELATIVE),
        ("https://photos.example.com:x/", RELATIVE),
        ("http://[::1/", RELATIVE),
        ("http://localhost\\@photos.example.com/", RELATIVE),
        ("javascript://photos.example.com/%0aalert(1)", RELATIVE),
        ("data://text/html,x", RELATIVE),
    ],
)
def test_addresses_that_no_user_is_sent_to(oauth, refused, name, url, problem):
    addresses = {name: [*CODE.get(name, []), url]}
    with refused("InvalidParameterException", f"{url} {problem}"):
        oauth(**CODE | addresses)


def test_at_most_100_addresses(oauth, refused):
    urls = [f"{CALLBACK}/{number}" for number in range(101)]
    with refused("InvalidParameterException"):
        oauth(**CODE | {"CallbackURLs": urls})
    with refused("InvalidParameterException"):
        oauth(**CODE | {"LogoutURLs": urls})
    oauth(**CODE | {"CallbackURLs": urls[:100]})


def test_the_default_redirect_uri_is_one_of_the_callbacks(oauth, refused):
    other = f"{CALLBACK}/"
    message = f"The default redirect URI {other} is not in the callback URIs list."
    with refused("InvalidParameterException", message):
        oauth(**CODE | {"DefaultRedirectURI": other})
    assert oauth(**CODE | {"DefaultRedirectURI": CALLBACK})["DefaultRedirectURI"] == CALLBACK


@pytest.mark.parametrize("name", ["Google", "cognito", "Company directory"])
def test_a_client_lists_only_providers_of_its_pool(pool, oauth, refused, name):
    message = f"The provider {name} does not exist for User Pool {pool.id}."
    with refused("InvalidParameterException", message):
        oauth(**CODE | {"SupportedIdentityProviders": ["COGNITO", name]})


def test_an_update_that_is_refused_leaves_the_client_as_it_was(pool, refused):
    before = pool.new_app(**CODE)
    names = {"UserPoolId": pool.id, "ClientId": before["ClientId"]}
    with refused("ScopeDoesNotExistException"):
        pool.idp.update_user_pool_client(**names, **CODE | {"AllowedOAuthScopes": ["none/such"]})
    assert pool.idp.describe_user_pool_client(**names)["UserPoolClient"] == before


def test_an_app_with_users(oauth):
    urls = [
        CALLBACK,
        "http://localhost:3000/callback",
        "http://127.0.0.1/",
        "http://[::1]:8000/",
        "myapp://callback",
        "com.example.photos://",
        f"{CALLBACK}?from=pool",
    ]
    settings = CODE | {
        "AllowedOAuthFlows": ["code", "implicit"],
        "AllowedOAuthScopes": ["openid", "aws.cognito.signin.user.admin", "photos/read"],
        "CallbackURLs": urls,
        "LogoutURLs": urls,
    }
    made = oauth(**settings)
    assert {name: made[name] for name in settings} == settings


def test_an_app_without_users(oauth):
    made = oauth(secret=True, **MACHINE)
    assert {name: made[name] for name in MACHINE} == MACHINE


def test_settings_are_kept_without_the_switch_that_gives_them_effect(oauth):
    made = oauth(**{k: v for k, v in CODE.items() if k != "AllowedOAuthFlowsUserPoolClient"})
    assert made["AllowedOAuthFlowsUserPoolClient"] is False
    assert made["AllowedOAuthFlows"] == ["code"]
