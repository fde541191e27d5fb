"""The IAM SAML provider through which an instance lets people into an account.

It is an ordinary SAML provider of the account, with the name AWSSSO_<hex>_DO_NOT_DELETE and the
metadata of the access portal. Source: IAM Identity Center User Guide, "IAM roles created by IAM
Identity Center".
"""

from __future__ import annotations

import base64
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from helpers.cloud.aws_saml.providers import create_provider, find_provider
from helpers.cloud.world import World

from .state import Instance

_LIFETIME = timedelta(days=1825)
_METADATA = """<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{address}">
  <md:IDPSSODescriptor WantAuthnRequestsSigned="false"
      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
        <ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>
      </ds:KeyInfo>
    </md:KeyDescriptor>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
        Location="{address}"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
"""


def provider_name(world: World, instance: Instance, account: str) -> str:
    """The name of the instance's provider in an account, the same for all its roles there."""
    if account not in instance.saml_providers:
        instance.saml_providers[account] = f"AWSSSO_{world.ids.bytes(8).hex()}_DO_NOT_DELETE"
    return instance.saml_providers[account]


def provider_arn(account: str, name: str) -> str:
    """The ARN of a provider of that name."""
    return f"arn:aws:iam::{account}:saml-provider/{name}"


def ensure(world: World, instance: Instance, account: str) -> str:
    """The ARN of the instance's provider in the account, which is made if it is not there."""
    name = provider_name(world, instance, account)
    arn = provider_arn(account, name)
    if find_provider(world, arn) is None:
        create_provider(world, account, name, _metadata(world, instance, account))
    return arn


def _metadata(world: World, instance: Instance, account: str) -> str:
    subject = base64.b64encode(f"{account}_{instance.instance_id}".encode()).decode()
    address = f"https://portal.sso.{instance.region}.amazonaws.com/saml/assertion/{subject}"
    return _METADATA.format(address=address, certificate=_certificate(world, instance))


def _certificate(world: World, instance: Instance) -> str:
    """A certificate whose key is thrown away.

    The portal hands out a role's credentials itself: no assertion is ever signed with the key, and
    so nobody can sign one.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    now = world.clock.now().replace(microsecond=0)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, instance.instance_id)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(world.ids.bytes(16), "big") | 1)
        .not_valid_before(now)
        .not_valid_after(now + _LIFETIME)
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(Encoding.DER)).decode()
