"""Sign-in at the four social providers and at any OpenID provider, in a browser."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from helpers import providers
from tests.cloud.federation.brands import (
    BRANDS,
    ISSUER,
    KINDS,
    RETURN,
    Federation,
    MakeFederation,
    subject,
    username,
)
from tests.cloud.hosted_ui.site import Browser


def sent(answer: requests.Response) -> tuple[str, dict[str, str]]:
    """Address and query of a redirect."""
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    return f"{parts.scheme}://{parts.netloc}{parts.path}", {
        name: values[0] for name, values in parse_qs(parts.query).items()
    }


@pytest.mark.parametrize("brand", BRANDS)
def test_a_person_who_signs_in_outside_becomes_a_user_of_the_pool(
    family: Federation, brand: str
) -> None:
    family.add(brand)
    claims = family.claims(brand)
    name, kind, _, _ = KINDS[brand]
    assert claims["cognito:username"] == username(brand)
    assert claims["email"] == "alice@example.com"
    assert claims["cognito:groups"] == [f"{family.pool_id}_{name}"]
    (identity,) = claims["identities"]
    created = identity.pop("dateCreated")
    assert created.isdigit()
    assert identity == {
        "userId": subject(brand),
        "providerName": name,
        "providerType": kind,
        "issuer": None,
        "primary": "true",
    }
    user = family.user(username(brand))
    assert (user["UserStatus"], user["Enabled"]) == ("EXTERNAL_PROVIDER", True)
    (kept,) = json.loads(family.attributes(username(brand))["identities"])
    assert (kept["primary"], kept["dateCreated"]) == (True, int(created))


@pytest.mark.parametrize("brand", BRANDS)
def test_the_same_person_is_the_same_user_and_another_person_another(
    family: Federation, brand: str
) -> None:
    family.add(brand)
    first, second = family.claims(brand)["sub"], family.claims(brand)["sub"]
    assert first == second
    assert family.claims(brand, "bob")["sub"] != first
    assert family.usernames() == sorted([username(brand), username(brand, "bob")])


@pytest.mark.parametrize("brand", BRANDS)
def test_the_browser_takes_along_what_the_provider_needs_and_no_more(
    family: Federation, brand: str
) -> None:
    app = family.add(brand)
    _, asked = sent(family.leave(brand))
    state = asked.pop("state")
    assert len(state) > 20
    assert ("nonce" in asked) == (brand in ("google", "apple", "openid"))
    assert asked.pop("nonce", "") != "nonce-1"
    expected = {
        "client_id": app.client_id,
        "redirect_uri": RETURN,
        "response_type": "code",
        "scope": KINDS[brand][2],
    }
    assert asked == expected | ({"response_mode": "form_post"} if brand == "apple" else {})


@pytest.mark.parametrize("brand", BRANDS)
def test_a_login_hint_goes_to_openid_providers_and_a_prompt_to_all(
    family: Federation, brand: str
) -> None:
    family.add(brand)
    _, asked = sent(family.leave(brand, login_hint="alice@example.com", prompt="select_account"))
    assert asked.get("login_hint") == ("alice@example.com" if brand == "openid" else None)
    assert asked.get("prompt") == "select_account"


def test_each_departure_has_its_own_state_and_nonce(family: Federation) -> None:
    family.add("google")
    one, two = sent(family.leave("google"))[1], sent(family.leave("google"))[1]
    assert one["state"] != two["state"]
    assert one["nonce"] != two["nonce"]


def test_who_presses_cancel_comes_back_with_the_providers_own_error(family: Federation) -> None:
    family.add("openid")
    browser = Browser()
    _, asked = sent(family.leave("openid", browser))
    back = {"error": "access_denied", "error_description": "No.", "state": asked["state"]}
    page = browser.get(RETURN, follow=False, **back)
    _, told = sent(page)
    assert told["error"] == "access_denied"
    assert told["error_description"] == "Partner Error - 400 access_denied No."
    assert family.usernames() == []


def test_an_error_that_is_no_error_code_is_not_passed_on(family: Federation) -> None:
    family.add("openid")
    browser = Browser()
    _, asked = sent(family.leave("openid", browser))
    back = {"error": "<script>\r\n", "error_description": 'é"\\' * 500, "state": asked["state"]}
    _, told = sent(browser.get(RETURN, follow=False, **back))
    assert told["error"] == "invalid_request"
    assert told["error_description"].isascii()
    assert len(told["error_description"]) < 1000


def test_a_response_without_code_is_refused(family: Federation) -> None:
    family.add("openid")
    browser = Browser()
    _, asked = sent(family.leave("openid", browser))
    _, told = sent(browser.get(RETURN, follow=False, state=asked["state"]))
    assert told["error_description"] == "Partner Error - no code in the response"


def test_a_made_up_code_gets_nobody_in(family: Federation) -> None:
    family.add("openid")
    browser = Browser()
    _, asked = sent(family.leave("openid", browser))
    _, told = sent(browser.get(RETURN, follow=False, state=asked["state"], code="made-up"))
    assert told["error"] == "invalid_grant"
    assert told["error_description"].startswith("Partner Error - 400 invalid_grant")
    assert family.usernames() == []


def test_a_wrong_client_secret_is_the_providers_refusal(family: Federation) -> None:
    family.add("openid", client_secret="not-the-secret")
    told = family.sign_in("openid")
    assert told["error"] == "invalid_client"
    assert family.usernames() == []


def test_apples_name_is_taken_but_no_address_that_apple_did_not_sign(family: Federation) -> None:
    family.add("apple", {"email": "email", "given_name": "firstName", "name": "name"})
    browser = Browser()
    asked = family.app.request(identity_provider="SignInWithApple")
    page = browser.get("/oauth2/authorize", **asked)
    page = browser.submit(page, username="alice", password="Provider-pass1!")
    forged = {"name": {"firstName": "Eve", "lastName": "X"}, "email": "bob@example.com"}
    browser.submit(page, user=json.dumps(forged))
    kept = family.attributes(username("apple"))
    assert (kept["given_name"], kept["name"]) == ("Eve", "Eve X")
    assert kept["email"] == "alice@example.com"


@pytest.mark.parametrize("user", ["", "[]", '{"name": 3}', '{"name": {}}', "{", "[" * 5000])
def test_an_odd_name_beside_the_code_changes_nothing(family: Federation, user: str) -> None:
    family.add("apple")
    browser = Browser()
    page = browser.get(
        "/oauth2/authorize", **family.app.request(identity_provider="SignInWithApple")
    )
    page = browser.submit(page, username="alice", password="Provider-pass1!")
    browser.submit(page, user=user)
    assert "name" not in family.attributes(username("apple"))


def test_attributes_can_be_asked_for_with_post(make_federation: MakeFederation) -> None:
    family = make_federation()
    family.add("openid", attributes_request_method="POST")
    assert family.claims("openid", scope="openid profile")["name"] == "Alice Archer"
    asked = [e.operation for e in family.cloud.trace if e.caller == "Cognito"]
    assert "POST /oauth2/userinfo" in asked


def test_the_providers_tokens_can_be_mapped_to_attributes(
    make_federation: MakeFederation,
) -> None:
    schema = [
        {"Name": name, "AttributeDataType": "String", "Mutable": True} for name in ("access", "id")
    ]
    names = ["email", "custom:access", "custom:id"]
    family = make_federation({"WriteAttributes": names}, Schema=schema)
    family.add("openid", {"custom:access": "access_token", "custom:id": "id_token"})
    family.tokens("openid")
    kept = family.attributes(username("openid"))
    assert kept["custom:id"].count(".") == 2
    answer = requests.get(
        f"{ISSUER}/oauth2/userinfo", headers={"Authorization": f"Bearer {kept['custom:access']}"}
    )
    assert answer.json()["email"] == "alice@example.com"


def test_nothing_secret_of_a_provider_is_in_the_trace(family: Federation) -> None:
    secrets = [str(family.add(brand).client_secret) for brand in ("google", "facebook", "amazon")]
    codes = [family.sign_in(brand)["code"] for brand in ("google", "facebook", "amazon")]
    seen = repr([vars(entry) for entry in family.cloud.trace])
    assert "'GET /oauth2/idpresponse'" in seen
    for secret in [*secrets, *codes]:
        assert secret not in seen


def test_what_a_provider_changed_is_changed_at_the_next_sign_in(family: Federation) -> None:
    family.add("openid", {"email": "email", "email_verified": "email_verified", "name": "name"})
    family.tokens("openid")
    providers.openid().change("alice", name="Alice Zimmer", email_verified=False)
    claims = family.claims("openid", scope="openid profile email")
    assert (claims["name"], claims["email_verified"]) == ("Alice Zimmer", False)
