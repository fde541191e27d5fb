"""An app with users, an identity pool in front of AWS, and roles for users and guests."""

from __future__ import annotations

import pytest

from helpers import lab
from tests.cloud.identity_pools.app import OWN_FOLDER, App, allowing, trust


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
