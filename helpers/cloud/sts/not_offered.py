"""What STS does on AWS and the offline cloud does not do yet. It is refused, never pretended."""

from __future__ import annotations

NOT_OFFERED = (
    "AssumeRoot",
    "GetDelegatedAccessToken",
    "GetScopedCredentials",
    "GetWebIdentityToken",
)
"""Operations that every caller is refused."""
