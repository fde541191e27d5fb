"""Who may ask: some operations are open to every member account, most to the management account.

Source: AWS Organizations API Reference (each operation says from where it can be called). The
messages are those that AWS answers.
"""

from __future__ import annotations

from moto.organizations.models import FakeOrganization

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .membership import is_manager, organization_of


def own_organization(call: Call) -> FakeOrganization:
    """The organization of the calling account. AwsError AWSOrganizationsNotInUseException."""
    organization = organization_of(call.account)
    if organization is None:
        text = "Your account is not a member of an organization."
        raise AwsError("AWSOrganizationsNotInUseException", text)
    return organization


def managed_organization(call: Call) -> FakeOrganization:
    """The organization that the calling account manages.

    AwsError AWSOrganizationsNotInUseException, or AccessDeniedException for a member account.
    """
    organization = own_organization(call)
    if not is_manager(call.account, organization):
        text = "You don't have permissions to access this resource."
        raise AwsError("AccessDeniedException", text)
    return organization
