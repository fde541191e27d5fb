"""The access portal of an Identity Center instance: its address, and which instance it is of.

Source: IAM Identity Center User Guide, "Using the AWS access portal"; AWS CLI User Guide,
"IAM Identity Center configuration settings" (sso_start_url: the portal's or the issuer's address).
"""

from __future__ import annotations

import re

from helpers.cloud import identity_center
from helpers.cloud.call import Call
from helpers.cloud.identity_center import Instance
from helpers.cloud.world import World

_START_URL = re.compile(r"https://(?P<store>d-[0-9a-z]{10})\.awsapps\.com/start/?(?:#/?)?")
_HOST = re.compile(r"(?P<store>d-[0-9a-z]{10})\.awsapps\.com")


def of_start_url(world: World, url: str) -> Instance | None:
    """The instance whose portal has this address, None if there is none."""
    named = _START_URL.fullmatch(url)
    return identity_center.instance_by_portal(world, named["store"]) if named else None


def of_host(world: World, host: str) -> Instance | None:
    """The instance whose portal is on this host, None if there is none."""
    named = _HOST.fullmatch(host.partition(":")[0].lower())
    return identity_center.instance_by_portal(world, named["store"]) if named else None


def address(store_id: str, path: str = "/start") -> str:
    """The address of a page of the portal."""
    return f"https://{store_id}.awsapps.com{path}"


def is_reached(call: Call, instance: Instance) -> bool:
    """Whether a call went to the instance's region. The loopback address is of every region."""
    named = call.request.host.partition(":")[0].endswith(".amazonaws.com")
    return not named or call.region == instance.region
