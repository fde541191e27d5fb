"""The end of every sign-in: back to the app, with a code or with tokens."""

from __future__ import annotations

from datetime import timedelta

from moto.cognitoidp.models import CognitoIdpUser

from helpers.cloud.hosted_ui.authorization_request import AuthorizationRequest
from helpers.cloud.hosted_ui.state import AuthorizationCode, HostedUiState
from helpers.cloud.response import Response
from helpers.cloud.secret_hashes import forget, hashed
from helpers.cloud.user_pools import tokens
from helpers.cloud.web import TellApp

# Developer guide, "Authorize endpoint": the code is good once, for five minutes.
_CODE_LIFE = timedelta(minutes=5)
# A code is known for longer, so that its second use is noticed.
_CODE_KEPT = timedelta(hours=1)


def finish(asked: AuthorizationRequest, user: CognitoIdpUser) -> Response:
    """Send the browser back to the app with a code, or with tokens (implicit grant)."""
    if not user.enabled:
        raise TellApp(asked.callback, "invalid_request", "User is disabled.")
    if asked.response_type == "token":
        return _finish_implicit(asked, user)
    world = asked.app.world
    code, codes = world.ids.uuid(), world.room(HostedUiState).codes
    forget(codes, world.clock.now() - _CODE_KEPT)
    codes[hashed(code)] = AuthorizationCode(
        client_id=asked.app.client.id,
        redirect_uri=asked.callback.redirect_uri,
        sub=user.id,
        scopes=asked.scopes,
        nonce=asked.nonce,
        challenge=asked.challenge,
        expires=world.clock.now() + _CODE_LIFE,
        times_disabled=asked.app.pool.account(user).times_disabled,
    )
    return asked.callback.response({"code": code})


def _finish_implicit(asked: AuthorizationRequest, user: CognitoIdpUser) -> Response:
    extra = {"nonce": asked.nonce} if asked.nonce else {}
    result = tokens.sign_in(
        asked.app, user, scopes=asked.scopes, extra_id_claims=extra, from_domain=True
    )
    answer = {"id_token": result["IdToken"]} if "IdToken" in result else {}
    answer |= {
        "access_token": result["AccessToken"],
        "token_type": "Bearer",
        "expires_in": str(result["ExpiresIn"]),
    }
    return asked.callback.response(answer)
