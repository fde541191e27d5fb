"""Cognito's words for a SAML sign-in that ends.

Sources: "How do I troubleshoot invalid SAML response errors" (AWS re:Post), and what users
report as `error` and `error_description` at their callback URL.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from helpers.cloud.federation.profile import FederationError
from helpers.cloud.federation.saml.faults import Fault

_REASONS: Mapping[Fault, str] = MappingProxyType(
    {
        Fault.STATUS: "Response status is not success.",
        Fault.ISSUER: "Issuer in SAML response does not match the identity provider.",
        Fault.SIGNATURE: "SAML Assertion signature is invalid.",
        Fault.ENCRYPTED: "SAML Assertion is encrypted.",
        Fault.NOT_ENCRYPTED: "SAML Assertion is not encrypted.",
        Fault.DESTINATION: "Destination in SAML response does not match the user pool.",
        Fault.RECIPIENT: "Recipient in SAML Assertion does not match the user pool.",
        Fault.IN_RESPONSE_TO: "InResponseTo in SAML response does not match the request.",
        Fault.NO_BEARER: "SAML Assertion has no bearer subject confirmation.",
        Fault.NOT_YET_VALID: "SAML Assertion is not yet valid.",
        Fault.EXPIRED: "SAML Assertion has expired.",
        Fault.TOO_OLD: "SAML Assertion has expired.",
        Fault.REPLAYED: "SAML Assertion has already been used.",
    }
)


def refused(fault: Fault, audience: str) -> FederationError:
    """A message that is not accepted by the user pool whose name is `audience`."""
    if fault is Fault.UNREADABLE:
        return unreadable()
    if fault is Fault.AUDIENCE:
        return _invalid(f"Audience restriction in SAML Assertion does not allow it for {audience}.")
    return _invalid(_REASONS[fault])


def unreadable() -> FederationError:
    """A response that is no SAML response, or that nobody asked for."""
    message = "Invalid samlResponse or relayState from identity provider"
    return FederationError("invalid_request", message)


def no_metadata() -> FederationError:
    """The provider's metadata cannot be had, or is no longer valid."""
    return _invalid("Unable to contact the configured provider")


def _invalid(reason: str) -> FederationError:
    return FederationError("server_error", f"Invalid SAML response received: {reason}")
