"""pycognito signs in with SRP, a client that knows nothing of this project."""

from __future__ import annotations

import time
from typing import Any

import boto3
import pycognito
import pyotp
import pytest
from botocore.exceptions import ClientError

from tests.clients.app import App, new_client
from tests.clients.served import Served


@pytest.fixture
def alice(app: App, served: Served) -> Any:
    """alice's side of the sign-in. She has the pool's keys, which are served over plain HTTP."""
    user = pycognito.Cognito(app.user_pool_id, app.client_id, username=app.username)
    user.pool_jwk = served.document(f"{app.user_pool_id}/.well-known/jwks.json")
    return user


def test_a_wrong_password_is_refused(alice: Any) -> None:
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        alice.authenticate("Wrong-Horse-7")
    assert alice.access_token is None


def test_the_proof_is_accepted_and_the_tokens_verify(alice: Any, app: App) -> None:
    alice.authenticate(app.password)
    assert alice.id_claims["cognito:username"] == app.username
    assert alice.access_claims["client_id"] == app.client_id
    assert alice.get_user().sub == alice.id_claims["sub"]


def test_it_refreshes_its_tokens(alice: Any, app: App) -> None:
    alice.authenticate(app.password)
    before = alice.access_token
    alice.renew_access_token()
    assert alice.access_token != before


def test_a_global_sign_out_ends_the_session(alice: Any, app: App) -> None:
    alice.authenticate(app.password)
    refresh_token = alice.refresh_token
    alice.logout()
    alice.refresh_token = refresh_token
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        alice.renew_access_token()


@pytest.mark.parametrize("secret", ["guess", None])
def test_an_app_client_with_a_secret_needs_it(app: App, secret: str | None) -> None:
    client_id = new_client(app.user_pool_id, GenerateSecret=True)
    user = pycognito.Cognito(
        app.user_pool_id, client_id, username=app.username, client_secret=secret
    )
    with pytest.raises(ClientError, match=rf"NotAuthorizedException.* {client_id}"):
        user.authenticate(app.password)


# --- a second factor -----------------------------------------------------------------------------

SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "app"}
PHONE = "+15555550123"


@pytest.fixture
def token(alice: Any, app: App) -> pyotp.TOTP:
    """alice has set up an authenticator app, by pycognito."""
    boto3.client("cognito-idp").set_user_pool_mfa_config(
        UserPoolId=app.user_pool_id,
        MfaConfiguration="OPTIONAL",
        SoftwareTokenMfaConfiguration={"Enabled": True},
        SmsMfaConfiguration={"SmsConfiguration": SMS},
    )
    alice.authenticate(app.password)
    totp = pyotp.TOTP(alice.associate_software_token())
    assert alice.verify_software_token(totp.now(), "phone")
    alice.set_user_mfa_preference(False, True, preferred="SOFTWARE_TOKEN")
    alice.access_token = alice.id_token = None
    return totp


def test_a_code_from_the_authenticator_app_signs_in(
    alice: Any, app: App, token: pyotp.TOTP
) -> None:
    with pytest.raises(pycognito.exceptions.SoftwareTokenMFAChallengeException):
        alice.authenticate(app.password)
    assert alice.access_token is None
    with pytest.raises(ClientError, match="CodeMismatchException"):
        alice.respond_to_software_token_mfa_challenge(token.at(time.time() - 3600))
    with pytest.raises(ClientError, match="ExpiredCodeException"):
        alice.respond_to_software_token_mfa_challenge(token.at(time.time() - 30))
    # The code of now has proved the app, and none serves twice: the next one is early by a step.
    alice.respond_to_software_token_mfa_challenge(token.at(time.time() + 30))
    assert alice.id_claims["cognito:username"] == app.username


def test_a_code_by_text_message_signs_in(
    alice: Any, app: App, token: pyotp.TOTP, served: Served
) -> None:
    idp = boto3.client("cognito-idp")
    who = {"UserPoolId": app.user_pool_id, "Username": app.username}
    idp.admin_update_user_attributes(
        **who, UserAttributes=[{"Name": "phone_number", "Value": PHONE}]
    )
    preferred = {"Enabled": True, "PreferredMfa": True}
    idp.admin_set_user_mfa_preference(**who, SMSMfaSettings=preferred)
    with pytest.raises(pycognito.exceptions.SMSMFAChallengeException):
        alice.authenticate(app.password)
    with pytest.raises(ClientError, match="CodeMismatchException"):
        alice.respond_to_sms_mfa_challenge("x")
    alice.respond_to_sms_mfa_challenge(served.code(PHONE))
    assert alice.id_claims["phone_number_verified"] is True
