"""What signed-in users do for themselves, with their access token."""

from __future__ import annotations

from typing import Any

from moto.cognitoidp.models import UserStatus

from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.user_pools import attributes, codes, mfa, passwords, tokens
from helpers.cloud.user_pools.administration import delete
from helpers.cloud.user_pools.client_secrets import check_client_secret
from helpers.cloud.user_pools.directory import app_of
from helpers.cloud.user_pools.password_check import wrong_password
from helpers.cloud.user_pools.verification import bearer


def get_user(call: Call) -> dict[str, Any]:
    """GetUser: the attributes that the token's client may read."""
    who = bearer(call)
    if who.user.status == UserStatus.RESET_REQUIRED:
        message = "Password reset required for the user"
        raise AwsError("PasswordResetRequiredException", message)
    shown = attributes.readable(who.app, who.user)
    answer = {"Username": who.user.username, "UserAttributes": attributes.listed(shown)}
    return answer | mfa.described(who.app.pool, who.user)


def update_user_attributes(call: Call) -> dict[str, Any]:
    """UpdateUserAttributes: only what the client may write; a new address must be verified."""
    who = bearer(call)
    changes = attributes.flat(call.params["UserAttributes"])
    attributes.check_writable(who.app, changes)
    return {"CodeDeliveryDetailsList": attributes.update(who.app.pool, who.user, changes)}


def delete_user_attributes(call: Call) -> dict[str, Any]:
    """DeleteUserAttributes."""
    who = bearer(call)
    names = call.params["UserAttributeNames"]
    attributes.check_writable(who.app, names)
    attributes.remove(who.app.pool, who.user, names)
    return {}


def get_user_attribute_verification_code(call: Call) -> dict[str, Any]:
    """GetUserAttributeVerificationCode: a code to an address of the user, or to its successor."""
    who = bearer(call)
    name = _address(call)
    value = who.app.pool.account(who.user).pending.get(name) or who.user.attribute_lookup.get(name)
    if not value:
        message = f"User does not have {name} attribute."
        raise AwsError("InvalidParameterException", message)
    details = codes.send(who.app.pool, who.user, codes.verify_purpose(name), name, value)
    return {"CodeDeliveryDetails": details}


def verify_user_attribute(call: Call) -> dict[str, Any]:
    """VerifyUserAttribute: the code proves the address it was sent to."""
    who = bearer(call)
    name, pool = _address(call), who.app.pool
    account = pool.account(who.user)
    code = codes.take(pool, account, codes.verify_purpose(name), call.params["Code"])
    if code.value not in (account.pending.get(name), who.user.attribute_lookup.get(name)):
        raise codes.expired()
    attributes.mark_verified(pool, who.user, name, code.value)
    account.pending.pop(name, None)
    return {}


def change_password(call: Call) -> dict[str, Any]:
    """ChangePassword: the old password must be proved again."""
    who = bearer(call)
    pool, account = who.app.pool, who.app.pool.account(who.user)
    if not call.params.get("PreviousPassword"):
        message = "Missing required parameter PreviousPassword"
        raise AwsError("InvalidParameterException", message)
    passwords.check_policy(pool, call.params["ProposedPassword"])
    codes.count_attempt(pool, account, "change password")
    if not passwords.matches(account, call.params["PreviousPassword"]):
        raise wrong_password()
    passwords.set_password(pool, who.user, call.params["ProposedPassword"], temporary=False)
    account.attempts.pop("change password", None)
    return {}


def delete_user(call: Call) -> dict[str, Any]:
    """DeleteUser: users may delete themselves."""
    who = bearer(call)
    delete(who.app.pool, who.user)
    return {}


def global_sign_out(call: Call) -> dict[str, Any]:
    """GlobalSignOut: every token of the user is revoked."""
    who = bearer(call)
    tokens.sign_out_everywhere(who.app.pool, who.user)
    return {}


def revoke_token(call: Call) -> dict[str, Any]:
    """RevokeToken: one refresh token and what came from it. The client proves its secret."""
    app = app_of(call)
    check_client_secret(app, call.params.get("ClientSecret"), "UnauthorizedException")
    tokens.revoke(app, call.params["Token"])
    return {}


def get_tokens_from_refresh_token(call: Call) -> dict[str, Any]:
    """GetTokensFromRefreshToken: renewal with rotation, where the client has it."""
    app = app_of(call)
    check_client_secret(app, call.params.get("ClientSecret"), "NotAuthorizedException")
    result = tokens.renew(app, call.params["RefreshToken"], rotate=True)
    return {"AuthenticationResult": result}


def _address(call: Call) -> str:
    """The attribute to verify: email or phone_number."""
    name = call.params["AttributeName"]
    if name not in ("email", "phone_number"):
        message = "Invalid attribute. Only email and phone_number can be verified."
        raise AwsError("InvalidParameterException", message)
    return str(name)
