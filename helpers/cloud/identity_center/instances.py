"""ListInstances, DescribeInstance, CreateInstance, UpdateInstance, DeleteInstance.

CreateInstance makes an instance for one account, which cannot assign access to accounts. The
instance of an organization has no operation that makes it: see `service_access`.
Source: IAM Identity Center API Reference; User Guide, "Organization and account instances".
"""

from __future__ import annotations

from typing import Any

from helpers.cloud import identity_store, resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.organizations import organization_of
from helpers.cloud.paging import page
from helpers.cloud.world import World

from .management_account import check_may_delete
from .roles import NotProvisioned, delete_role
from .state import IdentityCenterState, Instance
from .tags import read_tags

_MOST = 100
_OF_UPDATE = ("EncryptionConfiguration", "NetworkConfiguration", "PermissionSetsEnabled")


def add_instance(world: World, account: str, region: str, *, of_organization: bool) -> Instance:
    """Make an instance with an empty identity store."""
    store = identity_store.create(world, account, region)
    made = Instance(
        arn=f"arn:aws:sso:::instance/ssoins-{world.ids.bytes(8).hex()}",
        identity_store_id=store.store_id,
        account=account,
        region=region,
        created=world.clock.now(),
        of_organization=of_organization,
    )
    world.room(IdentityCenterState).instances[made.arn] = made
    kept_by_moto(made).instances.append(made)
    return made


def kept_by_moto(instance: Instance) -> Any:
    """moto's room for the instance, where policies that ask about tags look for them."""
    return resources.backend("sso-admin", instance.account, instance.region)


def instance_of(call: Call) -> Instance:
    """The instance that InstanceArn names, for its owner.

    AwsError AccessDeniedException for another account's or none: a stranger learns nothing.
    """
    return own_instance(call, call.params["InstanceArn"])


def own_instance(call: Call, arn: str) -> Instance:
    """The caller's account's instance with this ARN. AwsError AccessDeniedException."""
    found = call.world.room(IdentityCenterState).instances.get(arn)
    if found is None or (found.account, found.region) != (call.account, call.region):
        raise denied()
    return found


def organization_instance_of(call: Call) -> Instance:
    """The same, for what only an organization's instance can do. AwsError ValidationException."""
    found = instance_of(call)
    if not found.of_organization:
        text = "The operation is not supported for this Identity Center instance"
        raise AwsError("ValidationException", text)
    return found


def denied() -> AwsError:
    """AWS's refusal without a reason."""
    text = "You do not have sufficient access to perform this action."
    return AwsError("AccessDeniedException", text)


def paged(call: Call, member: str, items: list[Any]) -> dict[str, Any]:
    """One page of a list under the name of its member. AwsError ValidationException."""
    shown, following = page(items, call.params, _MOST, "ValidationException")
    return {member: shown, **following}


def list_instances(call: Call) -> dict[str, Any]:
    """The account's own instance and its organization's, in this region or in all."""
    everywhere = call.params.get("RegionScope") == "ALL_REGIONS"
    instances = call.world.room(IdentityCenterState).instances.values()
    shown = [
        _described(each)
        for each in instances
        if _is_visible(each, call.account) and (everywhere or each.region == call.region)
    ]
    return paged(call, "Instances", shown)


def describe_instance(call: Call) -> dict[str, Any]:
    """One instance that the account can see. AwsError AccessDeniedException."""
    found = call.world.room(IdentityCenterState).instances.get(call.params["InstanceArn"])
    if found is None or not _is_visible(found, call.account) or found.region != call.region:
        raise denied()
    return _described(found)


def create_instance(call: Call) -> dict[str, Any]:
    """Make an account instance.

    AwsError AccessDeniedException in a management account, ConflictException for a second one.
    """
    organization = organization_of(call.account)
    if organization is not None and organization.master_account_id == call.account:
        text = "Organization management account is not allowed to perform the operation."
        raise AwsError("AccessDeniedException", text)
    token = call.params.get("ClientToken", "")
    for other in call.world.room(IdentityCenterState).instances.values():
        if other.account == call.account:
            if token and token == other.client_token:
                return {"InstanceArn": other.arn}
            raise AwsError("ConflictException", "An instance already exists in this account.")
    tags = read_tags(call.params.get("Tags", []))
    made = add_instance(call.world, call.account, call.region, of_organization=False)
    made.name, made.client_token, made.tags = call.params.get("Name", ""), token, tags
    return {"InstanceArn": made.arn}


def update_instance(call: Call) -> dict[str, Any]:
    """Give an instance another name. AwsError AccessDeniedException, NotImplementedException."""
    found = instance_of(call)
    for member in _OF_UPDATE:
        if member in call.params:
            refuse(f"{member} in sso-admin:UpdateInstance")
    found.name = call.params.get("Name", found.name)
    return {}


def delete_instance(call: Call) -> dict[str, Any]:
    """Delete an instance with its identity store, permission sets and the roles made of them.

    AwsError AccessDeniedException.
    """
    found = instance_of(call)
    held = [
        (each, account) for each in found.permission_sets.values() for account in each.provisioned
    ]
    try:
        for permission_set, account in held:
            check_may_delete(call, found, permission_set, account)
    except NotProvisioned as refused:
        raise AwsError("AccessDeniedException", str(refused)) from refused
    for permission_set, account in held:
        delete_role(permission_set, account)
    identity_store.delete(call.world, found.identity_store_id)
    kept_by_moto(found).instances.remove(found)
    kept_by_moto(found).permission_sets.clear()
    del call.world.room(IdentityCenterState).instances[found.arn]
    return {}


def _is_visible(instance: Instance, account: str) -> bool:
    """An account sees its own instance; a member account sees the organization's too."""
    if instance.account == account:
        return True
    organization = organization_of(account) if instance.of_organization else None
    return organization is not None and organization.master_account_id == instance.account


def _described(instance: Instance) -> dict[str, Any]:
    store = f"arn:aws:identitystore::{instance.account}:identitystore/{instance.identity_store_id}"
    described = {
        "InstanceArn": instance.arn,
        "IdentityStoreId": instance.identity_store_id,
        "IdentityStoreArn": store,
        "OwnerAccountId": instance.account,
        "CreatedDate": instance.created,
        "Status": "ACTIVE",
        "PrimaryRegion": instance.region,
    }
    return described | ({"Name": instance.name} if instance.name else {})
