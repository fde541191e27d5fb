"""The sign-in pages through jupyter-server-proxy, as a notebook on a JupyterHub shows them."""

from __future__ import annotations

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from helpers import lab
from tests.clients.jupyter import PREFIX, TOKEN
from tests.clients.sign_in_app import SignInApp
from tests.cloud.hosted_ui.site import Browser


@pytest.mark.parametrize("way", ["password", "Google", "Company"])
def test_a_sign_in_through_the_proxy(
    hub: str,
    sign_in_app: SignInApp,
    live_cloud: lab.Cloud,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    query = (
        f"client_id={sign_in_app.client_id}&response_type=code&scope=openid&state=s"
        f"&redirect_uri={sign_in_app.callback}"
    ) + ("" if way == "password" else f"&identity_provider={way}")
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", PREFIX)
    path = live_cloud.in_browser(f"{sign_in_app.base}/oauth2/authorize?{query}")
    assert path.startswith(f"{PREFIX}proxy/")
    nobody = requests.get(urljoin(hub, path))
    assert "/login" in nobody.url and "/_domain/" not in urlsplit(nobody.url).path

    browser = Browser(base=hub)
    browser.get(f"{hub}{PREFIX}api/status", token=TOKEN)
    page = browser.get(urljoin(hub, path))
    password = sign_in_app.password if way == "password" else sign_in_app.provider_password
    page = browser.submit(page, username="alice", password=password)
    if way == "Company":
        page = browser.submit(page)  # the directory's form, which a browser sends by itself
    assert urlsplit(page.url).path.startswith(f"{PREFIX}proxy/")
    assert urlsplit(page.url).path.endswith("/_outside/photos.example.com/callback")
    assert "code" in parse_qs(urlsplit(page.url).query)
