"""Tokens of other parties, in place of an AWS signature: is what they say true?

This room knows no user pool's inside and no role. It says who somebody is, never what he may do.
"""

from __future__ import annotations

from . import cognito_identity
from .faults import TokenFault
from .oidc import issuer_of, presenter, verify_oidc
from .social import AMAZON, FACEBOOK, Social, verify_amazon, verify_facebook

__all__ = [
    "AMAZON",
    "FACEBOOK",
    "Social",
    "TokenFault",
    "cognito_identity",
    "issuer_of",
    "presenter",
    "verify_amazon",
    "verify_facebook",
    "verify_oidc",
]
