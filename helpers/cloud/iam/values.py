"""How the text of a condition value is read: numbers, dates, booleans, addresses, bytes.

Each reader gives None for text that is not one of its kind, and such text then equals nothing.
Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
"""

import base64
import binascii
import re
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

_NUMBER = re.compile(r"[+-]?[0-9]{1,100}(\.[0-9]{1,100})?([eE][+-]?[0-9]{1,3})?")
_EPOCH = re.compile(r"[0-9]{5,19}|[0-9]{1,3}")
_DATE = re.compile(
    r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2})"
    r"([Tt](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2})(\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_ADDRESS = re.compile(r"[0-9a-fA-F.:]{2,45}")
_NETWORK = re.compile(_ADDRESS.pattern + r"(/[0-9]{1,3})?")
_EPOCH_START = datetime(1970, 1, 1, tzinfo=UTC)


def number(text: str) -> Decimal | None:
    """An integer or a decimal, exactly."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def boolean(text: str) -> bool | None:
    """`true` or `false`, in any case."""
    return {"true": True, "false": False}.get(text.lower())


def moment(text: str) -> Decimal | None:
    """A W3C date (year to fraction of a second) or epoch seconds, as epoch seconds.

    Four digits are a year. A time without a zone is taken as UTC.
    """
    if _EPOCH.fullmatch(text):
        return Decimal(text)
    date = _DATE.fullmatch(text)
    if not date:
        return None
    try:
        year, month, day = (int(date[part] or 1) for part in ("year", "month", "day"))
        seconds = (datetime(year, month, day, tzinfo=UTC) - _EPOCH_START).days * 86400
        seconds += _up_to(23, date["hour"]) * 3600 + _up_to(59, date["minute"]) * 60
        seconds += _up_to(59, date["second"]) - _offset(date["zone"] or "Z")
    except ValueError:
        return None
    return Decimal(seconds) + Decimal(f"0.{date['fraction'] or 0}")


def _up_to(highest: int, digits: str | None) -> int:
    value = int(digits or 0)
    if value > highest:
        raise ValueError(digits)
    return value


def _offset(zone: str) -> int:
    """Seconds that the zone is ahead of UTC."""
    if zone in "Zz":
        return 0
    seconds = _up_to(23, zone[1:3]) * 3600 + _up_to(59, zone[-2:]) * 60
    return -seconds if zone[0] == "-" else seconds


def network(text: str) -> IPv4Network | IPv6Network | None:
    """A CIDR block; an address alone is a block of one."""
    if not _NETWORK.fullmatch(text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def address(text: str) -> IPv4Address | IPv6Address | None:
    """One IP address, of either version."""
    try:
        return ip_address(text) if _ADDRESS.fullmatch(text) else None
    except ValueError:
        return None


def octets(text: str) -> bytes | None:
    """What base64 text stands for."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
