"""/oauth2/revoke: a refresh token, and every access token that came from it, are void.

Source: developer guide, "Token revocation endpoint"; RFC 7009.
"""

from __future__ import annotations

from helpers.cloud.errors import AwsError
from helpers.cloud.hosted_ui.client_authentication import authenticate, read_form
from helpers.cloud.hosted_ui.refusals import TokenRefusal
from helpers.cloud.hosted_ui.visit import Visit
from helpers.cloud.response import Response
from helpers.cloud.user_pools import tokens

_ERRORS = {
    "UnsupportedOperationException": TokenRefusal("invalid_request"),
    "UnsupportedTokenTypeException": TokenRefusal("unsupported_token_type"),
    "UnauthorizedException": TokenRefusal("invalid_client", status=401),
}


def revoke(visit: Visit) -> Response:
    """POST /oauth2/revoke."""
    try:
        form = read_form(visit)
        app = authenticate(visit, form, status=401)
        if not form.get("token"):
            raise TokenRefusal("invalid_request")
        tokens.revoke(app, form["token"])
    except TokenRefusal as refusal:
        return refusal.response()
    except AwsError as refusal:
        return _ERRORS[refusal.code].response()
    return Response(200, {"Cache-Control": "no-store"}, b"")
