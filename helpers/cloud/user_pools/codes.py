"""One-time codes: six digits to the inbox, checked, expiring, few guesses, good once."""

from __future__ import annotations

import hmac
from datetime import timedelta

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.state import Account, Attempts, Code

SIGN_UP = "sign-up"
RESET = "reset"
_VALIDITY = {SIGN_UP: timedelta(hours=24), RESET: timedelta(hours=1)}
_LIMIT = 5
_WINDOW = timedelta(hours=1)


def verify_purpose(attribute: str) -> str:
    """The purpose of a code that verifies an attribute of a signed-in user."""
    return f"verify {attribute}"


def send(
    pool: Pool, user: CognitoIdpUser, purpose: str, attribute: str, value: str
) -> dict[str, str]:
    """Send a fresh code to an address of the user; older codes for the purpose are void.

    `value` is the address, of the kind `attribute` says. Returns CodeDeliveryDetails.
    """
    account = pool.account(user)
    count_attempt(pool, account, f"send {purpose}")
    code = pool.world.ids.digits(6)
    # GetUserAttributeVerificationCode: 24 hours, as for sign-up.
    expires = pool.world.clock.now() + _VALIDITY.get(purpose, timedelta(hours=24))
    account.codes[purpose] = Code(code, attribute, value, expires)
    _deliver(pool, user, attribute, value, code)
    return delivery_details(attribute, value)


def take(pool: Pool, account: Account, purpose: str, digits: str) -> Code:
    """Check a code and use it up.

    ExpiredCodeException if none is valid, CodeMismatchException if it is wrong,
    LimitExceededException after five wrong ones within an hour, be the next right or wrong.
    """
    attempts = _attempts(pool, account, f"take {purpose}")
    if attempts.count >= _LIMIT:
        raise limit_exceeded()
    code = account.codes.get(purpose)
    if code is None or pool.world.clock.now() >= code.expires:
        raise expired()
    if not hmac.compare_digest(code.digits.encode(), digits.encode("utf-8", "surrogatepass")):
        attempts.count += 1
        raise mismatch()
    del account.codes[purpose]
    account.attempts.pop(f"take {purpose}", None)
    return code


def count_attempt(pool: Pool, account: Account, what: str) -> None:
    """Count something that may happen five times an hour; LimitExceededException beyond."""
    attempts = _attempts(pool, account, what)
    if attempts.count >= _LIMIT:
        raise limit_exceeded()
    attempts.count += 1


def expired() -> AwsError:
    """The error for a code that is not, or no longer, good."""
    return AwsError("ExpiredCodeException", "Invalid code provided, please request a code again.")


def mismatch() -> AwsError:
    """The error for a wrong code."""
    message = "Invalid verification code provided, please try again."
    return AwsError("CodeMismatchException", message)


def limit_exceeded() -> AwsError:
    """The error for too many attempts."""
    message = "Attempt limit exceeded, please try after some time."
    return AwsError("LimitExceededException", message)


def medium(attribute: str) -> str:
    """EMAIL or SMS, by the attribute that holds the address."""
    return "SMS" if attribute == "phone_number" else "EMAIL"


def delivery_details(attribute: str, value: str) -> dict[str, str]:
    """CodeDeliveryDetails with the address masked: a***@e***, +*******9934."""
    if attribute == "phone_number":
        hidden = "+" + "*" * max(len(value) - 5, 0) + value[-4:]
    else:
        name, _, host = value.partition("@")
        hidden = f"{name[:1]}***@{host[:1]}***"
    return {
        "Destination": hidden,
        "DeliveryMedium": medium(attribute),
        "AttributeName": attribute,
    }


def _attempts(pool: Pool, account: Account, what: str) -> Attempts:
    now = pool.world.clock.now()
    attempts = account.attempts.get(what)
    if attempts is None or now - attempts.since >= _WINDOW:
        attempts = account.attempts[what] = Attempts(now)
    return attempts


def _deliver(pool: Pool, user: CognitoIdpUser, attribute: str, value: str, code: str) -> None:
    template = pool.setting("VerificationMessageTemplate") or {}
    if attribute == "phone_number":
        body = pool.setting("SmsVerificationMessage") or template.get("SmsMessage")
    else:
        body = pool.setting("EmailVerificationMessage") or template.get("EmailMessage")
    subject = pool.setting("EmailVerificationSubject") or template.get("EmailSubject")
    body = body or "Your verification code is {####}. "
    send_message(pool, user, attribute, value, subject or "Your verification code", body, code)


def send_message(
    pool: Pool,
    user: CognitoIdpUser,
    attribute: str,
    value: str,
    subject: str,
    body: str,
    secret: str,
) -> None:
    """Put a message into the inbox, with {####} and {username} filled in."""
    text = body.replace("{####}", secret).replace("{username}", user.username)
    pool.world.inbox.deliver(
        to=value,
        medium=medium(attribute),
        subject=subject if medium(attribute) == "EMAIL" else "",
        body=text,
        code=secret,
        sent=pool.world.clock.now(),
    )
