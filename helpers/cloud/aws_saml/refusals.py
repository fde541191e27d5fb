"""STS's words for a SAML response that is refused.

Sources: IAM User Guide, "Troubleshoot SAML federation with IAM"; AWS STS API Reference,
AssumeRoleWithSAML; and messages that users of gimme-aws-creds, saml2aws and CloudBeaver report.
No source tells the words for another recipient, for a response that began nowhere or is no
response, and for one that must be used once: those are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpers.cloud.errors import AwsError
from helpers.cloud.federation.saml.faults import Fault

_ACTION = "sts:AssumeRoleWithSAML"
_SIGNATURE = "Response signature invalid"
_TEXTS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.SIGNATURE: _SIGNATURE,
        Fault.AUDIENCE: "Response does not contain the required audience.",
        Fault.RECIPIENT: "Response does not contain the required recipient.",
        Fault.DESTINATION: "Response does not contain the required destination.",
        Fault.IN_RESPONSE_TO: "Response answers a request that was not made.",
        Fault.NO_BEARER: "Response does not contain the required subject confirmation.",
        Fault.NOT_YET_VALID: "Response is not yet valid",
        Fault.ENCRYPTED: "Response is encrypted, and the specified provider has no private key.",
        Fault.NOT_ENCRYPTED: "Response is not encrypted, and the specified provider requires it.",
        Fault.REPLAYED: "Response has already been used",
        Fault.UNREADABLE: "Response is not a SAML response that can be read.",
    }
)
_EXPIRED: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.EXPIRED: "Response has expired",
        Fault.TOO_OLD: "Token must be redeemed within 5 minutes of issuance",
    }
)


def refused(fault: Fault) -> AwsError:
    """The error for a response with this fault."""
    if fault in _EXPIRED:
        return AwsError("ExpiredTokenException", _EXPIRED[fault])
    if fault is Fault.ISSUER:
        text = "Issuer not present in specified provider"
        return _of_discovery(text, "AuthSamlInvalidSamlResponseException")
    if fault is Fault.STATUS:
        text = "The identity provider reported that authentication failed."
        return AwsError("IDPRejectedClaim", text, 403)
    return invalid(_TEXTS[fault])


def invalid(text: str) -> AwsError:
    """A response that STS does not accept."""
    return AwsError("InvalidIdentityToken", text)


def no_base64() -> AwsError:
    """A response that is not base64."""
    return _of_discovery("Invalid base64 SAMLResponse", "AuthSamlInvalidSamlResponseException")


def no_provider() -> AwsError:
    """No SAML provider in IAM has this ARN."""
    return _of_discovery("Specified provider doesn't exist", "AuthSamlManifestNotFoundException")


def not_authorized(action: str = _ACTION) -> AwsError:
    """The user may not have the role. Why, an outsider is not told."""
    return AwsError("AccessDenied", f"Not authorized to perform {action}", 403)


def _of_discovery(text: str, code: str) -> AwsError:
    """STS hands on what the service behind it says, with that service's own code."""
    where = f"Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: {code}"
    return invalid(f"{text} ({where})")
