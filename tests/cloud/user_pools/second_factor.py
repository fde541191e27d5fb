"""What the tests of the second factor share: apps, phones, and the calls that go with them."""

from __future__ import annotations

from typing import Any

import pyotp

PHONE = "+15555550123"
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "lesson"}
USED_ONCE = "Your software token has already been used once."
NO_SESSION = "Invalid session for the user."


def require(pool: Any, mode: str = "OPTIONAL", *, sms: bool = False, totp: bool = True) -> None:
    """SetUserPoolMfaConfig."""
    settings: dict[str, Any] = {}
    if sms:
        settings["SmsMfaConfiguration"] = {"SmsConfiguration": SMS}
    if totp:
        settings["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration=mode, **settings)


class Phone:
    """An authenticator app. A code is good once, so the clock moves on before each."""

    def __init__(self, pool: Any, secret: str) -> None:
        self.pool, self.secret = pool, secret

    def code(self, step: int = 0) -> str:
        """The code of another time step than this."""
        now = self.pool.cloud.clock.now()
        return pyotp.TOTP(self.secret).at(now, counter_offset=step)

    def next(self) -> str:
        """A code that was not used yet."""
        self.pool.cloud.clock.advance(seconds=30)
        return self.code()

    def wrong(self) -> str:
        """Six digits that are no code of about now."""
        near = {self.code(step) for step in range(-3, 4)}
        return next(c for c in ("000000", "111111", "222222", "333333") if c not in near)


def enrol(pool: Any, name: str = "alice") -> Phone:
    """A signed-in user sets up an authenticator app."""
    token = pool.sign_in(name)["AccessToken"]
    phone = Phone(pool, pool.idp.associate_software_token(AccessToken=token)["SecretCode"])
    done = pool.idp.verify_software_token(AccessToken=token, UserCode=phone.code())
    assert done["Status"] == "SUCCESS"
    return phone


def respond(pool: Any, challenge: dict[str, Any], /, name: str = "alice", **given: str) -> Any:
    """RespondToAuthChallenge."""
    return pool.idp.respond_to_auth_challenge(
        ClientId=pool.client,
        ChallengeName=challenge["ChallengeName"],
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": name, **given},
    )


def prefer(pool: Any, name: str = "alice", /, **settings: dict[str, bool]) -> None:
    """AdminSetUserMFAPreference with `sms` and `totp`."""
    names = {"sms": "SMSMfaSettings", "totp": "SoftwareTokenMfaSettings"}
    pool.idp.admin_set_user_mfa_preference(
        UserPoolId=pool.id, Username=name, **{names[k]: v for k, v in settings.items()}
    )
