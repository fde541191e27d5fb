"""IAM's resources: a call names a user or role, a policy names its ARN with the path.

Source: Service Authorization Reference, "AWS Identity and Access Management (IAM)".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from helpers.cloud.aws_saml import providers as saml_providers
from helpers.cloud.service_authorization import facts, reference
from helpers.cloud.service_authorization.requirement import ContextValue

if TYPE_CHECKING:
    from helpers.cloud.call import Call

# Kind of resource: the parameter that names it, and the one that gives a new one its path.
_NAMED_BY: Mapping[str, str] = MappingProxyType(
    {
        "user": "UserName",
        "role": "RoleName",
        "group": "GroupName",
        "instance-profile": "InstanceProfileName",
        "policy": "PolicyName",
        "server-certificate": "ServerCertificateName",
        "mfa": "VirtualMFADeviceName",
        "saml-provider": "Name",
    }
)
_KEPT_BY_MOTO = frozenset({"user", "role", "group", "instance-profile"})
_OWN_USER = frozenset(
    {
        "ChangePassword",
        "CreateAccessKey",
        "CreateLoginProfile",
        "DeleteAccessKey",
        "DeleteLoginProfile",
        "DeleteSigningCertificate",
        "GetLoginProfile",
        "GetUser",
        "ListAccessKeys",
        "ListMFADevices",
        "ListServiceSpecificCredentials",
        "ListSigningCertificates",
        "ListSSHPublicKeys",
        "UpdateAccessKey",
        "UpdateSigningCertificate",
        "UploadSigningCertificate",
    }
)


def resources(call: Call) -> list[str]:
    """The ARNs of the users, roles, groups or policies that an IAM call names."""
    kinds = reference.resource_types(f"iam:{call.operation}")
    found = []
    for kind in kinds:
        arn = _given_arn(call, kind) or _named_arn(call, kind.name)
        if arn:
            found.append(arn)
    if not found and call.operation in _OWN_USER and call.caller.type == "User":
        found = [call.caller.arn]
    if not found:
        # Every user, role or policy there is: the call says not which, or knows none.
        home = f"arn:aws:iam::{call.account}"
        found = [f"{home}:{kind.name}/*" for kind in kinds if kind.required]
    return found or ["*"]


def _given_arn(call: Call, kind: reference.ResourceType) -> str:
    """An ARN among the parameters; a boundary is not what the call is about."""
    for name, value in call.params.items():
        is_arn = isinstance(value, str) and value.startswith("arn:")
        if is_arn and name != "PermissionsBoundary" and kind.fits(value):
            return str(value)
    return ""


def _named_arn(call: Call, kind: str) -> str:
    name = call.params.get(_NAMED_BY.get(kind, ""), "")
    if kind == "oidc-provider":
        host = str(call.params.get("Url", "")).partition("://")[2]
        return f"arn:aws:iam::{call.account}:oidc-provider/{host}" if host else ""
    if not name:
        return ""
    kept = facts.iam_entity(call.account, kind, name) if kind in _KEPT_BY_MOTO else None
    path = kept.path if kept is not None else call.params.get("Path", "/")
    if kind == "saml-provider":
        path = "/"
    return f"arn:aws:iam::{call.account}:{kind}{path or '/'}{name}"


def context(call: Call, resource: str) -> dict[str, ContextValue]:
    """IAM's own keys: the policy attached, the boundary, the tags of the resource."""
    sent: dict[str, ContextValue] = {}
    if "PolicyArn" in call.params and call.operation.startswith(("Attach", "Detach")):
        sent["iam:PolicyARN"] = call.params["PolicyArn"]
    entity = _entity(call, resource)
    boundary = call.params.get("PermissionsBoundary") or _boundary(entity)
    if boundary:
        sent["iam:PermissionsBoundary"] = boundary
    for key, value in _tags(call, resource, entity).items():
        sent[f"iam:ResourceTag/{key}"] = value
        sent[f"aws:ResourceTag/{key}"] = value
    return sent


def _entity(call: Call, resource: str) -> Any:
    kind, _, path = resource.rpartition(":")[2].partition("/")
    if kind not in ("user", "role"):
        return None
    return facts.iam_entity(call.account, kind, path.rpartition("/")[2])


def _boundary(entity: Any) -> str:
    return getattr(entity, "permissions_boundary_arn", None) or ""


def _tags(call: Call, resource: str, entity: Any) -> Mapping[str, str]:
    if entity is not None:
        return facts.iam_tags(call.account, entity)
    if ":oidc-provider/" in resource:
        return facts.oidc_provider_tags(call.account, resource)
    provider = saml_providers.find_provider(call.world, resource)
    return provider.settings.tags if provider is not None else {}
