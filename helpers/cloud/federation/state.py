"""What this room remembers: service-provider keys, used assertions, metadata, pending sign-outs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


@dataclass(frozen=True)
class KeyPair:
    """A private key of Cognito's, and the certificate that shows its public half to a provider."""

    key: RSAPrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True)
class FetchedMetadata:
    """A metadata document as a MetadataURL gave it, and when."""

    document: bytes
    fetched: datetime


@dataclass(frozen=True)
class PendingLogout:
    """A LogoutRequest that has no answer yet, and until when one is awaited."""

    pool_id: str
    provider: str
    return_url: str
    expires: datetime


@dataclass
class FederationState:
    """The federation of a world.

    `signing_keys` are kept by pool id, `encryption_keys` by pool id and provider name,
    `consumed` (until when an assertion could be used again) by pool id, issuer and assertion id,
    `metadata` by URL, `logouts` by the id of the request.
    """

    signing_keys: dict[str, KeyPair] = field(default_factory=dict)
    encryption_keys: dict[tuple[str, str], KeyPair] = field(default_factory=dict)
    consumed: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    metadata: dict[str, FetchedMetadata] = field(default_factory=dict)
    logouts: dict[str, PendingLogout] = field(default_factory=dict)
