"""The ways in which a provider can be told to misbehave.

Each is one that a careful client notices. A fault acts at one place of the flow, its `stage`;
what it is given there, and may change, is said at the stage's list below.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt

from helpers.providers.ids import Ids
from helpers.providers.keys import Keys
from helpers.providers.records import Code, Token

ELSEWHERE = "https://attacker.example.net"
_HUGE = 3_000_000


@dataclass(frozen=True)
class Fault:
    """One way to misbehave. `needs` names what a brand must have for the fault to make sense."""

    name: str
    says: str
    stage: str
    needs: str
    act: Callable[..., Any]


def faults_for(features: frozenset[str]) -> dict[str, Fault]:
    """Those of all faults that fit a brand with these features."""
    return {fault.name: fault for fault in _all() if fault.needs in features}


def _all() -> list[Fault]:
    return [*_in_claims(), *_in_signatures(), *_in_redirects(), *_in_answers(), *_in_people()]


Claims = dict[str, Any]


def _in_claims() -> list[Fault]:
    """Given the claims of an ID token before it is signed."""

    def fault(name: str, says: str, act: Callable[[Claims], Any]) -> Fault:
        return Fault(name, says, "claims", "id_token", act)

    return [
        fault("wrong_nonce", "the ID token carries another nonce", _set(nonce="another-nonce")),
        fault("no_nonce", "the ID token carries no nonce", _drop("nonce")),
        fault("wrong_audience", "the ID token is for another app", _other_audience),
        fault("wrong_issuer", "the ID token names another issuer", _set(iss=ELSEWHERE)),
        fault("expired", "the ID token has expired", _expire),
        fault("issued_in_future", "the ID token is from an hour ahead", _shift(3600)),
        fault("no_subject", "the ID token does not say who it is about", _drop("sub")),
        fault("no_expiry", "the ID token never ends", _drop("exp")),
        fault("wrong_at_hash", "the access token is not the ID token's", _set(at_hash="A" * 22)),
    ]


def _in_signatures() -> list[Fault]:
    """Given the claims and the keys; the answer is the ID token."""

    def fault(name: str, says: str, act: Callable[[Claims, Keys], str]) -> Fault:
        return Fault(name, says, "signature", "id_token", act)

    return [
        fault("unsigned", "the ID token says alg none and has no signature", _unsigned),
        fault("signed_with_public_key", "HS256, keyed with the public key", _public_hmac),
        fault("other_key_same_kid", "another key, named like the published one", _stranger),
        fault("unknown_kid", "a key id that is not in the key set", _unknown_kid),
        fault("changed_after_signing", "the subject was changed after signing", _changed),
    ]


def _in_redirects() -> list[Fault]:
    """Given the parameters of the redirect, or the code that it carries."""
    return [
        Fault("wrong_state", "another state comes back", "redirect", "", _set(state="another")),
        Fault("no_state", "no state comes back", "redirect", "", _drop("state")),
        Fault("used_code", "the code has been used before", "code", "", _used),
        Fault("expired_code", "the code has expired", "code", "", _expired),
        Fault("injected_code", "the code of another sign-in", "code", "id_token", _injected),
    ]


def _in_answers() -> list[Fault]:
    """What the token, profile and key endpoints say: (status, content type, body) or a change."""
    html, plain = "text/html; charset=utf-8", "application/json"
    refused = b'{"error": "invalid_grant", "error_description": "Bad Request"}'
    down = b"<!doctype html><title>503</title><h1>Service unavailable</h1>"
    huge = b'{"access_token": "' + b"x" * _HUGE + b'"}'
    stop = b'{"error": "server_error"}'
    return [
        _answers("token_error", "the token endpoint refuses", "token", "", 400, plain, refused),
        _answers("token_html", "the token endpoint sends a web page", "token", "", 200, html, down),
        _answers("token_garbage", "… half an answer", "token", "", 200, plain, b'{"access_to'),
        _answers("token_huge", "… three megabytes", "token", "", 200, plain, huge),
        _answers("token_down", "the token endpoint fails", "token", "", 503, html, down),
        _answers("userinfo_error", "no profile is given", "profile", "profile", 500, plain, stop),
        _answers("userinfo_html", "a web page as profile", "profile", "profile", 200, html, down),
        _answers("keys_error", "the key set is not given", "keys", "id_token", 503, html, down),
        _answers("no_keys", "the key set is empty", "keys", "id_token", 200, plain, b'{"keys":[]}'),
        Fault("no_id_token", "an answer without ID token", "issued", "id_token", _drop("id_token")),
        Fault("other_userinfo", "a profile of somebody else", "userinfo", "profile", _somebody),
        Fault("no_userinfo_subject", "a profile of nobody", "userinfo", "profile", _nobody),
        Fault("other_discovery_issuer", "a discovery document of another issuer", "discovery",
              "discovery", _set(issuer=ELSEWHERE)),
        Fault("token_of_another_app", "an access token issued to another app", "saved", "plain",
              _another_app),
    ]  # fmt: skip


def _in_people() -> list[Fault]:
    """Given what the provider would say about the person."""
    unverified = _set(email_verified=False)
    return [
        Fault("email_unverified", "an e-mail nobody checked", "person", "verified", unverified),
        Fault("no_email", "no e-mail address", "person", "", _drop("email", "email_verified")),
    ]


def _answers(
    name: str, says: str, stage: str, needs: str, status: int, kind: str, body: bytes
) -> Fault:
    return Fault(name, says, stage, needs, lambda *_: (status, kind, body))


def _set(**values: Any) -> Callable[[Claims], None]:
    return lambda claims: claims.update(values)


def _drop(*names: str) -> Callable[[Claims], None]:
    def drop(claims: Claims) -> None:
        for name in names:
            claims.pop(name, None)

    return drop


def _expire(claims: Claims) -> None:
    """An hour over, however long the brand's tokens live."""
    _shift(int(time.time()) - 3600 - claims["exp"])(claims)


