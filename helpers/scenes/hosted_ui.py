"""The user pool with sign-in pages, as notebook 05 left it: a domain, and a client for them.

Plain boto3, as a learner would type it.
"""

from __future__ import annotations

from types import SimpleNamespace

import boto3

from . import user_pools

PREFIX = "photo-app"
APP = "https://photos.example.com"


def with_pages() -> SimpleNamespace:
    """The pool of notebook 01 with a domain, and a web app that signs people in there.

    The namespace has, besides `user_pool_id`, `client_id` and `password`: `domain` (the prefix)
    and `pages` (https and the domain's host), `web_client_id` of a client without a secret that
    uses the authorization code grant, `callback` and `signed_out` (its addresses).
    """
    app = user_pools.people()
    idp = boto3.client("cognito-idp")
    app.domain, app.callback, app.signed_out = PREFIX, f"{APP}/callback", f"{APP}/signed-out"
    idp.create_user_pool_domain(UserPoolId=app.user_pool_id, Domain=app.domain)
    region = app.user_pool_id.partition("_")[0]
    app.pages = f"https://{app.domain}.auth.{region}.amazoncognito.com"
    app.web_client_id = idp.create_user_pool_client(
        UserPoolId=app.user_pool_id,
        ClientName="photo-web",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email", "profile"],
        CallbackURLs=[app.callback],
        LogoutURLs=[app.signed_out],
        SupportedIdentityProviders=["COGNITO"],
        ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    return app
