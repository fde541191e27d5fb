"""What the tests of role choice share: a pool that chooses roles, and which role somebody got."""

from __future__ import annotations

from typing import Any

from tests.cloud.identity_pools.app import App, allowing, trust

DENIED = "NotAuthorizedException"
BROKEN = (
    "InvalidIdentityPoolConfigurationException",
    "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
)


def key_of(app: App, client_id: str = "") -> str:
    """The name of the role mapping for the users of an app client."""
    return f"{app.provider}:{client_id or app.client_id}"


def denied(app: App) -> tuple[str, str]:
    """The refusal when nothing tells which role it should be."""
    text = f"The ambiguous role mapping rules for: {key_of(app)} denied this request."
    return DENIED, text


def new_role(app: App, name: str) -> str:
    """A role that signed-in users of the pool may have."""
    return app.new_role(name, trust(app.pool_id, "authenticated"), allowing("s3:GetObject"))


def rule(claim: str, match: str, value: str, role: str) -> dict[str, str]:
    return {"Claim": claim, "MatchType": match, "Value": value, "RoleARN": role}


def by_rules(*rules: dict[str, str], otherwise: str = "Deny") -> dict[str, Any]:
    return {
        "Type": "Rules",
        "AmbiguousRoleResolution": otherwise,
        "RulesConfiguration": {"Rules": list(rules)},
    }


def by_token(otherwise: str = "Deny") -> dict[str, Any]:
    return {"Type": "Token", "AmbiguousRoleResolution": otherwise}


def map_roles(app: App, mapping: dict[str, Any], provider: str = "") -> None:
    """Set one role mapping, and leave the pool's two roles as they are."""
    roles = app.identity.get_identity_pool_roles(IdentityPoolId=app.pool_id)["Roles"]
    app.identity.set_identity_pool_roles(
        IdentityPoolId=app.pool_id,
        Roles=roles,
        RoleMappings={provider or key_of(app): mapping},
    )


def join(app: App, user: str, group: str, role: str = "", precedence: int | None = None) -> None:
    """Put a user into a new group, which may have a role."""
    settings: dict[str, Any] = {"RoleArn": role} if role else {}
    if precedence is not None:
        settings["Precedence"] = precedence
    app.idp.create_group(UserPoolId=app.user_pool_id, GroupName=group, **settings)
    app.idp.admin_add_user_to_group(UserPoolId=app.user_pool_id, Username=user, GroupName=group)


def describe(app: App, user: str, **attributes: str) -> None:
    """An administrator writes custom attributes of a user."""
    app.idp.admin_update_user_attributes(
        UserPoolId=app.user_pool_id,
        Username=user,
        UserAttributes=[{"Name": f"custom:{k}", "Value": v} for k, v in attributes.items()],
    )


def add_attributes(app: App, *names: str) -> None:
    """Custom attributes for the user pool, which the app client may read and write."""
    app.idp.add_custom_attributes(
        UserPoolId=app.user_pool_id,
        CustomAttributes=[
            {"Name": name, "AttributeDataType": "String", "Mutable": True} for name in names
        ],
    )
    own = [f"custom:{name}" for name in names]
    let_client(app, ReadAttributes=["email", "email_verified", *own], WriteAttributes=own)


def let_client(app: App, **attributes: list[str]) -> None:
    """Say which attributes the app client may read and write."""
    app.idp.update_user_pool_client(
        UserPoolId=app.user_pool_id,
        ClientId=app.client_id,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        **attributes,
    )


def vend(app: App, logins: dict[str, str], **more: str) -> Any:
    """Credentials for whoever has these logins."""
    return app.identity.get_credentials_for_identity(
        IdentityId=app.get_id(logins), Logins=logins, **more
    )


def role_of(app: App, logins: dict[str, str], **more: str) -> str:
    """The name of the role that the logins get, as STS tells it."""
    who = app.client("sts", vend(app, logins, **more)).get_caller_identity()
    return who["Arn"].split("/")[1]
