"""What each family of services says when a signature is not true."""

from __future__ import annotations

from helpers.cloud.errors import AwsError

# What each family of services says: S3, the query services (IAM, STS), EC2, and the JSON services.
_S3 = {
    "unknown key": (
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
        403,
    ),
    "signature": (
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. "
        "Check your key and signing method.",
        403,
    ),
    "token": ("InvalidToken", "The provided token is malformed or otherwise invalid.", 400),
    "expired": ("ExpiredToken", "The provided token has expired.", 400),
    "missing": ("AccessDenied", "Access Denied", 403),
    "incomplete": (
        "AuthorizationHeaderMalformed",
        "The authorization header that you provided is not valid.",
        400,
    ),
}
_INVALID = "The security token included in the request is invalid."
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your "
    "AWS Secret Access Key and signing method. Consult the service documentation for details."
)
_QUERY = {
    "unknown key": ("InvalidClientTokenId", _INVALID, 403),
    "signature": ("SignatureDoesNotMatch", _MISMATCH, 403),
    "token": ("InvalidClientTokenId", _INVALID, 403),
    "expired": ("ExpiredToken", "The security token included in the request is expired", 403),
    "missing": ("MissingAuthenticationToken", "Request is missing Authentication Token", 403),
    "incomplete": (
        "IncompleteSignature",
        "Request must contain a complete and well-formed signature.",
        400,
    ),
}
# Source: Amazon EC2 API Reference, "Error codes for the Amazon EC2 API".
_NOT_VALIDATED = "AWS was not able to validate the provided access credentials"
_EC2 = {
    "unknown key": ("AuthFailure", _NOT_VALIDATED, 401),
    "signature": ("AuthFailure", _NOT_VALIDATED, 401),
    "token": ("AuthFailure", _NOT_VALIDATED, 401),
    "expired": ("RequestExpired", "Request has expired.", 400),
    "missing": ("AuthFailure", _NOT_VALIDATED, 401),
    "incomplete": ("AuthFailure", _NOT_VALIDATED, 401),
}
_JSON = {
    "unknown key": ("UnrecognizedClientException", _INVALID, 400),
    "signature": ("InvalidSignatureException", _MISMATCH, 400),
    "token": ("UnrecognizedClientException", _INVALID, 400),
    "expired": (
        "ExpiredTokenException",
        "The security token included in the request is expired",
        400,
    ),
    "missing": ("MissingAuthenticationTokenException", "Missing Authentication Token", 400),
    "incomplete": (
        "IncompleteSignatureException",
        "Request must contain a complete and well-formed signature.",
        400,
    ),
}
_FAMILIES = {"s3": _S3, "iam": _QUERY, "sts": _QUERY, "ec2": _EC2}


def signature_error(service: str, kind: str, message: str = "") -> AwsError:
    """The refusal of a kind: unknown key, signature, token, expired, missing or incomplete."""
    code, text, status = _FAMILIES.get(service, _JSON)[kind]
    return AwsError(code, message or text, status)
