"""A whole day: a program of a user's, and her browser at AWS's pages.

The pages are found on loopback, in a tab or in a notebook's frame, and behind a JupyterHub's proxy.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import boto3
import pytest

from helpers import lab, providers
from tests.clients import company as companies
from tests.clients.jupyter import PREFIX, TOKEN
from tests.clients.node import run
from tests.cloud.access_portal import workforce
from tests.cloud.access_portal.workforce import refusal
from tests.cloud.aws_saml.directory import ACCOUNT

PENDING = ("AuthorizationPendingException", "authorization_pending")


@dataclass
class Person:
    """Somebody with a browser, which keeps its cookies from one scene to the next."""

    node: Path
    settings: dict[str, Any]
    origins: set[str] = field(default_factory=set)

    def does(self, *scenes: str, **more: Any) -> list[Any]:
        """Act some scenes; what is seen at the end of each."""
        settings = {**self.settings, **more, "scenes": scenes}
        seen = run(self.node, "aws_story.mjs", settings)
        assert all("value" in seen[scene] for scene in scenes), seen
        self.origins.update(seen["origins"]["value"])
        return [seen[scene]["value"] for scene in scenes]


@pytest.fixture
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Where the browser is, and whether a notebook's frame shows the pages."""
    if request.param == "in a tab":
        return {}
    if request.param == "by their own names":
        return {"tls_port": request.getfixturevalue("tls").port}
    hub = request.getfixturevalue("hub")
    if request.param == "in a notebook on this machine":
        # JupyterLab opens itself by this name.
        hub = hub.replace("127.0.0.1", "localhost")
    else:
        monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", PREFIX)
    # All of Jupyter's pages have the same policy; the one of a wrong address is soon there.
    return {
        "enter": f"{hub}{PREFIX}api/status?token={TOKEN}",
        "notebook": f"{hub}{PREFIX}nowhere",
    }


@pytest.fixture
def person(
    place: dict[str, Any], live_cloud: lab.Cloud, node: Path, chromium: str, tmp_path: Path
) -> Person:
    """Alice at her browser."""
    settings = {
        "chromium": chromium,
        "served": live_cloud.serve(),
        "pictures": os.environ.get("LAB_PICTURES"),
        "storage": str(tmp_path / "cookies.json"),
        "username": "alice@example.com",
        "password": workforce.PASSWORD,
        "provider_password": "Provider-pass1!",
    }
    return Person(node, settings | place)


def places(cloud: lab.Cloud, **urls: str) -> dict[str, dict[str, str]]:
    """Where a browser here finds these pages, and how a notebook shows them."""
    console = f"{companies.CONSOLE}/console/home"
    return {
        name: {
            "url": url,
            "address": cloud.in_browser(url),
            "frame": cloud.show(url)._repr_html_(),
        }
        for name, url in (urls | {"console": console}).items()
    }


def has_stayed_here(person: Person, cloud: lab.Cloud) -> bool:
    """Whether nothing was asked for but where the notebook and the cloud's pages are."""
    notebook = person.settings.get("notebook", "")
    pages = urljoin(notebook, cloud.in_browser(companies.CONSOLE))
    return person.origins == {urljoin(url, "/").rstrip("/") for url in (notebook, pages) if url}


@pytest.mark.parametrize("place", ["in a tab", "at a JupyterHub"], indirect=True)
def test_a_program_is_let_in_and_the_portal_opens_the_console(
    person: Person, live_cloud: lab.Cloud
) -> None:
    company = workforce.found(live_cloud)
    program, portal = workforce.register(clientName="Photo backup"), workforce.portal()
    waiting = program.start(company.start_url)
    assert refusal(program.poll, waiting) == PENDING
    person.settings["places"] = places(
        live_cloud, device=waiting["verificationUri"], start=company.start_url
    )

    (told,) = person.does("let the program in", code=waiting["userCode"])
    assert told.startswith("Photo backup has been given access.")
    live_cloud.clock.advance(seconds=waiting["interval"])
    token = program.poll(waiting)["accessToken"]
    keys = portal.get_role_credentials(
        accessToken=token, accountId=company.account, roleName=workforce.ROLE
    )["roleCredentials"]

    seen, left = person.does("open the console", "leave the console")
    assert seen == {"account": company.account, "arn": arn_of(keys)}
    assert left == "You are not signed in"
    assert portal.list_accounts(accessToken=token)["accountList"]
    assert person.does("leave the portal") == ["Sign in"]
    with pytest.raises(portal.exceptions.UnauthorizedException):
        portal.list_accounts(accessToken=token)
    assert has_stayed_here(person, live_cloud)


@pytest.mark.parametrize(
    "place", ["in a notebook on this machine", "at a JupyterHub"], indirect=True
)
def test_the_company_s_own_portal_opens_the_console(person: Person, live_cloud: lab.Cloud) -> None:
    start = companies.offer_roles("Engineer")
    person.settings["places"] = places(live_cloud, company=start)
    seen, left = person.does("come from the company", "leave the console")
    role_session = f"arn:aws:sts::{ACCOUNT}:assumed-role/Engineer/alice"
    assert seen == {"account": ACCOUNT, "arn": role_session}
    assert left == "You are not signed in"
    assert has_stayed_here(person, live_cloud)


@pytest.mark.parametrize("place", ["by their own names", "in a tab"], indirect=True)
def test_an_administrator_lets_the_company_s_directory_vouch_for_people(
    person: Person, live_cloud: lab.Cloud
) -> None:
    company, directory = workforce.found(live_cloud), providers.company_directory()
    person.settings["metadata"] = directory.metadata()
    person.settings["places"] = places(
        live_cloud,
        start=company.start_url,
        administrator=companies.link_into_the_console(),
        settings=f"{companies.CONSOLE}/singlesignon/identity-source",
    )
    (told,) = person.does("read the settings")
    directory.register(told["issuer"], told["acs"], name_id_format="emailAddress")
    source, name, seen = person.does(
        "choose the company's directory",
        "go to the portal by the company's sign-in",
        "open the console",
    )
    assert directory.entity_id in source
    assert (name, seen["account"]) == ("Alice Adams", company.account)
    assert seen["arn"].endswith("/alice@example.com")


def arn_of(keys: dict[str, Any]) -> str:
    """Whose keys these are."""
    sts = boto3.client(
        "sts",
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"],
        aws_session_token=keys["sessionToken"],
    )
    return str(sts.get_caller_identity()["Arn"])
