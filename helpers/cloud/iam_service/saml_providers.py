"""IAM's SAML providers: which company directories an account trusts.

Source: IAM API Reference, CreateSAMLProvider, UpdateSAMLProvider and neighbours; IAM User Guide,
"Troubleshoot SAML federation with IAM".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from helpers.cloud.aws_saml.providers import (
    PrivateKey,
    SamlProvider,
    all_providers,
    change_provider,
    create_provider,
    delete_provider,
    find_provider,
    read_provider_metadata,
)
from helpers.cloud.call import Call, Operations
from helpers.cloud.errors import AwsError
from helpers.cloud.federation.saml.metadata_document import BadMetadata
from helpers.cloud.not_offered import refuse

from . import tags as tags_of

_MOST_PROVIDERS, _MOST_KEYS = 100, 2
_REQUIRED = "Required"
# Trusted identity propagation hands a user's identity on to services that are not offered.
_NOT_OFFERED = ("ContextProvider", "IdentityCenterInstanceArn")
_NOT_OFFERED += ("RemoveContextProvider", "RemoveIdentityCenterInstance")


def create_saml_provider(call: Call) -> dict[str, Any]:
    """CreateSAMLProvider. AwsError InvalidInput, EntityAlreadyExists, LimitExceeded."""
    _refuse_propagation(call)
    params, known = call.params, all_providers(call.world, call.account)
    _check_metadata(params["SAMLMetadataDocument"], call.world.clock.now())
    tags, keys = tags_of.read(params.get("Tags", [])), _new_key(call)
    _check_encryption(params.get("AssertionEncryptionMode"), keys)
    if any(p.name.casefold() == params["Name"].casefold() for p in known):
        text = f"Provider with name {params['Name']} already exists."
        raise AwsError("EntityAlreadyExists", text, 409)
    if len(known) >= _MOST_PROVIDERS:
        text = f"Cannot exceed quota for SAMLProvidersPerAccount: {_MOST_PROVIDERS}"
        raise AwsError("LimitExceeded", text, 409)
    made = create_provider(call.world, call.account, params["Name"], params["SAMLMetadataDocument"])
    mode = params.get("AssertionEncryptionMode", made.settings.encryption)
    change_provider(call.world, made, tags=tags, keys=keys, encryption=mode)
    return {"SAMLProviderArn": made.arn} | ({"Tags": tags_of.show(tags)} if tags else {})


def update_saml_provider(call: Call) -> dict[str, Any]:
    """UpdateSAMLProvider. AwsError NoSuchEntity, InvalidInput, LimitExceeded."""
    _refuse_propagation(call)
    provider, params = _provider(call), call.params
    wanted = ("SAMLMetadataDocument", "AssertionEncryptionMode", "AddPrivateKey")
    if not any(name in params for name in (*wanted, "RemovePrivateKey")):
        text = "No updates are defined for metadata or encryption assertion."
        raise AwsError("InvalidInput", f"Unable to update identity provider. {text}")
    if "AddPrivateKey" in params and "RemovePrivateKey" in params:
        text = "Unable to add and remove private keys in the same request."
        raise AwsError("InvalidInput", f"{text} Set a value for only one of the two parameters.")
    document = params.get("SAMLMetadataDocument")
    if document is not None:
        _check_metadata(document, call.world.clock.now())
    mode = params.get("AssertionEncryptionMode", provider.settings.encryption)
    keys = _changed_keys(call, provider, mode)
    change_provider(call.world, provider, document, keys=keys, encryption=mode)
    return {"SAMLProviderArn": provider.arn}


def get_saml_provider(call: Call) -> dict[str, Any]:
    """GetSAMLProvider. The private keys themselves are never shown. AwsError NoSuchEntity."""
    provider = _provider(call)
    settings = provider.settings
    keys = [{"KeyId": k, "Timestamp": kept.uploaded} for k, kept in settings.keys.items()]
    return {
        "SAMLProviderUUID": settings.uuid,
        "SAMLMetadataDocument": provider.document,
        "CreateDate": settings.created,
        "ValidUntil": provider.valid_until,
        "Tags": tags_of.show(settings.tags),
        "AssertionEncryptionMode": settings.encryption,
        "PrivateKeyList": keys,
    }


def list_saml_providers(call: Call) -> dict[str, Any]:
    """ListSAMLProviders, those of the caller's account."""
    shown = [
        {"Arn": p.arn, "ValidUntil": p.valid_until, "CreateDate": p.settings.created}
        for p in all_providers(call.world, call.account)
    ]
    return {"SAMLProviderList": shown}


