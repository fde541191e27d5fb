"""What a user pool does with outside identity providers: OpenID, social and SAML sign-in."""

from __future__ import annotations

from helpers.cloud.call import Operation
from helpers.cloud.federation.saml.keys import get_signing_certificate

OPERATIONS: dict[str, Operation] = {"GetSigningCertificate": get_signing_certificate}
