"""The same pages under a loopback address, as a browser here reaches them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from botocore.config import Config

from helpers import lab, providers
from tests.cloud.hosted_ui.site import BASE, CALLBACK, PREFIX, SIGNED_OUT, Browser, new_app

HOST = f"{PREFIX}.auth.us-east-1.amazoncognito.com"
HUB = "/user/ada/proxy/4566"


@pytest.fixture
def cloud() -> Iterator[lab.Cloud]:
    running = lab.start("02")
    boto3.client("cognito-idp").create_user_pool_domain(
        UserPoolId=running.scene.user_pool_id, Domain=PREFIX
    )
    yield running
    lab.stop()


def with_google(cloud: lab.Cloud) -> str:
    """Google as a provider of the pool, and the address where a sign-in with it begins."""
    idp, pool_id = boto3.client("cognito-idp"), cloud.scene.user_pool_id
    known = providers.google().register(f"{BASE}/oauth2/idpresponse")
    idp.create_identity_provider(
        UserPoolId=pool_id,
        ProviderName="Google",
        ProviderType="Google",
        ProviderDetails={
            "client_id": known.client_id,
            "client_secret": known.client_secret,
            "authorize_scopes": "openid email",
        },
        AttributeMapping={"email": "email"},
    )
    app = new_app(pool_id, cloud.scene.password, SupportedIdentityProviders=["COGNITO", "Google"])
    return app.url()


def test_a_sign_in_with_a_password_through_the_gateway(cloud: lab.Cloud) -> None:
    app = new_app(cloud.scene.user_pool_id, cloud.scene.password)
    browser = Browser()
    page = browser.get(cloud.in_browser(app.url()))
    assert urlsplit(page.url).path == f"/_domain/{PREFIX}.auth.us-east-1.amazoncognito.com/login"
    page = browser.submit(page, username="alice", password=app.password)
    assert urlsplit(page.url).path == "/_outside/photos.example.com/callback"
    code = parse_qs(urlsplit(page.url).query)["code"][0]
    assert app.exchange(code).status_code == 200
    out = f"{BASE}/logout?client_id={app.client_id}&logout_uri={SIGNED_OUT}"
    assert browser.get(cloud.in_browser(out)).url.endswith("photos.example.com/signed-out")


def test_a_sign_in_with_google_through_the_gateway(cloud: lab.Cloud) -> None:
    browser = Browser()
    page = browser.get(cloud.in_browser(with_google(cloud)) + "&identity_provider=Google")
    assert "/_outside/accounts.google.com/" in page.url
    page = browser.submit(page, username="bob", password="Provider-pass1!")
    assert "/_outside/photos.example.com/callback" in page.url
    assert "code" in parse_qs(urlsplit(page.url).query)


def test_the_short_form_of_a_domain_leads_to_the_one_place_that_cookies_know(
    cloud: lab.Cloud,
) -> None:
    app = new_app(cloud.scene.user_pool_id, cloud.scene.password)
    short = f"{cloud.serve()}/_domain/{PREFIX}"
    page = requests.get(f"{short}/oauth2/authorize?{urlsplit(app.url()).query}")
    assert urlsplit(page.url).path == f"/_domain/{urlsplit(BASE).hostname}/login"
    assert page.status_code == 200
    assert requests.post(f"{short}/oauth2/token", allow_redirects=False).status_code == 400
    assert requests.get(f"{short}/oauth2/userInfo", allow_redirects=False).status_code == 400


def test_cookies_keep_to_their_host_and_work_without_tls(cloud: lab.Cloud) -> None:
    app = new_app(cloud.scene.user_pool_id, cloud.scene.password)
    page = requests.get(cloud.in_browser(app.url()))
    (cookie,) = page.raw.headers.getlist("Set-Cookie")
    assert f"Path=/_domain/{PREFIX}.auth.us-east-1.amazoncognito.com/;" in cookie
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie


def test_behind_a_proxy_every_address_stays_behind_it(cloud: lab.Cloud) -> None:
    app = new_app(cloud.scene.user_pool_id, cloud.scene.password)
    headers = {"X-Forwarded-Context": HUB}
    query = urlsplit(app.url()).query
    url = f"{cloud.serve()}/_domain/{HOST}/oauth2/authorize?{query}"
    first = requests.get(url, headers=headers, allow_redirects=False)
    assert not first.headers["Location"].startswith(("/", "http"))
    page = requests.get(url.replace("oauth2/authorize", "login"), headers=headers)
    assert f"Path={HUB}/_domain/{HOST}/;" in page.headers["Set-Cookie"]


@pytest.mark.parametrize("context", ["//evil.example.com", "/a; Domain=x", "x", "/a\\b"])
def test_a_proxy_that_talks_nonsense_is_not_believed(cloud: lab.Cloud, context: str) -> None:
    app = new_app(cloud.scene.user_pool_id, cloud.scene.password)
    query = urlsplit(app.url()).query
    url = f"{cloud.serve()}/_domain/{HOST}/login?{query}"
    page = requests.get(url, headers={"X-Forwarded-Context": context})
    assert f"Path=/_domain/{HOST}/;" in page.headers["Set-Cookie"]


def test_on_a_hub_the_notebook_picks_the_proxys_path(
    cloud: lab.Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = urlsplit(cloud.serve()).port
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    address = cloud.in_browser(f"{BASE}/login")
    assert address.startswith(f"/user/ada/proxy/{port}/_domain/")


@pytest.mark.parametrize(
    "url", ["https://example.com/", "http://accounts.google.com/", "", "javascript:alert(1)"]
)
def test_only_pages_of_the_cloud_have_such_an_address(cloud: lab.Cloud, url: str) -> None:
    with pytest.raises(ValueError, match="not a page of the offline cloud"):
        cloud.in_browser(url)


def test_a_frame_reads_the_same_on_every_run(cloud: lab.Cloud) -> None:
    frame = cloud.show(f"{BASE}/login?client_id=%22%3E")
    assert repr(frame) == f"<the page /login of {urlsplit(BASE).hostname}, in a frame>"
    assert 'client_id=%22%3E"' in frame._repr_html_()


@pytest.mark.parametrize(
    "path",
    [
        "/_domain/nobody/login",
        "/_outside/example.com/",
        "/_outside/cognito-idp.us-east-1.amazonaws.com/",
        "/_domain/photos.example.com/",
        "/_outside/accounts.google.com/../../etc",
        "/_domain/%2e%2e/login",
    ],
)
def test_a_host_that_is_not_there(cloud: lab.Cloud, path: str) -> None:
    answer = requests.get(f"{cloud.serve()}{path}")
    assert answer.status_code in (400, 403, 404)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example.com"}]
)
def test_a_web_page_cannot_press_a_providers_controls(
    cloud: lab.Cloud, headers: dict[str, str]
) -> None:
    url = f"{cloud.serve()}/_outside/accounts.google.com/_lab/fault"
    assert requests.post(url, json={"how": "unsigned"}, headers=headers).status_code == 403
    direct = {**headers, "Host": "accounts.google.com"}
    url = f"{cloud.serve()}/_lab/fault"
    assert requests.post(url, json={"how": "unsigned"}, headers=direct).status_code == 403


def test_an_app_in_a_browser_may_call_the_token_endpoint_from_its_origin(cloud: lab.Cloud) -> None:
    base = f"{cloud.serve()}/_domain/{PREFIX}"
    origin = {"Origin": "http://localhost:3000"}
    before = requests.options(f"{base}/oauth2/token", headers=origin)
    assert before.headers["Access-Control-Allow-Origin"] == "*"
    refused = requests.post(f"{base}/oauth2/token", headers=origin)
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    page = requests.get(f"{base}/error", headers=origin)
    assert "Access-Control-Allow-Origin" not in page.headers


def test_the_hosts_answer_by_their_name_too(cloud: lab.Cloud) -> None:
    app = new_app(cloud.scene.user_pool_id, cloud.scene.password)
    query = urlsplit(app.url()).query
    answer = requests.get(
        f"{cloud.serve()}/oauth2/authorize?{query}",
        headers={"Host": urlsplit(BASE).hostname},
        allow_redirects=False,
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login?")
    assert CALLBACK.split("/")[2] in requests.get(CALLBACK).url


# --- attacks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["%E2%82%AC", "%FF", "login%00", "%c3%a9/%2e%2e", "%5Clogin", "login;x=y", "%0d%0aX: y"],
)
@pytest.mark.parametrize("place", [f"_domain/{HOST}", "_outside/photos.example.com"])
def test_an_odd_path_is_a_page_that_is_not_there(cloud: lab.Cloud, place: str, path: str) -> None:
    assert requests.get(f"{cloud.serve()}/{place}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["_lab/people", "_lab/fault", "%5Flab/people", "/_lab/people"])
@pytest.mark.parametrize("host", ["accounts.google.com", "idp.example.com"])
def test_a_name_pointed_at_loopback_does_not_reach_a_providers_controls(
    cloud: lab.Cloud, host: str, path: str
) -> None:
    url = f"{cloud.serve()}/_outside/{host}/{path}"
    rebound = {"Host": f"evil.example.com:{urlsplit(url).port}"}
    assert requests.get(url, headers=rebound).status_code == 403
    assert requests.post(url, json={"how": None}, headers=rebound).status_code == 403
    assert requests.get(url).status_code in (200, 403)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://photos.example.com/../../_lab/trace", "/_outside/photos.example.com/_lab/trace"),
        ("https://photos.example.com/a/%2e%2e/%2E./x", "/_outside/photos.example.com/x"),
        ("https://photos.example.com/a/..", "/_outside/photos.example.com/"),
        ("https://photos.example.com/a/./b/", "/_outside/photos.example.com/a/b/"),
        ("https://photos.example.com/a//b", "/_outside/photos.example.com/a//b"),
    ],
)
def test_no_address_leads_out_of_its_hosts_place(cloud: lab.Cloud, url: str, path: str) -> None:
    assert urlsplit(cloud.in_browser(url)).path == path


@pytest.mark.parametrize("url", ["https://[evil", "https://photos.example.com]/", "https://[::1"])
def test_an_address_that_is_none_is_left_alone(cloud: lab.Cloud, url: str) -> None:
    with pytest.raises(ValueError, match="not a page of the offline cloud"):
        cloud.in_browser(url)


def test_an_address_never_becomes_a_script(cloud: lab.Cloud) -> None:
    redirect_uri = "https://appleid.apple.com/auth/javascript:alert(1)"
    known = providers.apple().register(redirect_uri)
    asked = {"client_id": known.client_id, "redirect_uri": redirect_uri, "state": "s"}
    asked |= {"response_type": "code", "response_mode": "form_post", "scope": "name"}
    browser = Browser()
    url = f"{cloud.serve()}/_outside/appleid.apple.com/auth/authorize"
    page = browser.submit(
        browser.session.get(url, params=asked), username="alice", password="Provider-pass1!"
    )
    assert "javascript:alert(1)" in page.text
    assert 'action="javascript:' not in page.text


def test_a_file_in_a_bucket_is_no_page_of_this_origin(cloud: lab.Cloud) -> None:
    s3, at = boto3.client("s3"), {"Bucket": "strange-photos", "Key": "cat.html"}
    s3.create_bucket(Bucket="strange-photos")
    s3.put_object(**at, Body=b"<script>fetch('/_lab/reset')</script>", ContentType="text/html")
    here = Config(signature_version="s3v4", s3={"addressing_style": "path"})
    s3 = boto3.client("s3", endpoint_url=cloud.serve(), config=here)
    link = s3.generate_presigned_url("get_object", Params=at)
    shown = requests.get(link, headers={"Accept": "text/html,*/*", "Sec-Fetch-Dest": "document"})
    assert shown.status_code == 200
    assert shown.headers["Content-Security-Policy"] == "sandbox"
    assert "Content-Security-Policy" not in requests.get(link).headers


@pytest.mark.parametrize("size", [2, 2_000_000])
def test_the_web_app_shows_a_page_whatever_is_posted_to_it(cloud: lab.Cloud, size: int) -> None:
    page = requests.post(CALLBACK, data={"state": "x" * size})
    assert page.status_code == (200 if size == 2 else 413)
    assert "Photos" in page.text