def delete_saml_provider(call: Call) -> dict[str, Any]:
    """DeleteSAMLProvider. Trust policies that name it stay as they are. AwsError NoSuchEntity."""
    delete_provider(call.world, _provider(call))
    return {}


def tag_saml_provider(call: Call) -> dict[str, Any]:
    """TagSAMLProvider. AwsError NoSuchEntity, InvalidInput, LimitExceeded."""
    provider = _provider(call)
    more = tags_of.read(call.params["Tags"])
    tags = tags_of.with_more(provider.settings.tags, more)
    change_provider(call.world, provider, tags=tags)
    return {}


def untag_saml_provider(call: Call) -> dict[str, Any]:
    """UntagSAMLProvider. AwsError NoSuchEntity."""
    provider = _provider(call)
    tags = tags_of.without(provider.settings.tags, call.params["TagKeys"])
    change_provider(call.world, provider, tags=tags)
    return {}


def list_saml_provider_tags(call: Call) -> dict[str, Any]:
    """ListSAMLProviderTags, by key. AwsError NoSuchEntity, and ValidationError for a bad Marker."""
    return tags_of.page(_provider(call).settings.tags, call.params)


def _provider(call: Call) -> SamlProvider:
    """The provider that is named, if it is of the caller's account."""
    arn = call.params["SAMLProviderArn"]
    found = find_provider(call.world, arn)
    if found is None or found.account != call.account:
        raise AwsError("NoSuchEntity", f"Manifest not found for arn {arn}", 404)
    return found


def _check_metadata(document: str, now: datetime) -> None:
    try:
        over = read_provider_metadata(document).is_over(now)
    except BadMetadata as wrong:
        raise AwsError("InvalidInput", "Could not parse metadata.") from wrong
    if over:
        raise AwsError("InvalidInput", "The metadata document is no longer valid.")


def _changed_keys(call: Call, provider: SamlProvider, mode: str) -> dict[str, PrivateKey]:
    keys, removed = dict(provider.settings.keys), call.params.get("RemovePrivateKey")
    if removed is not None:
        if removed not in keys:
            text = "Failed to remove private key because the Key ID does not match a private key."
            raise AwsError("InvalidInput", text)
        del keys[removed]
        if not keys and mode == _REQUIRED:
            raise AwsError("InvalidInput", "Failed to remove private key.")
    added = _new_key(call)
    if added and len(keys) >= _MOST_KEYS:
        raise AwsError("LimitExceeded", f"Private key limit of {_MOST_KEYS} is reached.", 409)
    _check_encryption(mode, keys | added)
    return keys | added


def _check_encryption(mode: str | None, keys: Mapping[str, PrivateKey]) -> None:
    if mode == _REQUIRED and not keys:
        text = "Unable to set assertion encryption mode to Required because no private key is"
        raise AwsError("InvalidInput", f"{text} provided.")


def _new_key(call: Call) -> dict[str, PrivateKey]:
    """The key in AddPrivateKey by its new id; nothing if none is given."""
    pem = call.params.get("AddPrivateKey")
    if pem is None:
        return {}
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise AwsError("InvalidInput", "Invalid private key.")
    ids, now = call.world.ids, call.world.clock.now()
    return {f"SAMLPK{ids.access_key('')}": PrivateKey(key, now)}


def _refuse_propagation(call: Call) -> None:
    for name in _NOT_OFFERED:
        if call.params.get(name):
            refuse(f"{name} in iam:{call.operation}")


OPERATIONS: Operations = {
    "CreateSAMLProvider": create_saml_provider,
    "UpdateSAMLProvider": update_saml_provider,
    "GetSAMLProvider": get_saml_provider,
    "ListSAMLProviders": list_saml_providers,
    "DeleteSAMLProvider": delete_saml_provider,
    "TagSAMLProvider": tag_saml_provider,
    "UntagSAMLProvider": untag_saml_provider,
    "ListSAMLProviderTags": list_saml_provider_tags,
}
