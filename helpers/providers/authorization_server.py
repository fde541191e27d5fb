"""The authorization server that all brands share, on Authlib's grants."""

from __future__ import annotations

import time
from typing import Any

import flask
from authlib.integrations.flask_oauth2 import AuthorizationServer as FlaskServer
from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidRequestError, OAuth2Request, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from authlib.oidc.core.grants.util import create_half_hash

from helpers.providers.keys import ALGORITHM
from helpers.providers.people import Person
from helpers.providers.provider import Provider
from helpers.providers.records import Code, Token
from helpers.providers.response_modes import deliver


class AuthorizationServer(FlaskServer):
    """Authlib's server with one provider's records behind it."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(query_client=provider.records.apps.get, save_token=provider.save_token)
        self.provider = provider
        self.register_token_generator("default", provider.new_token)
        signing = [TokenAnswer(provider)]
        checks = [Pkce(provider.brand.pkce)] if provider.brand.pkce else []
        code, refresh = _for_brand(provider)
        self.register_grant(code, [*checks, *signing])
        self.register_grant(refresh, signing)
        provider.brand.prepare(self)

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        """The request as the brand reads it."""
        return self.provider.brand.as_oauth(flask.request)


def _for_brand(provider: Provider) -> tuple[type[CodeGrant], type[RefreshGrant]]:
    """The two grants with the client authentication and the methods that the brand has."""
    brand = provider.brand
    methods = {
        "TOKEN_ENDPOINT_AUTH_METHODS": list(brand.auth_methods),
        "TOKEN_ENDPOINT_HTTP_METHODS": list(brand.token_methods),
    }
    return type("Code", (CodeGrant,), methods), type("Refresh", (RefreshGrant,), methods)


class CodeGrant(grants.AuthorizationCodeGrant):
    """The authorization code grant (RFC 6749, section 4.1)."""

    @property
    def provider(self) -> Provider:
        """Whose grant this is."""
        return self.server.provider

    def create_authorization_response(self, redirect_uri: str, grant_user: Person | None) -> Any:
        """Send the browser back with a code, in the way that the request asked for."""
        if not grant_user:
            raise AccessDeniedError(redirect_uri=redirect_uri)
        self.request.user = grant_user
        code = self.provider.brand.new_code(self.provider.ids)
        first = self.provider.meets(grant_user, self.request.client)
        self.save_authorization_code(code, self.request, first)
        params = {"code": code, "state": self.request.payload.state}
        scopes = self.request.scope.split()
        claims = self.provider.claims_of(grant_user)
        params |= self.provider.brand.beside_the_code(claims, scopes, first)
        self.provider.at("redirect", params)
        return deliver(self.provider.brand, redirect_uri, params, self.request.payload.data)

    def save_authorization_code(self, code: str, request: OAuth2Request, first: bool) -> None:
        """Remember what the code is bound to."""
        asked, brand = request.payload.data, self.provider.brand
        challenge = asked.get("code_challenge") if brand.pkce else None
        saved = Code(
            code,
            request.client.client_id,
            request.payload.redirect_uri,
            request.scope,
            request.user.username,
            expires_at=time.time() + brand.code_seconds,
            nonce=asked.get("nonce"),
            auth_time=self.provider.signed_in_at(),
            code_challenge=challenge,
            code_challenge_method=asked.get("code_challenge_method") if challenge else None,
            offline=brand.offers_refresh_token(asked, first),
        )
        self.provider.at("code", saved, self.provider.ids)
        self.provider.records.codes[code] = saved

    def query_authorization_code(self, code: str, client: Any) -> Code | None:
        """Use the code up, whatever comes of it."""
        return self.provider.records.use_code(code, client)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Nothing: a used code is kept, so that its second use is noticed."""

    def authenticate_user(self, authorization_code: Code) -> Person | None:
        """Whose code it is."""
        return self.provider.people.named(authorization_code.username)

    def generate_token(self, *args: Any, include_refresh_token: bool = True, **more: Any) -> Any:
        """With a refresh token if the sign-in asked for one as the brand wants it."""
        wanted = include_refresh_token and self.request.authorization_code.offline
        return super().generate_token(*args, include_refresh_token=wanted, **more)


class RefreshGrant(grants.RefreshTokenGrant):
    """The refresh token grant (RFC 6749, section 6)."""

    @property
    def provider(self) -> Provider:
        """Whose grant this is."""
        return self.server.provider

    def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
        """The live refresh token."""
        return self.provider.records.by_refresh_token(refresh_token)

    def authenticate_user(self, refresh_token: Token) -> Person | None:
        """Whose refresh token it is."""
        return self.provider.people.named(refresh_token.username)

    def revoke_old_credential(self, refresh_token: Token) -> None:
        """Nothing: the refresh token stays, and no new one is issued."""


class Pkce(CodeChallenge):
    """Proof Key for Code Exchange (RFC 7636) with the methods of a brand."""

    def __init__(self, methods: tuple[str, ...]) -> None:
        super().__init__(required=True)
        self.SUPPORTED_CODE_CHALLENGE_METHOD = list(methods)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse a method that the brand lacks; a challenge without method means plain."""
        super().validate_code_challenge(grant, redirect_uri)
        asked = grant.request.payload.data
        method = asked.get("code_challenge_method") or self.DEFAULT_CODE_CHALLENGE_METHOD
        if asked.get("code_challenge") and method not in self.SUPPORTED_CODE_CHALLENGE_METHOD:
            raise InvalidRequestError("Unsupported 'code_challenge_method'")


class TokenAnswer(OpenIDCode):
    """What the token endpoint answers: an ID token where the brand has one (OpenID Connect Core
    3.1.3.3), and the brand's own way with the rest.
    """

    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=False)
        self._provider = provider

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        """A provider does not compare nonces: the app does."""
        return False

    def process_token(self, grant: Any, response: Any) -> dict[str, Any]:
        """Sign an ID token where the granted scope brings one, and finish the answer."""
        _, token, _ = response
        provider = self._provider
        if provider.brand.has_id_token(token["scope"].split()):
            token["id_token"] = self.encode_id_token(token, grant.request)
        provider.at("issued", token)
        provider.brand.token_answer(token)
        return token

    def encode_id_token(self, token: dict[str, Any], request: OAuth2Request) -> str:
        """The signed claims, or what the fault in force makes of them."""
        provider, code = self._provider, request.authorization_code
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": provider.brand.issuer,
            "aud": request.client.client_id,
            "iat": now,
            "exp": now + provider.brand.id_token_seconds,
            "at_hash": create_half_hash(token["access_token"], ALGORITHM).decode(),
        }
        claims |= self.get_authorization_code_claims(code) if code else {}
        about = provider.claims_of(request.user)
        claims |= provider.brand.id_claims(about, token["scope"].split(), request.client)
        provider.at("claims", claims)
        return provider.at("signature", claims, provider.keys) or provider.keys.sign(claims)
