"""Facebook and Login with Amazon: OAuth 2.0 without ID tokens.

An access token says nothing about the app it was issued to. Before a profile is believed, the
provider is asked whether the token is ours; else any other app could pass its users' tokens on.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode, urlsplit

from helpers.cloud.federation.answers import ask
from helpers.cloud.federation.refusals import refused
from helpers.cloud.user_pools.directory import Pool
from helpers.cloud.user_pools.identity_providers import IdentityProvider

_AMAZON = "https://api.amazon.com"


def facebook_profile(
    pool: Pool, provider: IdentityProvider, url: str, access_token: str
) -> tuple[str, dict[str, Any]]:
    """The Graph API user id of the token's user, and what Facebook says about him.

    `url` is the profile's address with the wanted fields. Sources: Meta, "debug_token" and
    "Securing Graph API Requests" (appsecret_proof).
    """
    client, secret = provider.details["client_id"], provider.details["client_secret"]
    asked = urlencode({"input_token": access_token, "access_token": f"{client}|{secret}"})
    parts = urlsplit(url)
    debug = f"https://{parts.netloc}{parts.path.rpartition('/')[0]}/debug_token?{asked}"
    told = ask(pool, provider.name, "debug_token endpoint", "GET", debug).get("data")
    about = told if isinstance(told, dict) else {}
    if about.get("is_valid") is not True or about.get("app_id") != client:
        raise _not_ours(provider)
    proof = hmac.digest(secret.encode(), access_token.encode(), hashlib.sha256).hex()
    asked = urlencode({"access_token": access_token, "appsecret_proof": proof})
    profile = ask(pool, provider.name, "attributes endpoint", "GET", f"{url}&{asked}")
    return _same(provider, about.get("user_id"), profile.get("id")), profile


def amazon_profile(
    pool: Pool, provider: IdentityProvider, url: str, access_token: str
) -> tuple[str, dict[str, Any]]:
    """The user id of the token's user, and what Amazon says about him.

    Source: Login with Amazon developer guide for websites, "Obtain customer profile
    information": compare `aud` of the token information with your own client id.
    """
    info_url = f"{_AMAZON}/auth/o2/tokeninfo?{urlencode({'access_token': access_token})}"
    info = ask(pool, provider.name, "tokeninfo endpoint", "GET", info_url)
    if info.get("aud") != provider.details["client_id"]:
        raise _not_ours(provider)
    headers = {"Authorization": f"Bearer {access_token}"}
    profile = ask(pool, provider.name, "attributes endpoint", "GET", url, headers=headers)
    return _same(provider, info.get("user_id"), profile.get("user_id")), profile


def _not_ours(provider: IdentityProvider) -> Exception:
    return refused(f"{provider.name} Error - the access token was issued to another app")


def _same(provider: IdentityProvider, token_user: Any, profile_user: Any) -> str:
    if not isinstance(profile_user, str) or not profile_user or token_user != profile_user:
        raise refused(f"{provider.name} Error - the attributes are another user's")
    return profile_user
