"""What a policy may ask about resources, answered by moto, which keeps them.

Every function answers with an empty value when the resource is not there: the call will fail
by itself, and a policy cannot depend on what does not exist.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from moto.backends import get_backend

from helpers.cloud import resources


@cache
def _buckets() -> Any:
    return get_backend("s3")


def bucket_owner(bucket: str) -> str:
    """The account a bucket belongs to, "" if there is no such bucket."""
    owner = _buckets().bucket_accounts.get(bucket)
    return owner[1] if owner else ""


def object_tags(bucket: str, key: str, version: str | None) -> dict[str, str]:
    """The tags of an object that is there already."""
    owner = bucket_owner(bucket)
    if not owner:
        return {}
    store = resources.backend("s3", owner, "aws")
    held = store.buckets.get(bucket)
    if held is None:
        return {}
    versions = held.keys.getlist(key, None)
    if version is None:
        found = versions[-1] if versions else None
    else:
        found = next((v for v in versions or () if str(v.version_id) == version), None)
    if found is None or not hasattr(found, "arn"):
        return {}
    return dict(store.tagger.get_tag_dict_for_resource(found.arn))


def partition_keys(account: str, region: str, table: str, index: str = "") -> list[str]:
    """The names of the partition key attributes of a table or index, in order."""
    kept = resources.backend("dynamodb", account, region).tables.get(table)
    if kept is None:
        return []
    schema = kept.schema
    if index:
        schema = next((i.schema for i in kept.all_indexes() if i.name == index), [])
    return [part["AttributeName"] for part in schema if part["KeyType"] == "HASH"]


def iam_entity(account: str, kind: str, name: str) -> Any:
    """moto's user, role, group or instance profile of that name, None if there is none."""
    iam = resources.backend("iam", account, "aws")
    if kind == "role":
        return next((role for role in iam.roles.values() if role.name == name), None)
    if kind == "instance-profile":
        return next((p for p in iam.instance_profiles.values() if p.name == name), None)
    return {"user": iam.users, "group": iam.groups}[kind].get(name)


def iam_tags(account: str, entity: Any) -> dict[str, str]:
    """The tags of moto's user or role."""
    listed = getattr(entity, "tags", None)
    if not isinstance(listed, list):
        tagger = resources.backend("iam", account, "aws").tagger
        listed = tagger.list_tags_for_resource(entity.arn)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in listed}


def oidc_provider_tags(account: str, arn: str) -> dict[str, str]:
    """The tags of an OpenID provider of IAM."""
    kept = resources.backend("iam", account, "aws").open_id_providers.get(arn)
    return {tag["Key"]: tag["Value"] for tag in (kept.tags.values() if kept is not None else ())}


def organization_account_arn(manager: str, account: str) -> str:
    """The ARN of an account in the organization of `manager`, as a pattern if there is none."""
    kept = resources.backend("organizations", manager, "aws")
    organization = kept.org.id if kept.org is not None else "o-*"
    return f"arn:aws:organizations::{manager}:account/{organization}/{account}"


def resource_tags(service: str, account: str, region: str, arn: str) -> dict[str, str]:
    """The tags of the resources the course tags: user pools, identity pools, tables, functions,
    instances and permission sets of IAM Identity Center.
    """
    tail = arn.split(":", 5)[-1]
    kind, name = re.split("[:/]", f"{tail}:", maxsplit=2)[:2]
    if (service, kind) == ("cognito-idp", "userpool"):
        pool = resources.backend(service, account, region).user_pools.get(name)
        return dict((pool and pool.extended_config.get("UserPoolTags")) or {})
    if (service, kind) == ("cognito-identity", "identitypool"):
        # The id of an identity pool holds a colon: us-east-1:uuid.
        pools = resources.backend(service, account, region).identity_pools
        pool = pools.get(tail.removeprefix("identitypool/"))
        return dict((pool and getattr(pool, "tags", None)) or {})
    if (service, kind) == ("dynamodb", "table"):
        table = resources.backend(service, account, region).tables.get(name)
        return {tag["Key"]: tag["Value"] for tag in (table and table.tags) or ()}
    if service == "sso-admin":
        kept = resources.backend(service, account, region)
        held = [*kept.instances, *kept.permission_sets]
        return next((dict(one.tags) for one in held if getattr(one, "arn", "") == arn), {})
    if (service, kind) == ("lambda", "function"):
        return _function_tags(account, region, name)
    return {}


def _function_tags(account: str, region: str, name: str) -> dict[str, str]:
    functions = resources.backend("lambda", account, region)
    try:
        return dict(functions.get_function(name).tags or {})
    except Exception:  # moto has one exception per way of not finding a function
        return {}
