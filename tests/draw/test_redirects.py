"""The diagram of redirects says who was sent where, and what was refused."""

from __future__ import annotations

from typing import Any

import boto3
import matplotlib.pyplot as plt
import pytest
import requests

from helpers import draw, providers

DOMAIN = "photo-app.auth.us-east-1.amazoncognito.com"
APP = "photos.example.com"


def visit(n: int, page: str, host: str = DOMAIN, **more: Any) -> dict[str, Any]:
    service = "hosted-ui" if host == DOMAIN else "outside"
    entry = {"n": n, "service": service, "operation": page, "caller": "browser", "status": 200}
    return {**entry, "resource": host, **more}


def words() -> list[str]:
    return [text.get_text() for text in plt.gca().texts if text.get_text()]


def lanes() -> list[str]:
    boxed = [t for t in plt.gca().texts if t.get_fontweight() == "bold" and t.get_bbox_patch()]
    return [t.get_text().split("\n")[0] for t in boxed]


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [{"n": 1, "service": "cognito-idp", "operation": "SignUp", "caller": "anonymous"}],
        [visit(1, "GET /style.css"), visit(2, "POST /_lab/apps", "accounts.google.com")],
    ],
)
def test_where_no_page_was_asked_for_there_is_nothing_to_draw(entries: list[Any]) -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        draw.redirects(entries)


def test_one_sentence_names_pages_statuses_and_where_they_led(
    capsys: pytest.CaptureFixture[str],
) -> None:
    draw.redirects(
        [
            visit(1, "GET /oauth2/authorize", status=302, location=f"{DOMAIN}/login"),
            visit(2, "POST /login", status=302, location=f"{APP}/callback"),
            visit(3, "GET /callback", APP),
            visit(4, "POST /oauth2/token", caller="app", status=400, error="invalid_grant"),
        ]
    )
    assert capsys.readouterr().out == (
        "the browser asks Cognito for GET /oauth2/authorize (302 to /login) and POST /login (302 "
        "to the app /callback); the browser asks the app for GET /callback (200); the app asks "
        "Cognito for POST /oauth2/token (400, ✗ invalid_grant).\n"
    )


def test_a_refused_visit_is_marked_and_named_and_another_is_not() -> None:
    refused = {"status": 302, "location": f"{DOMAIN}/error", "error": "redirect_mismatch"}
    draw.redirects([visit(7, "GET /login"), visit(8, "GET /oauth2/authorize", **refused)])
    assert {"7 GET /login ✓", "200", "8 GET /oauth2/authorize"} <= set(words())
    assert "302 → /error  ✗ redirect_mismatch" in words()


def test_a_page_with_no_error_of_its_own_does_not_say_its_status_twice() -> None:
    draw.redirects([visit(1, "GET /error", status=400, error="400")])
    assert "400  ✗ refused" in words()


def test_lanes_stand_in_the_same_order_whoever_comes_first() -> None:
    google = "accounts.google.com"
    draw.redirects(
        [
            visit(1, "GET /callback", APP),
            visit(2, "GET /o/oauth2/v2/auth", google),
            visit(3, "GET /oauth2/idpresponse"),
            visit(4, "POST /token", "oauth2.googleapis.com", caller="Cognito"),
        ]
    )
    assert lanes() == ["browser", "the app", "Cognito", "Google"]


def test_a_host_without_another_name_keeps_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    draw.redirects([visit(1, "GET /sso", "idp.example.com", status=302, location=f"{APP}/")])
    assert "asks idp.example.com for GET /sso (302 to the app /)" in capsys.readouterr().out


def test_an_imitation_of_a_known_host_is_not_called_by_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    draw.redirects([visit(1, "GET /", "notgoogle.com"), visit(2, "GET /", "google.com.evil.org")])
    told = capsys.readouterr().out
    assert "asks notgoogle.com for" in told
    assert "asks google.com.evil.org for" in told


def test_recorded_visits_are_drawn_and_a_lesson_s_arrangements_are_not(
    cloud: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    idp = boto3.client("cognito-idp")
    pool_id = idp.create_user_pool(PoolName="people")["UserPool"]["Id"]
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="photo-app")
    providers.google().register(f"https://{DOMAIN}/oauth2/idpresponse")
    requests.get(f"https://{DOMAIN}/login", params={"client_id": "nobody"}, timeout=9)
    draw.redirects(cloud.trace, title="Nobody's app")
    assert capsys.readouterr().out == (
        "the browser asks Cognito for GET /login (302 to /error, ✗ User pool client nobody does "
        "not exist.) and GET /error (400, ✗ refused).\n"
    )
    assert words()[0] == "Nobody's app"


PORTAL = "d-90b2061ecc.awsapps.com"
DEVICE = "device.sso.us-east-1.amazonaws.com"


def call(n: int, operation: str, service: str = "sso-oidc", **more: Any) -> dict[str, Any]:
    entry = {"n": n, "service": service, "operation": operation, "caller": "anonymous"}
    return {**entry, "status": 200, **more}


def test_a_program_has_a_lane_of_its_own_where_it_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = {"service": "access-portal", "status": 302, "location": f"{PORTAL}/start/device"}
    entries = [
        call(1, "StartDeviceAuthorization"),
        visit(2, "POST /", DEVICE, **page),
        call(3, "CreateToken", status=400, error="AuthorizationPendingException"),
        call(4, "GetCallerIdentity", "sts"),
    ]
    draw.redirects(entries, program="a terminal")
    assert lanes() == ["browser", "Identity Center", "a terminal"]
    assert capsys.readouterr().out == (
        "a terminal asks Identity Center for StartDeviceAuthorization (200); the browser asks "
        "Identity Center for POST / (302 to /start/device); a terminal asks Identity Center for "
        "CreateToken (400, ✗ AuthorizationPendingException).\n"
    )
    draw.redirects(entries)
    assert lanes() == ["browser", "Identity Center"]


def test_aws_own_pages_have_their_names() -> None:
    at_aws = "signin.aws.amazon.com"
    onward = {"status": 302, "location": "console.aws.amazon.com/console/home"}
    draw.redirects(
        [
            visit(1, "POST /saml", at_aws, service="signin", **onward),
            visit(2, "GET /console/home", "console.aws.amazon.com", service="console"),
        ]
    )
    assert lanes() == ["browser", "AWS sign-in", "AWS console"]
