"""How the two APIs say no: OAuth 2.0 errors for programs that sign in, plain ones for tokens."""

from __future__ import annotations

from helpers.cloud.errors import AwsError

# The model of sso-oidc names the exception; the body says the same in OAuth's own words.
_EXCEPTIONS = {
    "access_denied": "AccessDeniedException",
    "authorization_pending": "AuthorizationPendingException",
    "expired_token": "ExpiredTokenException",
    "invalid_client": "InvalidClientException",
    "invalid_client_metadata": "InvalidClientMetadataException",
    "invalid_grant": "InvalidGrantException",
    "invalid_redirect_uri": "InvalidRedirectUriException",
    "invalid_request": "InvalidRequestException",
    "invalid_scope": "InvalidScopeException",
    "slow_down": "SlowDownException",
    "unauthorized_client": "UnauthorizedClientException",
    "unsupported_grant_type": "UnsupportedGrantTypeException",
}


def oauth_error(error: str, description: str | None = None) -> AwsError:
    """An error of sso-oidc. It has no `message`: clients see `error` and `error_description`.

    Source: IAM Identity Center OIDC API Reference, "Errors" of CreateToken; RFC 8628, section 3.5.
    """
    status = 401 if error == "invalid_client" else 400
    fields = {"error": error} | ({"error_description": description} if description else {})
    return AwsError(_EXCEPTIONS[error], "", status, **fields)


def unauthorized() -> AwsError:
    """The portal API's answer to a token that is unknown, expired or signed out."""
    return AwsError("UnauthorizedException", "Session token not found or invalid", 401)


def forbidden() -> AwsError:
    """The portal API's answer about accounts and roles that the user is not assigned."""
    return AwsError("ForbiddenException", "No access", 403)
