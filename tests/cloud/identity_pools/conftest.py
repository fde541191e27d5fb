"""An app with users, an identity pool in front of AWS, and roles for users and guests."""

from __future__ import annotations

import boto3
import pytest

from helpers import lab
from helpers.providers.saml.keys import KeyPair, make_key_pair
from helpers.providers.saml.metadata import metadata
from tests.cloud.aws_saml.directory import Directory
from tests.cloud.identity_pools.app import OWN_FOLDER, REGION, App, allowing, trust
from tests.cloud.identity_pools.backend import PROVIDER, Backend


@pytest.fixture
def app(cloud: lab.Cloud) -> App:
    """alice and bob may sign in; so may guests; each has an own folder in the bucket."""
    made = App(cloud)
    made.user_pool_id = made.idp.create_user_pool(PoolName="users")["UserPool"]["Id"]
    made.client_id = made.new_client()
    made.new_user("alice")
    made.new_user("bob")
    made.pool_id = made.new_pool(AllowUnauthenticatedIdentities=True, **made.accept())
    own_folder = allowing("s3:GetObject", "s3:PutObject", resource=OWN_FOLDER)
    made.identity.set_identity_pool_roles(
        IdentityPoolId=made.pool_id,
        Roles={
            "authenticated": made.new_role(
                "app-user", trust(made.pool_id, "authenticated"), own_folder
            ),
            "unauthenticated": made.new_role(
                "app-guest", trust(made.pool_id, "unauthenticated"), allowing("*")
            ),
        },
    )
    return made


@pytest.fixture
def backend(cloud: lab.Cloud) -> Backend:
    """A pool for a backend's own users and for guests, each with an own folder in the bucket."""
    made = Backend(cloud)
    made.pool_id = made.new_pool(
        AllowUnauthenticatedIdentities=True, AllowClassicFlow=True, DeveloperProviderName=PROVIDER
    )
    own_folder = allowing("s3:GetObject", "s3:PutObject", resource=OWN_FOLDER)
    kinds = ("authenticated", "unauthenticated")
    roles = {
        kind: made.new_role(f"backend-{kind}", trust(made.pool_id, kind), own_folder)
        for kind in kinds
    }
    made.identity.set_identity_pool_roles(IdentityPoolId=made.pool_id, Roles=roles)
    return made


@pytest.fixture(scope="session")
def pair() -> KeyPair:
    return make_key_pair("idp.example.com")


@pytest.fixture(scope="session")
def stranger() -> KeyPair:
    return make_key_pair("stranger.example.net")


@pytest.fixture
def directory(cloud: lab.Cloud, pair: KeyPair) -> Directory:
    """The directory, and a provider for it in IAM."""
    document = metadata(pair.certificate).decode()
    iam = boto3.client("iam", REGION)
    iam.create_saml_provider(Name="Company", SAMLMetadataDocument=document)
    return Directory(pair, cloud.clock.now())
