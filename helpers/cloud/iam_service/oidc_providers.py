"""IAM's OpenID Connect providers: whose ID tokens an account believes, and for which apps.

moto keeps them. Source: IAM API Reference, CreateOpenIDConnectProvider and neighbours; IAM User
Guide, "Create an OpenID Connect (OIDC) identity provider in IAM".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

from helpers.cloud import resources
from helpers.cloud.call import Call, Operations
from helpers.cloud.errors import AwsError
from helpers.cloud.not_offered import refuse

from . import tags as tags_of

_MOST_PROVIDERS, _MOST_CLIENT_IDS, _MOST_THUMBPRINTS = 100, 100, 5
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_PATH = re.compile(r"(/[A-Za-z0-9._~%!$&'()+,;=:@-]*)*")
_THUMBPRINT = re.compile(r"[0-9A-Fa-f]{40}")
_USER_POOLS = re.compile(r"cognito-idp\.[a-z0-9-]+\.amazonaws\.com")
_INVALID_URL = "Invalid Open ID Connect Provider URL"
# Trusted identity propagation hands a user's identity on to services that are not offered.
_NOT_OFFERED = ("ContextProvider", "IdentityCenterInstanceArn")


def create_open_id_connect_provider(call: Call) -> dict[str, Any]:
    """CreateOpenIDConnectProvider.

    AwsError ValidationError, InvalidInput, EntityAlreadyExists, LimitExceeded,
    OpenIdIdpCommunicationError.
    """
    for name in _NOT_OFFERED:
        if call.params.get(name):
            refuse(f"{name} in iam:CreateOpenIDConnectProvider")
    params, backend = call.params, _backend(call)
    address = _check_url(params["Url"])
    client_ids = list(dict.fromkeys(params.get("ClientIDList", [])))
    _check_client_ids(client_ids)
    tags = tags_of.read(params.get("Tags", []))
    if any(known.url == address for known in backend.open_id_providers.values()):
        text = f"Provider with url {params['Url']} already exists."
        raise AwsError("EntityAlreadyExists", text, 409)
    _check_quota("OpenIdConnectProvidersPerAccount", backend.open_id_providers, _MOST_PROVIDERS)
    thumbprints = _thumbprints(call, params.get("ThumbprintList"), params["Url"])
    made = backend.create_open_id_connect_provider(
        params["Url"], thumbprints, client_ids, tags_of.show(tags)
    )
    answer = {"OpenIDConnectProviderArn": made.arn}
    return answer | ({"Tags": tags_of.show(tags)} if tags else {})


def get_open_id_connect_provider(call: Call) -> dict[str, Any]:
    """GetOpenIDConnectProvider; the URL comes back without its scheme. AwsError NoSuchEntity."""
    provider = _provider(call)
    return {
        "Url": provider.url,
        "ClientIDList": list(provider.client_id_list),
        "ThumbprintList": list(provider.thumbprint_list),
        "CreateDate": provider.create_date,
        "Tags": tags_of.show(_tags(provider)),
    }


def list_open_id_connect_providers(call: Call) -> dict[str, Any]:
    """ListOpenIDConnectProviders, those of the caller's account."""
    return {"OpenIDConnectProviderList": [{"Arn": arn} for arn in _backend(call).open_id_providers]}


def delete_open_id_connect_provider(call: Call) -> dict[str, Any]:
    """DeleteOpenIDConnectProvider. Trust policies that name it stay as they are.

    AwsError NoSuchEntity: the API Reference lists it, and says elsewhere that there is none.
    """
    _provider(call)
    _backend(call).delete_open_id_connect_provider(call.params["OpenIDConnectProviderArn"])
    return {}


def add_client_id(call: Call) -> dict[str, Any]:
    """AddClientIDToOpenIDConnectProvider; one that is there already is no error.

    AwsError NoSuchEntity, LimitExceeded.
    """
    provider, client_id = _provider(call), call.params["ClientID"]
    if client_id not in provider.client_id_list:
        _check_client_ids([*provider.client_id_list, client_id])
        provider.client_id_list = [*provider.client_id_list, client_id]
    return {}


def remove_client_id(call: Call) -> dict[str, Any]:
    """RemoveClientIDFromOpenIDConnectProvider; one that is not there is no error.

    AwsError NoSuchEntity.
    """
    provider, gone = _provider(call), call.params["ClientID"]
    provider.client_id_list = [one for one in provider.client_id_list if one != gone]
    return {}


def update_thumbprint(call: Call) -> dict[str, Any]:
    """UpdateOpenIDConnectProviderThumbprint: another list for the old one.

    AwsError NoSuchEntity, InvalidInput.
    """
    _provider(call).thumbprint_list = _checked(call.params["ThumbprintList"])
    return {}


