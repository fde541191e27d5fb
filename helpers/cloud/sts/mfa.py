"""MFA devices of IAM users: the six digits that AssumeRole and GetSessionToken may ask for.

Source: RFC 6238 (TOTP); AWS STS API Reference, GetSessionToken (SerialNumber, TokenCode).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError

from .state import StsState

_STEP_SECONDS = 30


def check_mfa(call: Call) -> bool:
    """Whether the caller proved a second factor; False when none was offered.

    AwsError AccessDenied when what was offered is wrong: another user's device, a wrong code, a
    code used before.
    """
    serial, code = call.params.get("SerialNumber"), call.params.get("TokenCode")
    if serial is None and code is None:
        return False
    seed = _seed_of(call, serial or "")
    if not seed or not code:
        raise AwsError(
            "AccessDenied",
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your "
            "MFA serial number is valid and associated with this user.",
            403,
        )
    _use_code(call, serial or "", seed, code)
    return True


def totp(seed: bytes, step: int) -> str:
    """The six digits for one time step."""
    digest = hmac.new(seed, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def _use_code(call: Call, serial: str, seed: bytes, code: str) -> None:
    used = call.world.room(StsState).last_code
    now = call.world.clock.timestamp() // _STEP_SECONDS
    for step in (now - 1, now, now + 1):
        if step > used.get(serial, -1) and hmac.compare_digest(totp(seed, step), code):
            used[serial] = step
            return
    text = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
    raise AwsError("AccessDenied", text, 403)


def _seed_of(call: Call, serial: str) -> bytes:
    """The secret of the caller's own virtual device, empty if the device is not the caller's."""
    iam = resources.backend("iam", call.caller.account, call.region)
    user: Any = iam.users.get(call.caller.username) if call.caller.username else None
    device = iam.virtual_mfa_devices.get(serial)
    if user is None or device is None or serial not in user.mfa_devices:
        return b""
    return base64.b32decode(device.base32_string_seed)
