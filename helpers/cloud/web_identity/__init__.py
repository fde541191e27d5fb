"""Tokens of other parties, in place of an AWS signature: is what they say true?

This room knows no user pool's inside and no role. It says who somebody is, never what he may do.
"""

from __future__ import annotations

from . import cognito_identity
from .faults import TokenFault

__all__ = ["TokenFault", "cognito_identity"]
