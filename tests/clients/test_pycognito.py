"""pycognito signs in with SRP, a client that knows nothing of this project."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.clients.app import App, new_client
from tests.clients.served import Served

pycognito = pytest.importorskip("pycognito", reason="the package pycognito is not installed")


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
