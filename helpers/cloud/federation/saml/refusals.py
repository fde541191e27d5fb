"""Cognito's words for a SAML sign-in that ends.

Sources: "How do I troubleshoot invalid SAML response errors" (AWS re:Post), and what users
report as `error` and `error_description` at their callback URL.
"""

from __future__ import annotations

from helpers.cloud.federation.profile import FederationError


def invalid_response(reason: str) -> FederationError:
    """A response that was read and is not accepted."""
    return FederationError("server_error", f"Invalid SAML response received: {reason}")


def unreadable() -> FederationError:
    """A response that is no SAML response, or that nobody asked for."""
    message = "Invalid samlResponse or relayState from identity provider"
    return FederationError("invalid_request", message)


def bad_signature() -> FederationError:
    """No signature, another's, or one over something else.

    Also whatever goes wrong while an assertion is decrypted: an answer that told the two apart
    would let an attacker decrypt AES-CBC without the key.
    """
    return invalid_response("SAML Assertion signature is invalid.")


def no_metadata() -> FederationError:
    """The provider's metadata cannot be had, or is no longer valid."""
    return invalid_response("Unable to contact the configured provider")
