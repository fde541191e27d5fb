"""How an organization gets its instance: trusted access for IAM Identity Center.

On AWS somebody presses Enable in the console of the management account, which turns on trusted
access and makes the instance. There is no operation for that button. Here the part of it that is
an operation does the whole: EnableAWSServiceAccess for sso.amazonaws.com.
Source: AWS Organizations User Guide, "AWS IAM Identity Center and AWS Organizations"; Organizations
API Reference, EnableAWSServiceAccess.
"""

from __future__ import annotations

from typing import Any

from helpers.cloud.call import Call, Operations
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse
from helpers.cloud.organizations.caller import managed_organization
from helpers.cloud.paging import page

from .instances import add_instance
from .state import IdentityCenterState, Instance

SERVICE = "sso.amazonaws.com"
# Organizations has one endpoint, in us-east-1: what is enabled there has its home there.
_HOME = "us-east-1"
_MOST = 20


def enable_aws_service_access(call: Call) -> dict[str, Any]:
    """Turn on trusted access; the organization's instance is there from then on.

    AwsError AWSOrganizationsNotInUseException, AccessDeniedException, ConstraintViolationException
    for an organization without all features or an account that has an instance of its own,
    NotImplementedException for another service.
    """
    organization = managed_organization(call)
    _check_service(call)
    if organization.feature_set != "ALL":
        text = "The organization must have all features enabled."
        reason = "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE"
        raise AwsError("ConstraintViolationException", text, Reason=reason)
    own = _own(call)
    if own is not None and not own.of_organization:
        text = "Delete the account instance of IAM Identity Center first."
        raise AwsError("ConstraintViolationException", text)
    if own is None:
        add_instance(call.world, call.account, _HOME, of_organization=True)
    return {}


def list_aws_service_access(call: Call) -> dict[str, Any]:
    """The services that trusted access is on for, with the time since when."""
    managed_organization(call)
    own = _own(call)
    found = []
    if own is not None and own.of_organization:
        found = [{"ServicePrincipal": SERVICE, "DateEnabled": own.created}]
    shown, following = page(found, call.params, _MOST, "InvalidInputException")
    return {"EnabledServicePrincipals": shown, **following}


def _check_service(call: Call) -> None:
    name = call.params["ServicePrincipal"]
    if name != SERVICE:
        refuse(f"organizations:{call.operation} for {name}")


def _own(call: Call) -> Instance | None:
    """The caller's account's instance, None if there is none."""
    instances = call.world.room(IdentityCenterState).instances.values()
    return next((one for one in instances if one.account == call.account), None)


SERVICE_ACCESS: Operations = {
    "EnableAWSServiceAccess": enable_aws_service_access,
    "ListAWSServiceAccessForOrganization": list_aws_service_access,
}
