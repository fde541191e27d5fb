"""The keys with which a user pool signs SAML requests and opens encrypted assertions.

Developer guide, "SAML signing and encryption": a pool has a signing certificate; each SAML
provider of a pool is given a certificate for encryption. Certificates are valid for ten years
and issued anew every year, for the same keys; earlier ones stay valid.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from helpers.cloud import resources
from helpers.cloud.call import Call
from helpers.cloud.errors import AwsError
from helpers.cloud.federation.state import FederationState, KeyPair
from helpers.cloud.world import World

_LIFETIME = timedelta(days=3650)
_RENEWAL = timedelta(days=365)


def entity_id(pool_id: str) -> str:
    """The name of a user pool as a SAML service provider, which is also its audience."""
    return f"urn:amazon:cognito:sp:{pool_id}"


def signing_key(world: World, pool_id: str) -> KeyPair:
    """The key that signs a pool's requests. Made when first needed."""
    keys = world.room(FederationState).signing_keys
    keys[pool_id] = _current(world, pool_id, keys.get(pool_id))
    return keys[pool_id]


def encryption_key(world: World, pool_id: str, provider: str) -> KeyPair:
    """The key for which a provider encrypts assertions. Made when first needed."""
    keys = world.room(FederationState).encryption_keys
    keys[pool_id, provider] = _current(world, pool_id, keys.get((pool_id, provider)))
    return keys[pool_id, provider]


def certificate_text(certificate: x509.Certificate) -> str:
    """A certificate as the API shows it: base64 of DER in one line."""
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def get_signing_certificate(call: Call) -> dict[str, Any]:
    """GetSigningCertificate. ResourceNotFoundException for an unknown pool."""
    pool_id = call.params["UserPoolId"]
    if pool_id not in resources.backend("cognito-idp", call.account, call.region).user_pools:
        raise AwsError("ResourceNotFoundException", f"User pool {pool_id} does not exist.")
    return {"Certificate": certificate_text(signing_key(call.world, pool_id).certificate)}


def forget_keys(world: World, pool_id: str, provider: str = "") -> None:
    """Drop the keys of a provider that is deleted; without one, those of a deleted pool."""
    state = world.room(FederationState)
    if not provider:
        state.signing_keys.pop(pool_id, None)
    for known in list(state.encryption_keys):
        if known[0] == pool_id and provider in ("", known[1]):
            del state.encryption_keys[known]


def _current(world: World, pool_id: str, pair: KeyPair | None) -> KeyPair:
    """The pair with a certificate that is not over a year old."""
    if pair is None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return KeyPair(key, _certificate(world, pool_id, key))
    if world.clock.now() - pair.certificate.not_valid_before_utc < _RENEWAL:
        return pair
    return KeyPair(pair.key, _certificate(world, pool_id, pair.key))


def _certificate(world: World, pool_id: str, key: rsa.RSAPrivateKey) -> x509.Certificate:
    now = world.clock.now().replace(microsecond=0)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, entity_id(pool_id)[:64])])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(world.ids.bytes(16), "big") | 1)
        .not_valid_before(now)
        .not_valid_after(now + _LIFETIME)
        .sign(key, hashes.SHA256())
    )