def tag_open_id_connect_provider(call: Call) -> dict[str, Any]:
    """TagOpenIDConnectProvider. AwsError NoSuchEntity, InvalidInput, LimitExceeded."""
    provider, more = _provider(call), tags_of.read(call.params["Tags"])
    _set_tags(provider, tags_of.with_more(_tags(provider), more))
    return {}


def untag_open_id_connect_provider(call: Call) -> dict[str, Any]:
    """UntagOpenIDConnectProvider. AwsError NoSuchEntity."""
    provider = _provider(call)
    _set_tags(provider, tags_of.without(_tags(provider), call.params["TagKeys"]))
    return {}


def list_open_id_connect_provider_tags(call: Call) -> dict[str, Any]:
    """ListOpenIDConnectProviderTags, by key. AwsError NoSuchEntity, ValidationError."""
    return tags_of.page(_tags(_provider(call)), call.params)


def _backend(call: Call) -> Any:
    return resources.backend("iam", call.account, "aws")


def _provider(call: Call) -> Any:
    """moto's provider that is named, if it is of the caller's account."""
    arn = call.params["OpenIDConnectProviderArn"]
    found = _backend(call).open_id_providers.get(arn)
    if found is None:
        raise AwsError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}", 404)
    return found


def _tags(provider: Any) -> dict[str, str]:
    return {pair["Key"]: pair["Value"] for pair in provider.tags.values()}


def _set_tags(provider: Any, tags: tags_of.Tags) -> None:
    """moto keeps tags by the key in lower case."""
    provider.tags = {pair["Key"].lower(): pair for pair in tags_of.show(tags)}


def _check_url(url: str) -> str:
    """The provider's address without its scheme, which is its name in ARNs and condition keys.

    AwsError ValidationError, InvalidInput: https, a host, perhaps a path, and nothing else.
    """
    parts = _split(url)
    if not parts.scheme or not parts.netloc:
        raise AwsError("ValidationError", _INVALID_URL)
    if parts.scheme != "https" or not url.startswith("https://"):
        text = f"{_INVALID_URL}. The URL must begin with https://."
        raise AwsError("InvalidInput", text)
    plain = _HOST.fullmatch(parts.netloc) and _PATH.fullmatch(parts.path)
    address = parts.netloc + parts.path
    if not plain or url != f"https://{address}":
        raise AwsError("InvalidInput", f"{_INVALID_URL}.")
    return address


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _check_client_ids(client_ids: Sequence[str]) -> None:
    _check_quota("ClientIdsPerOpenIdConnectProvider", client_ids[:-1], _MOST_CLIENT_IDS)


def _check_quota(quota: str, kept: Any, most: int) -> None:
    """AwsError LimitExceeded if there is no room for one more."""
    if len(kept) >= most:
        raise AwsError("LimitExceeded", f"Cannot exceed quota for {quota}: {most}", 409)


def _thumbprints(call: Call, given: Sequence[str] | None, url: str) -> list[str]:
    """The thumbprints given, checked. Where none are given, IAM looks at the server's certificate.

    The hosts here have no certificates, so there is none to note; but a host must be there.
    """
    if given:
        return _checked(given)
    host = urlsplit(url).netloc
    if not call.world.outside.knows(host) and not _USER_POOLS.fullmatch(host):
        text = f"Unable to connect to the OpenID Connect identity provider {url}."
        raise AwsError("OpenIdIdpCommunicationError", text)
    return []


def _checked(thumbprints: Sequence[str]) -> list[str]:
    if len(thumbprints) > _MOST_THUMBPRINTS:
        raise AwsError("InvalidInput", "Thumbprint list must contain fewer than 5 entries.")
    if not all(_THUMBPRINT.fullmatch(one) for one in thumbprints):
        # Our wording; the API Reference wants 40 hexadecimal digits.
        raise AwsError("InvalidInput", "A thumbprint must be 40 hexadecimal digits.")
    return [one.lower() for one in thumbprints]


OPERATIONS: Operations = {
    "CreateOpenIDConnectProvider": create_open_id_connect_provider,
    "GetOpenIDConnectProvider": get_open_id_connect_provider,
    "ListOpenIDConnectProviders": list_open_id_connect_providers,
    "DeleteOpenIDConnectProvider": delete_open_id_connect_provider,
    "AddClientIDToOpenIDConnectProvider": add_client_id,
    "RemoveClientIDFromOpenIDConnectProvider": remove_client_id,
    "UpdateOpenIDConnectProviderThumbprint": update_thumbprint,
    "TagOpenIDConnectProvider": tag_open_id_connect_provider,
    "UntagOpenIDConnectProvider": untag_open_id_connect_provider,
    "ListOpenIDConnectProviderTags": list_open_id_connect_provider_tags,
}
