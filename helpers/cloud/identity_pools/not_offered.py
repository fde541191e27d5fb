"""What identity pools do on AWS and not yet in the offline cloud. Refused, never pretended."""

from __future__ import annotations

NOT_OFFERED = (
    "GetOpenIdToken",
    "GetOpenIdTokenForDeveloperIdentity",
    "GetPrincipalTagAttributeMap",
    "ListTagsForResource",
    "LookupDeveloperIdentity",
    "MergeDeveloperIdentities",
    "SetPrincipalTagAttributeMap",
    "TagResource",
    "UnlinkDeveloperIdentity",
    "UntagResource",
)
"""Operations that every caller is refused."""
