from __future__ import annotations

import pytest

from tests.cloud.identity_pools.app import App, allowing, error_of, trust

BROKEN = (
    "InvalidIdentityPoolConfigurationException",
    "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
)
ROLE = "arn:aws:iam::123456789012:role/app-user"


def test_only_users_and_guests_have_a_role(app: App) -> None:
    code, _ = error_of(
        app.identity.set_identity_pool_roles, IdentityPoolId=app.pool_id, Roles={"admin": ROLE}
    )
    assert code == "ValidationException"


@pytest.mark.parametrize(
    "arn", ["arn:aws:iam::123456789012:user/alice", "arn:aws:iam::123456789012:root", "x" * 20]
)
def test_a_role_is_named_by_its_arn(app: App, arn: str) -> None:
    code, _ = error_of(
        app.identity.set_identity_pool_roles,
        IdentityPoolId=app.pool_id,
        Roles={"authenticated": arn},
    )
    assert code == "InvalidParameterException"


def test_a_role_of_another_account_is_refused(app: App) -> None:
    theirs = ROLE.replace("123456789012", "999999999999")
    code, message = error_of(
        app.identity.set_identity_pool_roles,
        IdentityPoolId=app.pool_id,
        Roles={"authenticated": theirs},
    )
    assert code == "AccessDeniedException"
    assert f"is not authorized to perform: iam:PassRole on resource: {theirs}" in message


def test_nobody_hands_out_a_role_he_may_not_pass(app: App) -> None:
    """Else whoever may set a pool's roles could give himself any of them."""
    intern = app.new_user_client(allowing("cognito-identity:*"))
    code, message = error_of(
        intern.set_identity_pool_roles, IdentityPoolId=app.pool_id, Roles={"authenticated": ROLE}
    )
    assert code == "AccessDeniedException"
    assert f"is not authorized to perform: iam:PassRole on resource: {ROLE}" in message


def test_a_pool_without_roles_vends_nothing(app: App) -> None:
    app.identity.set_identity_pool_roles(IdentityPoolId=app.pool_id, Roles={})
    logins = app.logins("alice")
    assert error_of(app.credentials, identity_id=app.get_id(logins), logins=logins) == BROKEN
    assert error_of(app.credentials, identity_id=app.get_id()) == BROKEN


def test_a_role_that_is_gone_vends_nothing(app: App) -> None:
    app.iam.delete_role_policy(RoleName="app-user", PolicyName="access")
    app.iam.delete_role(RoleName="app-user")
    logins = app.logins("alice")
    assert error_of(app.credentials, identity_id=app.get_id(logins), logins=logins) == BROKEN


OTHER_POOL = "us-east-1:00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "trusted",
    [
        trust(OTHER_POOL, "authenticated"),
        trust("POOL", "unauthenticated"),
        trust("POOL", "graph.facebook.com"),
        trust("POOL", "authenticated", Action="sts:AssumeRole"),
        trust("POOL", "authenticated", Principal={"Federated": "accounts.google.com"}),
        trust("POOL", "authenticated", Principal={"Service": "cognito-identity.amazonaws.com"}),
        trust("POOL", "authenticated", Principal={"AWS": "123456789012"}),
        trust("POOL", "authenticated", Effect="Deny"),
    ],
    ids=[
        "another pool",
        "guests only",
        "another provider",
        "another action",
        "another federation",
        "a service",
        "an account",
        "a deny",
    ],
)
def test_a_role_that_does_not_trust_the_pool_vends_nothing(app: App, trusted: dict) -> None:
    condition = trusted["Statement"][0]["Condition"]["StringEquals"]
    if condition["cognito-identity.amazonaws.com:aud"] == "POOL":
        condition["cognito-identity.amazonaws.com:aud"] = app.pool_id
    role = app.new_role("distrustful", trusted, allowing("*"))
    app.identity.set_identity_pool_roles(IdentityPoolId=app.pool_id, Roles={"authenticated": role})
    logins = app.logins("alice")
    assert error_of(app.credentials, identity_id=app.get_id(logins), logins=logins) == BROKEN


def test_a_role_may_trust_one_identity_only(app: App) -> None:
    alice, bob = app.logins("alice"), app.logins("bob")
    key = {"cognito-identity.amazonaws.com:sub": app.get_id(alice)}
    trusted = trust(app.pool_id, "authenticated", Condition={"StringEquals": key})
    role = app.new_role("alice-only", trusted, allowing("*"))
    app.identity.set_identity_pool_roles(IdentityPoolId=app.pool_id, Roles={"authenticated": role})
    assert error_of(app.credentials, identity_id=app.get_id(bob), logins=bob) == BROKEN
    assert app.credentials(app.get_id(alice), alice)["Credentials"]["AccessKeyId"]


def test_a_role_may_trust_one_user_pool_only(app: App) -> None:
    role = app.new_role("mine-only", trust(app.pool_id, app.provider), allowing("*"))
    app.identity.set_identity_pool_roles(IdentityPoolId=app.pool_id, Roles={"authenticated": role})
    logins = app.logins("alice")
    assert app.credentials(app.get_id(logins), logins)["Credentials"]["AccessKeyId"]


def test_the_trust_decision_is_on_the_record(app: App) -> None:
    app.credentials(app.get_id())
    decision = app.cloud.trace[-1].decisions[-1]
    assert decision["action"] == "sts:AssumeRoleWithWebIdentity"
    assert decision["resource"].endswith(":role/app-guest")
    assert decision["result"] == "allow"


def test_roles_are_answered_as_they_were_set(app: App) -> None:
    roles = {"authenticated": ROLE}
    app.identity.set_identity_pool_roles(IdentityPoolId=app.pool_id, Roles=roles)
    answer = app.identity.get_identity_pool_roles(IdentityPoolId=app.pool_id)
    assert (answer["IdentityPoolId"], answer["Roles"]) == (app.pool_id, roles)
