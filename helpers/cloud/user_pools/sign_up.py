"""Sign-up by users themselves, and the code that confirms it."""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import attributes, codes, passwords
from helpers.cloud.user_pools.client_secrets import check_secret_hash
from helpers.cloud.user_pools.directory import (
    App,
    Pool,
    app_of,
    find_user,
    index_user,
    status_of,
    stranger,
)


def sign_up(call: Call) -> dict[str, Any]:
    """SignUp: a new user in status UNCONFIRMED, and a code on the way to him."""
    app, params = app_of(call), call.params
    pool, username = app.pool, params["Username"]
    check_secret_hash(app, username, params.get("SecretHash"))
    if (pool.setting("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"):
        message = "SignUp is not permitted for this user pool"
        raise AwsError("NotAuthorizedException", message)
    given = attributes.flat(params.get("UserAttributes"))
    attributes.check_writable(app, given)
    given = with_username_attribute(pool, username, given)
    passwords.check_policy(pool, params.get("Password", ""))
    attributes.check_new(pool, given)
    refuse_taken(pool, username, "User already exists")
    user = create_user(pool, username, given, UserStatus.UNCONFIRMED)
    passwords.set_password(pool, user, params["Password"], temporary=False)
    answer: dict[str, Any] = {"UserConfirmed": False, "UserSub": user.id}
    target = confirmation_target(pool, user)
    if target:
        details = codes.send(pool, user, codes.SIGN_UP, *target)
        answer["CodeDeliveryDetails"] = details
    return answer


def confirm_sign_up(call: Call) -> dict[str, Any]:
    """ConfirmSignUp: the code proves the address and makes the user CONFIRMED."""
    app, params = app_of(call), call.params
    pool = app.pool
    check_secret_hash(app, params["Username"], params.get("SecretHash"))
    user = known_user(app, params["Username"], codes.expired())
    if user.status != UserStatus.UNCONFIRMED:
        raise cannot_confirm(user)
    account = pool.account(user)
    code = codes.take(pool, account, codes.SIGN_UP, params["ConfirmationCode"])
    # The code proves the address it was sent to; if that has changed since, it proves nothing.
    if user.attribute_lookup.get(code.attribute) != code.value:
        raise codes.expired()
    try:
        attributes.mark_verified(
            pool, user, code.attribute, code.value, take_over=bool(params.get("ForceAliasCreation"))
        )
    except AwsError:
        # The address is somebody's alias. The caller may repeat with ForceAliasCreation.
        account.codes[codes.SIGN_UP] = code
        raise
    user.status = UserStatus.CONFIRMED
    return {}


def resend_confirmation_code(call: Call) -> dict[str, Any]:
    """ResendConfirmationCode: a fresh code; the old one is void."""
    app, params = app_of(call), call.params
    check_secret_hash(app, params["Username"], params.get("SecretHash"))
    user = find_user(app.pool, params["Username"])
    waiting = user is not None and user.enabled and user.status == UserStatus.UNCONFIRMED
    if app.hides_users and not waiting:
        nobody = stranger(app.pool, params["Username"])
        codes.count_attempt(app.pool, nobody, f"send {codes.SIGN_UP}")
        return {"CodeDeliveryDetails": simulated_delivery(params["Username"])}
    user = known_user(app, params["Username"], codes.expired())
    if not waiting:
        raise AwsError("InvalidParameterException", "User is already confirmed.")
    target = confirmation_target(app.pool, user)
    if target is None:
        message = "Auto verification not turned on."
        raise AwsError("InvalidParameterException", message)
    return {"CodeDeliveryDetails": codes.send(app.pool, user, codes.SIGN_UP, *target)}


# --- shared with the administrator's operations ------------------------------------------------


def create_user(
    pool: Pool, username: str, given: dict[str, str], status: str, *, federated: bool = False
) -> CognitoIdpUser:
    """A new user in moto's pool: without a password, findable under all his names.

    A federated user is called what `username` says even where others are called by their sub.
    """
    sub = pool.world.ids.uuid()
    name = sub if pool.username_attributes and not federated else username
    values = {"sub": sub, **{n: v for n, v in given.items() if v}}
    user = CognitoIdpUser(pool.id, name, None, status, attributes.listed(values))
    user.id = sub
    user.update_attributes(attributes.listed({"sub": sub}))
    pool.resource.users[name] = user
    index_user(pool, user)
    return user


def with_username_attribute(pool: Pool, username: str, given: dict[str, str]) -> dict[str, str]:
    """The attributes of a new user, the address given as username among them.

    InvalidParameterException if the pool's usernames have another form.
    """
    kinds = pool.username_attributes
    if "email" in kinds and attributes.is_email(username):
        return {**given, "email": username}
    if "phone_number" in kinds and attributes.is_phone_number(username):
        return {**given, "phone_number": username}
    if kinds:
        form = {
            ("email",): "an email",
            ("phone_number",): "a phone number",
        }.get(tuple(kinds), "either an email or a phone number")
        raise AwsError("InvalidParameterException", f"Username should be {form}.")
    aliases = pool.setting("AliasAttributes") or []
    for kind, looks_like, word in (
        ("email", attributes.is_email, "email"),
        ("phone_number", attributes.is_phone_number, "phone number"),
    ):
        if kind in aliases and looks_like(username):
            message = (
                f"Username cannot be of {word} format, "
                f"since user pool is configured for {word} alias."
            )
            raise AwsError("InvalidParameterException", message)
    return given


def refuse_taken(pool: Pool, username: str, message: str) -> None:
    """UsernameExistsException if somebody answers to this name."""
    if find_user(pool, username) is None:
        return
    if pool.username_attributes:
        kind = "email" if attributes.is_email(username) else "phone_number"
        message = f"An account with the given {kind} already exists."
    raise AwsError("UsernameExistsException", message)


def confirmation_target(pool: Pool, user: CognitoIdpUser) -> tuple[str, str] | None:
    """The address a sign-up code goes to: attribute and value. The phone before the e-mail."""
    verified = pool.setting("AutoVerifiedAttributes") or []
    for attribute in ("phone_number", "email"):
        value = user.attribute_lookup.get(attribute)
        if attribute in verified and value:
            return attribute, value
    return None


def known_user(app: App, username: str, disguise: AwsError) -> CognitoIdpUser:
    """The enabled user with this name, for operations that need no sign-in.

    For nobody: UserNotFoundException, or `disguise` where the client hides who exists.
    """
    user = find_user(app.pool, username)
    if user is not None and user.enabled:
        return user
    if app.hides_users:
        raise disguise
    if user is None:
        message = "Username/client id combination not found."
        raise AwsError("UserNotFoundException", message)
    raise AwsError("NotAuthorizedException", "User is disabled.")


def cannot_confirm(user: CognitoIdpUser) -> AwsError:
    """The error for confirming a user who is not UNCONFIRMED."""
    message = f"User cannot be confirmed. Current status is {status_of(user)}"
    return AwsError("NotAuthorizedException", message)


def simulated_delivery(username: str) -> dict[str, str]:
    """CodeDeliveryDetails as they might be if a user of this name existed."""
    if attributes.is_phone_number(username):
        return codes.delivery_details("phone_number", username)
    address = username if attributes.is_email(username) else f"{username}@{username}"
    return codes.delivery_details("email", address)
