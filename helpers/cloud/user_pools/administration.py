"""Users as administrators manage them, with IAM credentials."""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.models import CognitoIdpUser, UserStatus

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.lockout import forgive
from helpers.cloud.user_pools import attributes, codes, identities, mfa, passwords, tokens
from helpers.cloud.user_pools.account_recovery import recovery_target
from helpers.cloud.user_pools.directory import (
    Pool,
    forget_names,
    holder_of,
    pool_of,
    status_of,
    user_of,
)
from helpers.cloud.user_pools.sign_up import (
    cannot_confirm,
    create_user,
    refuse_taken,
    with_username_attribute,
)

_INVITATION = "Your username is {username} and temporary password is {####}. "


def admin_create_user(call: Call) -> dict[str, Any]:
    """AdminCreateUser: a user with a temporary password, invited by e-mail or text message."""
    pool, params = pool_of(call), call.params
    if params.get("MessageAction") == "RESEND":
        return _invite_again(pool, call)
    given = attributes.flat(params.get("UserAttributes"))
    given = with_username_attribute(pool, params["Username"], given)
    attributes.check_values(pool, given)
    password = params.get("TemporaryPassword") or passwords.temporary_password(pool)
    passwords.check_policy(pool, password)
    refuse_taken(pool, params["Username"], "User account already exists")
    _check_aliases(pool, given, bool(params.get("ForceAliasCreation")))
    user = create_user(pool, params["Username"], given, UserStatus.FORCE_CHANGE_PASSWORD)
    passwords.set_password(pool, user, password, temporary=True)
    if params.get("MessageAction") != "SUPPRESS":
        _invite(pool, user, password, params.get("DesiredDeliveryMediums"))
    return {"User": _described(user, "Attributes")}


def admin_set_user_password(call: Call) -> dict[str, Any]:
    """AdminSetUserPassword: temporary unless Permanent is true."""
    pool = pool_of(call)
    user = user_of(call, pool)
    permanent = bool(call.params.get("Permanent"))
    passwords.check_policy(pool, call.params["Password"])
    passwords.set_password(pool, user, call.params["Password"], temporary=not permanent)
    forgive(pool.account(user))
    user.status = UserStatus.CONFIRMED if permanent else UserStatus.FORCE_CHANGE_PASSWORD
    return {}


def admin_confirm_sign_up(call: Call) -> dict[str, Any]:
    """AdminConfirmSignUp: confirms without a code; the address stays unverified."""
    user = user_of(call, pool_of(call))
    if user.status != UserStatus.UNCONFIRMED:
        raise cannot_confirm(user)
    user.status = UserStatus.CONFIRMED
    return {}


def admin_reset_user_password(call: Call) -> dict[str, Any]:
    """AdminResetUserPassword: no sign-in until the code that goes out sets a new password."""
    pool = pool_of(call)
    user = user_of(call, pool)
    if not user.enabled:
        raise AwsError("NotAuthorizedException", "User is disabled.")
    if user.status not in (UserStatus.CONFIRMED, UserStatus.RESET_REQUIRED):
        message = "User password cannot be reset in the current state."
        raise AwsError("NotAuthorizedException", message)
    codes.send(pool, user, codes.RESET, *recovery_target(pool, user))
    user.status = UserStatus.RESET_REQUIRED
    return {}


def admin_get_user(call: Call) -> dict[str, Any]:
    """AdminGetUser."""
    pool = pool_of(call)
    user = user_of(call, pool)
    return _described(user, "UserAttributes") | mfa.described(pool, user)


def admin_update_user_attributes(call: Call) -> dict[str, Any]:
    """AdminUpdateUserAttributes: administrators may also say that an address is verified."""
    pool = pool_of(call)
    user = user_of(call, pool)
    attributes.update(pool, user, attributes.flat(call.params["UserAttributes"]))
    return {}


