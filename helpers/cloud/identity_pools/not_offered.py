"""What identity pools do on AWS and not yet in the offline cloud. Refused, never pretended."""

from __future__ import annotations

NOT_OFFERED = ()
"""Operations that every caller is refused."""
