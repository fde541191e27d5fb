"""AWS Organizations: several accounts, managed from one.

Organizational units, policies on them, invitations and the closing of accounts are refused by
name: this room answers what it lists, and moto is not asked.
"""

from __future__ import annotations

from helpers.cloud.call import Operations

from .create_account import (
    create_account,
    describe_create_account_status,
    list_create_account_status,
)
from .membership import accounts_of, organization_keys, organization_of, same_organization
from .organization import (
    create_organization,
    describe_account,
    describe_organization,
    list_accounts,
    list_roots,
)

OPERATIONS: Operations = {
    "CreateAccount": create_account,
    "CreateOrganization": create_organization,
    "DescribeAccount": describe_account,
    "DescribeCreateAccountStatus": describe_create_account_status,
    "DescribeOrganization": describe_organization,
    "ListAccounts": list_accounts,
    "ListCreateAccountStatus": list_create_account_status,
    "ListRoots": list_roots,
}

__all__ = [
    "OPERATIONS",
    "accounts_of",
    "organization_keys",
    "organization_of",
    "same_organization",
]