def admin_delete_user_attributes(call: Call) -> dict[str, Any]:
    """AdminDeleteUserAttributes."""
    pool = pool_of(call)
    attributes.remove(pool, user_of(call, pool), call.params["UserAttributeNames"])
    return {}


def admin_disable_user(call: Call) -> dict[str, Any]:
    """AdminDisableUser: no sign-in, and all tokens are revoked for good."""
    pool = pool_of(call)
    user = user_of(call, pool)
    user.enabled = False
    pool.account(user).times_disabled += 1
    tokens.sign_out_everywhere(pool, user)
    return {}


def admin_enable_user(call: Call) -> dict[str, Any]:
    """AdminEnableUser."""
    user_of(call, pool_of(call)).enabled = True
    return {}


def admin_delete_user(call: Call) -> dict[str, Any]:
    """AdminDeleteUser."""
    pool = pool_of(call)
    delete(pool, user_of(call, pool))
    return {}


def admin_user_global_sign_out(call: Call) -> dict[str, Any]:
    """AdminUserGlobalSignOut: every token of the user is revoked."""
    pool = pool_of(call)
    tokens.sign_out_everywhere(pool, user_of(call, pool))
    return {}


def delete(pool: Pool, user: CognitoIdpUser) -> None:
    """Remove a user, his secrets and his tokens."""
    tokens.sign_out_everywhere(pool, user)
    for group in user.groups:
        group.users.discard(user)
    identities.forget(pool, user)
    pool.state.accounts.pop(user.id, None)
    forget_names(pool, user)
    del pool.resource.users[user.username]


def _described(user: CognitoIdpUser, attributes_key: str) -> dict[str, Any]:
    return {
        "Username": user.username,
        attributes_key: attributes.listed(user.attribute_lookup),
        "UserCreateDate": user.create_date,
        "UserLastModifiedDate": user.last_modified_date,
        "Enabled": user.enabled,
        "UserStatus": status_of(user),
    }


def _check_aliases(pool: Pool, given: dict[str, str], take_over: bool) -> None:
    """A new user's verified address is nobody else's alias; ForceAliasCreation moves it."""
    if take_over:
        for name in ("email", "phone_number"):
            holder = holder_of(pool, name, given.get(name, ""))
            if holder is not None and given.get(f"{name}_verified", "").lower() == "true":
                attributes.update(pool, holder, {f"{name}_verified": "false"})
    attributes.check_names_free(pool, None, given, given)


def _invite_again(pool: Pool, call: Call) -> dict[str, Any]:
    user = user_of(call, pool)
    if user.status != UserStatus.FORCE_CHANGE_PASSWORD:
        message = f"Resend not possible. {user.username} status is not FORCE_CHANGE_PASSWORD"
        raise AwsError("UnsupportedUserStateException", message)
    password = call.params.get("TemporaryPassword") or passwords.temporary_password(pool)
    passwords.check_policy(pool, password)
    passwords.set_password(pool, user, password, temporary=True)
    _invite(pool, user, password, call.params.get("DesiredDeliveryMediums"))
    return {"User": _described(user, "Attributes")}


def _invite(pool: Pool, user: CognitoIdpUser, password: str, mediums: list[str] | None) -> None:
    """Send the temporary password to the addresses asked for; else to the phone, else by e-mail."""
    configured = (pool.setting("AdminCreateUserConfig") or {}).get("InviteMessageTemplate") or {}
    subject = configured.get("EmailSubject") or "Your temporary password"
    found = [a for a in ("phone_number", "email") if user.attribute_lookup.get(a)]
    wanted = [a for a in found if codes.medium(a) in mediums] if mediums else found[:1]
    for attribute in wanted:
        key = "SMSMessage" if attribute == "phone_number" else "EmailMessage"
        body = configured.get(key) or _INVITATION
        to = user.attribute_lookup[attribute]
        codes.send_message(pool, user, attribute, to, subject, body, password)
