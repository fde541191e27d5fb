"""Proving a password: the check, the lock after wrong guesses, and who may not go on."""

from __future__ import annotations

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from helpers.cloud import lockout
from helpers.cloud.errors import AwsError
from helpers.cloud.lockout import forgive
from helpers.cloud.user_pools import passwords
from helpers.cloud.user_pools.directory import App, find_user, stranger
from helpers.cloud.user_pools.state import Account, SecondFactor
from helpers.cloud.world import World


def check_password(app: App, username: str, password: str) -> CognitoIdpUser:
    """The user who has just proved his password and may go on.

    A guess counts towards the lock-out. Where the client hides who exists, an unknown name
    answers as a known one does, lock-out included.
    """
    user = find_user(app.pool, username)
    account = account_for(app, user, username)
    refuse_while_locked(app.world, account)
    if not passwords.matches(account, password) or user is None:
        count_failure(app.world, account)
        raise wrong_password()
    forgive(account)
    refuse_unfit(app, user)
    return user


def account_for(app: App, user: CognitoIdpUser | None, username: str) -> Account:
    """The account a guess is counted on. UserNotFoundException where nobody has that name."""
    if user is not None:
        return app.pool.account(user)
    if not app.hides_users:
        raise AwsError("UserNotFoundException", "User does not exist.")
    return stranger(app.pool, username)


def wrong_password() -> AwsError:
    """The error that tells neither which of the two was wrong nor whether the user exists."""
    return AwsError("NotAuthorizedException", "Incorrect username or password.")


def refuse_unfit(app: App, user: CognitoIdpUser) -> None:
    """Refuse a user whose state forbids sign-in, though the password was right."""
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    if user.status == UserStatus.UNCONFIRMED:
        raise AwsError("UserNotConfirmedException", "User is not confirmed.")
    if user.status == UserStatus.RESET_REQUIRED:
        message = "Password reset required for the user"
        raise AwsError("PasswordResetRequiredException", message)
    until = app.pool.account(user).temporary_until
    temporary = user.status == UserStatus.FORCE_CHANGE_PASSWORD
    if temporary and until is not None and app.world.clock.now() >= until:
        message = "Temporary password has expired and must be reset by an administrator."
        raise AwsError("NotAuthorizedException", message)


def refuse_while_locked(world: World, account: Account | SecondFactor) -> None:
    """NotAuthorizedException "Password attempts exceeded" during a lock-out.

    After n = 5 wrong guesses the account locks for 2^(n-5) seconds, 15 minutes at most; guesses
    made meanwhile do not count. Codes of a second factor are guarded likewise. Source: developer
    guide, "Authentication", lockout behaviour; "Adding MFA to a user pool".
    """
    if lockout.is_locked(account, world.clock.now()):
        raise AwsError("NotAuthorizedException", "Password attempts exceeded")


def count_failure(world: World, account: Account | SecondFactor) -> None:
    """Remember a wrong guess."""
    lockout.count_failure(account, world.clock.now())
