"""The AWS SDK for JavaScript and aws-jwt-verify against the served cloud, where Node is there."""

from __future__ import annotations

from pathlib import Path

import boto3

from tests.clients.app import App
from tests.clients.node import run
from tests.clients.served import Served


def test_the_sdk_from_sign_up_to_an_own_folder(node: Path, app: App) -> None:
    told = run(node, "main_path.mjs", app.as_dict())
    etag = told.pop("put into the own folder")
    assert etag["value"]
    assert told == {
        "a wrong code": {"error": "CodeMismatchException"},
        "a wrong password": {"error": "NotAuthorizedException"},
        "an access token as the login": {"error": "NotAuthorizedException"},
        "put into another folder": {"error": "AccessDenied"},
        "get from another folder": {"error": "AccessDenied"},
        "get from the own folder": {"value": "mine"},
        "a wrong secret": {"error": "SignatureDoesNotMatch"},
        "an hour later": {"error": "ExpiredToken"},
    }


def test_aws_jwt_verify(node: Path, app: App, served: Served) -> None:
    others = boto3.client("cognito-idp").create_user_pool(PoolName="others")["UserPool"]["Id"]
    settings = {**app.as_dict(), "tokens": app.tokens(), "other_user_pool_id": others}
    assert run(node, "verify_tokens.mjs", settings) == {
        "a tampered ID token": {"error": "JwtInvalidSignatureError"},
        "a tampered access token": {"error": "JwtInvalidSignatureError"},
        "an access token for an ID token": {"error": "CognitoJwtInvalidTokenUseError"},
        "an ID token for an access token": {"error": "CognitoJwtInvalidTokenUseError"},
        "an ID token of another app client": {"error": "CognitoJwtInvalidClientIdError"},
        # Its words for an issuer that it was not told to trust.
        "an ID token of another user pool": {"error": "ParameterValidationError"},
        "an ID token with another pool's keys": {"error": "KidNotFoundInJwksError"},
        "an ID token in a group it is not in": {"error": "CognitoJwtInvalidGroupError"},
        "an ID token": {"value": "alice"},
        "an access token": {"value": "alice"},
    }
