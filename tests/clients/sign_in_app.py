"""A web app whose people sign in on the pages of a user pool domain, in three ways."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import boto3

from helpers import lab, providers

REGION, PREFIX = "us-east-1", "photo-app"
BASE = f"https://{PREFIX}.auth.{REGION}.amazoncognito.com"
CALLBACK = "https://photos.example.com/callback"
SIGNED_OUT = "https://photos.example.com/signed-out"
LOCAL = "http://localhost:8765"  # an app on a developer's machine; nothing has to listen there
PASSWORD = "Correct-Horse-7"


@dataclass(frozen=True)
class SignInApp:
    """What such an app is configured with."""

    served: str
    pool_id: str
    client_id: str
    issuer: str
    base: str = BASE
    callback: str = CALLBACK
    signed_out: str = SIGNED_OUT
    local: str = LOCAL
    username: str = "alice"
    password: str = PASSWORD
    provider_password: str = "Provider-pass1!"

    def as_dict(self) -> dict[str, Any]:
        """For a client in another language."""
        return asdict(self)


def build(cloud: lab.Cloud) -> SignInApp:
    """The pool with alice, its domain, Google and the company directory, and a public client."""
    idp = boto3.client("cognito-idp")
    pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]
    _add_alice(pool_id)
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain=PREFIX)
    _add_google(pool_id)
    _add_company(pool_id)
    client = idp.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="Photos",
        ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "email", "profile"],
        CallbackURLs=[CALLBACK, f"{LOCAL}/callback"],
        LogoutURLs=[SIGNED_OUT, f"{LOCAL}/signed-out"],
        SupportedIdentityProviders=["COGNITO", "Google", "Company"],
    )["UserPoolClient"]
    issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{pool_id}"
    return SignInApp(cloud.serve(), pool_id, client["ClientId"], issuer)


def _add_alice(pool_id: str) -> None:
    idp = boto3.client("cognito-idp")
    alice = {"UserPoolId": pool_id, "Username": "alice"}
    email = [
        {"Name": "email", "Value": "alice@example.com"},
        {"Name": "email_verified", "Value": "true"},
    ]
    idp.admin_create_user(**alice, UserAttributes=email, MessageAction="SUPPRESS")
    idp.admin_set_user_password(**alice, Password=PASSWORD, Permanent=True)


def _add_google(pool_id: str) -> None:
    known = providers.google().register(f"{BASE}/oauth2/idpresponse")
    boto3.client("cognito-idp").create_identity_provider(
        UserPoolId=pool_id,
        ProviderName="Google",
        ProviderType="Google",
        ProviderDetails={
            "client_id": known.client_id,
            "client_secret": known.client_secret,
            "authorize_scopes": "openid email profile",
        },
        AttributeMapping={"email": "email", "name": "name"},
    )


def _add_company(pool_id: str) -> None:
    directory = providers.company_directory()
    directory.register(f"urn:amazon:cognito:sp:{pool_id}", f"{BASE}/saml2/idpresponse")
    boto3.client("cognito-idp").create_identity_provider(
        UserPoolId=pool_id,
        ProviderName="Company",
        ProviderType="SAML",
        ProviderDetails={"MetadataFile": directory.metadata()},
        AttributeMapping={
            "email": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
        },
    )
