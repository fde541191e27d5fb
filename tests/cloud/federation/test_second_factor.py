"""A pool that requires a second factor asks its own users for it, and nobody from outside.

Source: developer guide, "Adding MFA to a user pool": federated users are their provider's concern.
"""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.cloud.federation.brands import Federation, username


@pytest.fixture
def strict(family: Federation) -> Federation:
    """A pool with Google that requires a second factor."""
    family.add("google")
    boto3.client("cognito-idp").set_user_pool_mfa_config(
        UserPoolId=family.pool_id,
        MfaConfiguration="ON",
        SoftwareTokenMfaConfiguration={"Enabled": True},
    )
    return family


def test_a_federated_user_is_not_asked_for_a_second_factor(strict: Federation) -> None:
    assert strict.claims("google")["cognito:username"] == username("google")


def test_a_federated_user_has_none_to_prefer(strict: Federation) -> None:
    strict.claims("google")
    with pytest.raises(ClientError, match="does not have delivery config"):
        boto3.client("cognito-idp").admin_set_user_mfa_preference(
            UserPoolId=strict.pool_id,
            Username=username("google"),
            SoftwareTokenMfaSettings={"Enabled": True},
        )
