"""What the tests of user pools share: a pool with people in it, and how a refusal reads."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader, create_loader
from botocore.session import get_session

from helpers import lab
from helpers.cloud.world import World

PASSWORD = "Corr3ct-horse"
FLOWS = [
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
]


@cache
def models() -> Loader:
    """botocore's model of the service, read once for all tests."""
    return create_loader()


def api() -> Any:
    """A client that does not try again."""
    session = get_session()
    session.register_component("data_loader", models())
    once = Config(retries={"total_max_attempts": 1})
    return boto3.Session(botocore_session=session).client("cognito-idp", config=once)


class Pool:
    """One user pool with one app client, and the few calls that every test begins with."""

    password = PASSWORD

    @property
    def world(self) -> World:
        """What the cloud knows; for what no API shows."""
        return self.cloud._app.world

    def __init__(self, cloud: lab.Cloud, settings: dict[str, Any], client: dict[str, Any]) -> None:
        self.cloud = cloud
        self.idp = api()
        settings = {"AutoVerifiedAttributes": ["email"], **settings}
        self.id = self.idp.create_user_pool(PoolName="lesson", **settings)["UserPool"]["Id"]
        self.app = self.new_app(**client)
        self.client = self.app["ClientId"]

    def new_app(self, **settings: Any) -> dict[str, Any]:
        """Another app client of the pool."""
        settings = {"ExplicitAuthFlows": FLOWS, **settings}
        answer = self.idp.create_user_pool_client(UserPoolId=self.id, ClientName="app", **settings)
        return answer["UserPoolClient"]

    def code(self, to: str) -> str:
        """The code that was last sent to an address."""
        return self.cloud.inbox.latest(to).code

    def sign_up(self, name: str, /, **attributes: str) -> dict[str, Any]:
        """A user who has signed up and not confirmed yet."""
        attributes = {"email": f"{name}@example.com", **attributes}
        return self.idp.sign_up(
            ClientId=self.client, Username=name, Password=PASSWORD, UserAttributes=pairs(attributes)
        )

    def join(self, name: str, /, **attributes: str) -> str:
        """A user who has signed up and confirmed; returns the sub."""
        sub = self.sign_up(name, **attributes)["UserSub"]
        self.idp.confirm_sign_up(
            ClientId=self.client,
            Username=name,
            ConfirmationCode=self.code(f"{name}@example.com"),
        )
        return sub

    def start(self, name: str, password: str = PASSWORD, client: str = "") -> dict[str, Any]:
        """InitiateAuth with a password."""
        return self.idp.initiate_auth(
            ClientId=client or self.client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )

    def sign_in(self, name: str, password: str = PASSWORD, client: str = "") -> dict[str, Any]:
        """The tokens of a user."""
        return self.start(name, password, client)["AuthenticationResult"]

    def refresh(self, token: str, client: str = "") -> dict[str, Any]:
        """The tokens that a refresh token gives."""
        return self.idp.initiate_auth(
            ClientId=client or self.client,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token},
        )["AuthenticationResult"]

    def who(self, access_token: str) -> str:
        """The username behind an access token, by GetUser."""
        return self.idp.get_user(AccessToken=access_token)["Username"]


def pairs(attributes: dict[str, str]) -> list[dict[str, str]]:
    """Attributes as the API wants them."""
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


@pytest.fixture
def make_pool(cloud: lab.Cloud) -> Callable[..., Pool]:
    """Make a pool: `make_pool({"AliasAttributes": ["email"]}, GenerateSecret=True)`."""

    def make(settings: dict[str, Any] | None = None, **client: Any) -> Pool:
        return Pool(cloud, settings or {}, client)

    return make


@pytest.fixture
def pool(make_pool: Callable[..., Pool]) -> Pool:
    """A pool with default settings that verifies e-mail addresses."""
    return make_pool()


@pytest.fixture
def attributes() -> Callable[[dict[str, str]], list[dict[str, str]]]:
    """Attributes as the API wants them."""
    return pairs


@pytest.fixture
def refused() -> Callable[..., Any]:
    """`with refused(code, message):` what is inside must be refused exactly so."""

    @contextlib.contextmanager
    def check(code: str, message: str = "") -> Iterator[None]:
        with pytest.raises(ClientError) as caught:
            yield
        error = caught.value.response["Error"]
        assert (error["Code"], error["Message"] if message else "") == (code, message)

    return check


@pytest.fixture
def wrong() -> Callable[[str], str]:
    """Another code of six digits than the right one."""
    digits = itertools.cycle("0123456789")

    def other(code: str) -> str:
        last = next(d for d in digits if d != code[-1])
        return code[:-1] + last

    return other