def _shift(seconds: int) -> Callable[[Claims], None]:
    def shift(claims: Claims) -> None:
        for name in ("iat", "exp", "auth_time"):
            if name in claims:
                claims[name] += seconds

    return shift


def _other_audience(claims: Claims) -> None:
    claims.update({name: f"another-{claims[name]}" for name in ("aud", "azp") if name in claims})


def _unsigned(claims: Claims, keys: Keys) -> str:
    return jwt.encode(claims, None, "none", {"kid": keys.kid})


def _public_hmac(claims: Claims, keys: Keys) -> str:
    """Made by hand: a JWT library rightly refuses to use a public key as an HMAC secret."""
    header = {"alg": "HS256", "kid": keys.kid, "typ": "JWT"}
    signed = f"{_segment(header)}.{_segment(claims)}"
    mac = hmac.new(keys.public_pem(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64url(mac)}"


def _stranger(claims: Claims, keys: Keys) -> str:
    return keys.sign_as_stranger(claims)


def _unknown_kid(claims: Claims, keys: Keys) -> str:
    return keys.sign_under("0" * 40, claims)


def _changed(claims: Claims, keys: Keys) -> str:
    header, _, signature = keys.sign(claims).split(".")
    return f"{header}.{_segment({**claims, 'sub': 'somebody-else'})}.{signature}"


def _segment(data: dict[str, Any]) -> str:
    return _base64url(json.dumps(data, separators=(",", ":")).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _used(code: Code, _: Ids) -> None:
    code.used = True


def _expired(code: Code, _: Ids) -> None:
    code.expires_at = time.time() - 1


def _injected(code: Code, ids: Ids) -> None:
    """A code that another person's sign-in at the same app brought, as a thief would inject it."""
    code.username = "bob" if code.username != "bob" else "alice"
    code.nonce = ids.token(32)
    if code.code_challenge:
        code.code_challenge = ids.token(43)


def _somebody(profile: Claims, subject: str) -> None:
    """`subject` names the claim that identifies a person at this provider."""
    profile[subject] = f"{profile[subject]}0"


def _nobody(profile: Claims, subject: str) -> None:
    profile.pop(subject, None)


def _another_app(token: Token) -> None:
    token.client_id = "another-app"
