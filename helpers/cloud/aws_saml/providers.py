"""The SAML providers of IAM: the company directories that an account trusts, by ARN.

moto keeps the name and the metadata document; what it forgets is kept here.
Source: IAM API Reference, CreateSAMLProvider, GetSAMLProvider.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from helpers.cloud import resources
from helpers.cloud.federation.saml.metadata_document import BadMetadata, Metadata, read_document
from helpers.cloud.world import World

_ARN = re.compile(r"arn:aws:iam::(\d{12}):saml-provider/([\w._-]{1,128})", flags=re.ASCII)
_SMALLEST_KEY = 1024
_CENTURY = 100


@dataclass(frozen=True)
class PrivateKey:
    """A key with which IAM opens encrypted assertions, and when it was uploaded."""

    key: RSAPrivateKey
    uploaded: datetime


@dataclass(frozen=True)
class Settings:
    """What the owner of a provider sets, besides the metadata. `keys` are by key id."""

    uuid: str
    created: datetime
    encryption: str = "Allowed"
    keys: Mapping[str, PrivateKey] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass
class SamlProviderState:
    """The settings of a world's SAML providers, by ARN."""

    settings: dict[str, Settings] = field(default_factory=dict)


@dataclass(frozen=True)
class SamlProvider:
    """A SAML provider of an account. `document` is its metadata as it was uploaded."""

    arn: str
    account: str
    name: str
    document: str
    settings: Settings

    @property
    def metadata(self) -> Metadata:
        """What the document says. BadMetadata if it says nothing that can be used."""
        return read_provider_metadata(self.document)

    @property
    def valid_until(self) -> datetime:
        """When the provider ends: as its metadata says, or after a hundred years."""
        created = self.settings.created
        # The last of February has no match in every hundredth year.
        day = 28 if (created.month, created.day) == (2, 29) else created.day
        return self.metadata.valid_until or created.replace(year=created.year + _CENTURY, day=day)


def create_provider(world: World, account: str, name: str, document: str) -> SamlProvider:
    """A new provider with metadata that `read_provider_metadata` has accepted."""
    made = _moto(account).create_saml_provider(name, document)
    settings = Settings(f"SAMLSP{world.ids.access_key('')}", world.clock.now())
    world.room(SamlProviderState).settings[made.arn] = settings
    return SamlProvider(made.arn, account, name, document, settings)


def is_provider_arn(text: str) -> bool:
    """Whether the text has the form of a SAML provider's ARN."""
    return _ARN.fullmatch(text) is not None


def find_provider(world: World, arn: str) -> SamlProvider | None:
    """The provider with this ARN in whatever account, None if there is none."""
    form = _ARN.fullmatch(arn)
    if form is None or form[1] not in resources.accounts("iam"):
        return None
    kept = _moto(form[1]).saml_providers.get(form[2])
    settings = world.room(SamlProviderState).settings.get(arn)
    if kept is None or settings is None:
        return None
    return SamlProvider(arn, form[1], form[2], kept.saml_metadata_document, settings)


def find_by_uuid(world: World, uuid: str) -> SamlProvider | None:
    """The provider with this SAMLProviderUUID, which stands in its own sign-in address."""
    kept = world.room(SamlProviderState).settings
    return next((find_provider(world, arn) for arn, s in kept.items() if s.uuid == uuid), None)


def all_providers(world: World, account: str) -> list[SamlProvider]:
    """The providers of an account, by name."""
    arns = sorted(kept.arn for kept in _moto(account).saml_providers.values())
    return [found for arn in arns if (found := find_provider(world, arn)) is not None]


def change_provider(
    world: World, provider: SamlProvider, document: str | None = None, **settings: Any
) -> SamlProvider:
    """The provider with another document or other settings."""
    if document is not None:
        _moto(provider.account).update_saml_provider(provider.arn, document)
    changed = replace(provider.settings, **settings)
    world.room(SamlProviderState).settings[provider.arn] = changed
    return replace(provider, settings=changed, document=document or provider.document)


def delete_provider(world: World, provider: SamlProvider) -> None:
    """Forget a provider and its keys. Roles that name it can no longer be put on through it."""
    _moto(provider.account).delete_saml_provider(provider.arn)
    world.room(SamlProviderState).settings.pop(provider.arn, None)


def read_provider_metadata(document: str) -> Metadata:
    """Metadata that IAM accepts. BadMetadata otherwise.

    IAM User Guide, "Create a SAML identity provider in IAM": UTF-8 without a byte order mark,
    RSA keys of at least 1024 bits; IAM does not look at when a certificate expires.
    """
    try:
        data = document.encode()
    except UnicodeEncodeError as wrong:
        raise BadMetadata("not UTF-8") from wrong
    if document.startswith("\ufeff"):
        raise BadMetadata("a byte order mark")
    metadata = read_document(data)
    for certificate in metadata.certificates:
        try:
            key = certificate.public_key()
        except (ValueError, UnsupportedAlgorithm) as wrong:
            raise BadMetadata("not a key") from wrong
        if isinstance(key, RSAPublicKey) and key.key_size < _SMALLEST_KEY:
            raise BadMetadata("a key that is too short")
    return metadata


def _moto(account: str) -> Any:
    return resources.backend("iam", account, "aws")
