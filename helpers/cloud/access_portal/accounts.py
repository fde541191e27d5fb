"""Passwords of the users of an identity store: proved, forgotten, chosen.

A user made by the API has none; a code that is e-mailed at the first sign-in lets the user choose.
Source: IAM Identity Center User Guide, "Sending email OTP to users created from API" and "Password
requirements when managing identities in IAM Identity Center".
"""

from __future__ import annotations

import re
import string
from datetime import timedelta

from helpers.cloud import identity_store, lockout, secret_hashes
from helpers.cloud.access_portal.state import AccessPortalState, Account, EmailedCode
from helpers.cloud.identity_store import StoreUser
from helpers.cloud.secret_hashes import hashed, same
from helpers.cloud.world import World

_CODE_LIFE = timedelta(minutes=10)
_WINDOW = timedelta(hours=1)
_CODES_AN_HOUR = 5
_GUESSES = 5
_REMEMBERED = 3
_STRANGERS = 1000
_SYMBOL = re.compile(r"[^A-Za-z0-9]")
_NEEDED = (string.ascii_uppercase, string.ascii_lowercase, string.digits)


class SignInError(Exception):
    """What the page says: never whether there is such a user."""


def has_password(world: World, store_id: str, user: StoreUser) -> bool:
    """Whether the user has chosen a password yet."""
    return _account(world, store_id, user).password is not None


def check_password(world: World, store_id: str, user_name: str, password: str) -> StoreUser:
    """The user who has just proved his password. SignInError; a wrong guess is counted."""
    user = identity_store.find_user(world, store_id, user_name)
    account = _account_of_name(world, store_id, user_name)
    now = world.clock.now()
    if lockout.is_locked(account, now):
        raise SignInError("Too many attempts. Wait some time, then try again.")
    if not secret_hashes.matches(account.password, password) or user is None:
        lockout.count_failure(account, now)
        raise SignInError("We couldn't verify your sign-in credentials. Please try again.")
    lockout.forgive(account)
    return user


def send_code(world: World, store_id: str, user_name: str) -> None:
    """E-mail a code with which the user may choose a password; the one before is void.

    Nothing is sent to nobody, nor more than five times an hour, and the page does not tell.
    """
    user = identity_store.find_user(world, store_id, user_name)
    account = _account_of_name(world, store_id, user_name)
    now = world.clock.now()
    account.sent = [moment for moment in account.sent if now - moment < _WINDOW]
    if user is None or not user.email or len(account.sent) >= _CODES_AN_HOUR:
        return
    account.sent.append(now)
    digits = world.ids.digits(6)
    account.code, account.code_failures = EmailedCode(digits, now + _CODE_LIFE), 0
    world.inbox.deliver(
        to=user.email,
        medium="EMAIL",
        subject="Your AWS verification code",
        body=f"Your verification code for the AWS access portal is {digits}",
        code=digits,
        sent=now,
    )


def take_code(world: World, store_id: str, user_name: str, digits: str) -> str:
    """Use up a code that was sent. Returns a ticket with which a password may be set once.

    SignInError if it is not the code, or has expired, or after five wrong ones.
    """
    account, now = _account_of_name(world, store_id, user_name), world.clock.now()
    code = account.code
    wrong = SignInError("The code is not right, or has expired. Ask for another one.")
    if code is None or now >= code.expires or account.code_failures >= _GUESSES:
        raise wrong
    if not same(digits, code.digits):
        account.code_failures += 1
        raise wrong
    ticket = world.ids.token(32)
    account.code, account.ticket, account.ticket_expires = None, hashed(ticket), now + _CODE_LIFE
    return ticket


def choose_password(
    world: World, store_id: str, user_name: str, ticket: str, password: str
) -> StoreUser:
    """Set a new password with a ticket of `take_code`. SignInError.

    A password that is not strong enough leaves the ticket for another try.
    """
    user = identity_store.find_user(world, store_id, user_name)
    account, now = _account_of_name(world, store_id, user_name), world.clock.now()
    expired = account.ticket_expires is None or now >= account.ticket_expires
    if user is None or expired or not same(hashed(ticket), account.ticket):
        raise SignInError("This took too long. Start again.")
    _check_policy(account, password)
    account.ticket, account.ticket_expires = "", None
    account.password = secret_hashes.store(world.ids, password)
    account.history = [*account.history, account.password][-_REMEMBERED:]
    lockout.forgive(account)
    return user


def _check_policy(account: Account, password: str) -> None:
    varied = all(not set(kind).isdisjoint(password) for kind in _NEEDED)
    if not (8 <= len(password) <= 64 and varied and _SYMBOL.search(password)):
        raise SignInError(
            "A password has 8 to 64 characters, among them upper-case and lower-case letters, "
            "numbers and other characters."
        )
    if any(secret_hashes.matches(old, password) for old in account.history):
        raise SignInError("The last three passwords cannot be used again.")


def _account(world: World, store_id: str, user: StoreUser) -> Account:
    accounts = world.room(AccessPortalState).accounts
    return accounts.setdefault((store_id, user.user_id), Account())


def _account_of_name(world: World, store_id: str, user_name: str) -> Account:
    """The account that guesses are counted on, be there such a user or not."""
    user = identity_store.find_user(world, store_id, user_name)
    if user is not None:
        return _account(world, store_id, user)
    strangers = world.room(AccessPortalState).strangers
    account = strangers.setdefault((store_id, hashed(user_name.casefold())), Account())
    while len(strangers) > _STRANGERS:
        strangers.popitem(last=False)
    return account
