"""Authenticator apps: a secret for each user, and codes that are good once (RFC 6238).

Source: developer guide, "TOTP software token MFA": HMAC-SHA1, six digits, 30 seconds, one step
early or late is accepted.
"""

from __future__ import annotations

import base64
import hmac

import pyotp
from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud import lockout
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import password_check
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.state import SoftwareToken

SOFTWARE_TOKEN_MFA = "SOFTWARE_TOKEN_MFA"
_SECONDS = 30


def new_secret(pool: Pool) -> str:
    """A secret of 160 bits, in base32 as authenticator apps take it."""
    return base64.b32encode(pool.world.ids.bytes(20)).decode()


def address(username: str, secret: str, issuer: str) -> str:
    """The otpauth:// address that an authenticator app can read."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def enrol(pool: Pool, user: CognitoIdpUser, secret: str, code: str, name: str) -> SoftwareToken:
    """The first code of a new secret proves that the app has it; the app before it is forgotten.

    EnableSoftwareTokenMFAException if the code is wrong. The code counts as used.
    """
    factor = pool.account(user).second_factor
    password_check.refuse_while_locked(pool.world, factor)
    step = _step_of(pool, secret, code)
    if step is None:
        password_check.count_failure(pool.world, factor)
        message = "Code mismatch and fail enable Software Token MFA"
        raise AwsError("EnableSoftwareTokenMFAException", message)
    lockout.forgive(factor)
    factor.token, factor.candidate = SoftwareToken(secret, name, step), ""
    factor.active.add(SOFTWARE_TOKEN_MFA)
    return factor.token


def check_code(pool: Pool, user: CognitoIdpUser, code: str) -> None:
    """Check a code at sign-in and use it up.

    SoftwareTokenMFANotFoundException if the user has no app, CodeMismatchException if the code is
    wrong, ExpiredCodeException if it, or a later one, has been used before.
    """
    factor = pool.account(user).second_factor
    password_check.refuse_while_locked(pool.world, factor)
    if factor.token is None:
        raise no_token()
    step = _step_of(pool, factor.token.secret, code)
    if step is None:
        password_check.count_failure(pool.world, factor)
        raise AwsError("CodeMismatchException", "Invalid code received for user")
    if step <= factor.token.last_step:
        message = "Your software token has already been used once."
        raise AwsError("ExpiredCodeException", message)
    lockout.forgive(factor)
    factor.token.last_step = step


def no_token() -> AwsError:
    """The error for a user who has no authenticator app."""
    message = "Software Token MFA does not exist for the user."
    return AwsError("SoftwareTokenMFANotFoundException", message)


def _step_of(pool: Pool, secret: str, code: str) -> int | None:
    """The time step of a code, None if it is wrong."""
    app, now = pyotp.TOTP(secret), pool.world.clock.timestamp() // _SECONDS
    octets = code.encode("utf-8", "surrogatepass")
    for step in (now + 1, now, now - 1):
        if hmac.compare_digest(app.generate_otp(step).encode(), octets):
            return step
    return None
