"""Logins of Google, Apple, Amazon, Facebook and an OpenID provider, each with its real tokens."""

from __future__ import annotations

import jwt
import pytest

from helpers import lab, providers
from tests.cloud.accounts import stranger
from tests.cloud.identity_pools.app import App, allowing, error_of, trust
from tests.cloud.identity_pools.backend import claims_of
from tests.cloud.identity_pools.outside import (
    ISSUER,
    NAMES,
    OPENID,
    OPENID_ARN,
    SOCIAL,
    accept,
    login,
    register_with_iam,
    subject,
    token_of,
)
from tests.cloud.identity_pools.test_logins import INVALID, UNSUPPORTED, refused_everywhere
from tests.providers.browser import code_for, redeem, register

BRANDS = (*SOCIAL, "openid")
FORGERIES = {
    "wrong_audience": UNSUPPORTED,
    "wrong_issuer": f"{INVALID} Issuer doesn't match providerName",
    "expired": f"{INVALID} Token expired: ",
    "issued_in_future": f"{INVALID} Token is not valid yet.",
    "no_subject": f"{INVALID} Missing a required claim: sub",
    "no_expiry": f"{INVALID} Missing a required claim: exp",
    "unsigned": f"{INVALID} Couldn't verify signed token.",
    "signed_with_public_key": f"{INVALID} Couldn't verify signed token.",
    "other_key_same_kid": f"{INVALID} Token signature invalid.",
    "unknown_kid": f"{INVALID} Couldn't verify signed token.",
    "changed_after_signing": f"{INVALID} Token signature invalid.",
}


@pytest.fixture
def bare(cloud: lab.Cloud) -> App:
    return App(cloud)


class TestTokensThatAreNotTrue:
    @pytest.mark.parametrize("brand", OPENID)
    def test_every_forgery_is_refused(self, bare: App, brand: str) -> None:
        app = accept(bare, brand)[brand]
        provider = getattr(providers, brand)()
        for how, says in FORGERIES.items():
            provider.misbehave(how)
            forged = login(brand, app)
            provider.behave()
            assert refused_everywhere(bare, forged)[1].startswith(says), how

    @pytest.mark.parametrize("brand", BRANDS)
    def test_a_token_of_another_app_is_refused(self, bare: App, brand: str) -> None:
        """Any app could keep its users' tokens and be them here."""
        accept(bare, brand)
        stolen = login(brand, register(brand))
        assert refused_everywhere(bare, stolen)[1] == UNSUPPORTED

    @pytest.mark.parametrize("token", ["x", "a.b.c", "é", "a&access_token=b", "\ud800"])
    def test_garbage_is_no_login(self, bare: App, token: str) -> None:
        accept(bare, *BRANDS)
        for brand in BRANDS:
            assert refused_everywhere(bare, {NAMES[brand]: token})[1].startswith(INVALID)

    @pytest.mark.parametrize("brand", BRANDS)
    def test_a_token_under_another_providers_name_is_refused(self, bare: App, brand: str) -> None:
        registered = accept(bare, *BRANDS)
        token = token_of(brand, registered[brand])
        for other in BRANDS:
            if other != brand:
                refused_everywhere(bare, {NAMES[other]: token})

    def test_an_app_that_takes_google_takes_nobody_elses_keys(self, bare: App) -> None:
        """A token of Google's issuer, signed by a provider that this pool trusts as well."""
        registered = accept(bare, "google", "openid")
        claims = claims_of(token_of("google", registered["google"]))
        header = jwt.get_unverified_header(token_of("openid", registered["openid"]))
        forged = jwt.encode(claims, "k" * 32, "HS256", {"kid": header["kid"]})
        assert refused_everywhere(bare, {NAMES["google"]: forged})[1].startswith(INVALID)

    @pytest.mark.parametrize("brand", OPENID)
    def test_a_provider_without_its_keys_signs_nobody_in(self, bare: App, brand: str) -> None:
        mine = login(brand, accept(bare, brand)[brand])
        getattr(providers, brand)().misbehave("keys_error")
        assert error_of(bare.get_id, logins=mine)[0] == "ExternalServiceException"
        getattr(providers, brand)().misbehave("no_keys")
        assert refused_everywhere(bare, mine)[1] == f"{INVALID} Couldn't verify signed token."

    def test_an_access_token_of_google_is_no_login(self, bare: App) -> None:
        app = accept(bare, "google")["google"]
        token = redeem("google", app, code_for("google", app)).json()["access_token"]
        refused = f"{INVALID} Not a valid OpenId Connect identity token."
        assert refused_everywhere(bare, {NAMES["google"]: token})[1] == refused

    @pytest.mark.parametrize("brand", ["google", "apple"])
    def test_an_id_token_ends_to_the_second(self, bare: App, brand: str) -> None:
        """The five minutes of grace are documented for providers of IAM alone."""
        mine = login(brand, accept(bare, brand)[brand])
        left = claims_of(mine[NAMES[brand]])["exp"] - int(bare.cloud.clock.now().timestamp())
        bare.cloud.clock.advance(seconds=left - 1)
        bare.get_id(mine)
        bare.cloud.clock.advance(seconds=1)
        assert refused_everywhere(bare, mine)[1].startswith(f"{INVALID} Token expired: ")


class TestProvidersOfIam:
    def test_a_provider_that_iam_does_not_keep_is_none(self, bare: App) -> None:
        bare.pool_id = bare.new_pool(
            AllowUnauthenticatedIdentities=True, OpenIdConnectProviderARNs=[OPENID_ARN]
        )
        mine = login("openid", register("openid"))
        assert refused_everywhere(bare, mine)[1] == UNSUPPORTED

    def test_a_provider_that_was_deleted_signs_nobody_in(self, bare: App) -> None:
        app = accept(bare, "openid")["openid"]
        mine = login("openid", app)
        bare.get_id(mine)
        bare.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=OPENID_ARN)
        assert refused_everywhere(bare, mine)[1] == UNSUPPORTED

    def test_a_provider_of_another_account_vouches_for_nobody_here(self, bare: App) -> None:
        foreign = OPENID_ARN.replace("123456789012", "999999999999")
        register_with_iam(bare, (app := register("openid")).client_id)
        stranger("999999999999").client("iam").create_open_id_connect_provider(
            Url=f"https://{ISSUER}", ClientIDList=[app.client_id]
        )
        bare.pool_id = bare.new_pool(
            AllowUnauthenticatedIdentities=True, OpenIdConnectProviderARNs=[foreign]
        )
        assert refused_everywhere(bare, login("openid", app))[1] == UNSUPPORTED

    def test_iam_must_list_the_client(self, bare: App) -> None:
        app = accept(bare, "openid")["openid"]
        mine = login("openid", app)
        identity_id = bare.get_id(mine)
        change = {"OpenIDConnectProviderArn": OPENID_ARN, "ClientID": app.client_id}
        bare.iam.remove_client_id_from_open_id_connect_provider(**change)
        assert refused_everywhere(bare, mine)[1] == UNSUPPORTED
        bare.iam.add_client_id_to_open_id_connect_provider(**change)
        assert bare.get_id(mine) == identity_id

    def test_its_clock_may_be_five_minutes_off(self, bare: App) -> None:
        mine = login("openid", accept(bare, "openid")["openid"])
        ends = claims_of(mine[NAMES["openid"]])["exp"]
        clock = bare.cloud.clock
        clock.advance(seconds=ends - int(clock.now().timestamp()) + 299)
        bare.get_id(mine)
        clock.advance(seconds=1)
        assert refused_everywhere(bare, mine)[1].startswith(f"{INVALID} Token expired: ")

    def test_a_user_pool_may_be_one(self, app: App) -> None:
        """For pools that shall take several app clients, without naming each as a user pool's."""
        made = app.iam.create_open_id_connect_provider(
            Url=f"https://{app.provider}", ClientIDList=[app.client_id]
        )
        arn = made["OpenIDConnectProviderArn"]
        app.pool_id = app.new_pool(
            AllowUnauthenticatedIdentities=True, OpenIdConnectProviderARNs=[arn]
        )
        alice = app.logins("alice")
        given = app.identity.get_open_id_token(IdentityId=app.get_id(alice), Logins=alice)
        assert claims_of(given["Token"])["amr"][2].startswith(f"{arn}:OIDC:")
        foreign = {app.provider: app.tokens("alice", app.new_client("other"))["IdToken"]}
        assert refused_everywhere(app, foreign)[1] == UNSUPPORTED
        access = {app.provider: app.tokens("alice")["AccessToken"]}
        assert refused_everywhere(app, access)[1] == f"{INVALID} Missing a required claim: aud"

    @pytest.mark.parametrize("name", ["https://login.example.org", "LOGIN.EXAMPLE.ORG", OPENID_ARN])
    def test_the_name_is_the_issuer_without_its_scheme(self, bare: App, name: str) -> None:
        app = accept(bare, "openid")["openid"]
        refused_everywhere(bare, {name: token_of("openid", app)})


class TestIdentities:
    @pytest.mark.parametrize("brand", BRANDS)
    def test_a_person_has_one_identity(self, bare: App, brand: str) -> None:
        app = accept(bare, brand)[brand]
        mine = bare.get_id(login(brand, app))
        bare.cloud.clock.advance(days=30)
        assert bare.get_id(login(brand, app)) == mine
        assert bare.get_id(login(brand, app, "bob")) != mine

    @pytest.mark.parametrize("brand", BRANDS)
    def test_the_token_says_which_provider_and_whom(self, bare: App, brand: str) -> None:
        app = accept(bare, brand)[brand]
        mine = login(brand, app)
        given = bare.identity.get_open_id_token(IdentityId=bare.get_id(mine), Logins=mine)
        amr = claims_of(given["Token"])["amr"]
        person = subject(brand)
        reference = f"{NAMES[brand]}:{app.client_id}:{person}"
        if brand == "openid":
            reference = f"{OPENID_ARN}:OIDC:{person}"
        assert amr == ["authenticated", NAMES[brand], reference]

    def test_a_role_may_be_for_one_provider_only(self, bare: App) -> None:
        registered = accept(bare, "google", "facebook")
        arn = bare.new_role("fans", trust(bare.pool_id, NAMES["facebook"]), allowing("s3:*"))
        bare.identity.set_identity_pool_roles(
            IdentityPoolId=bare.pool_id, Roles={"authenticated": arn}
        )
        google, facebook = (login(brand, registered[brand]) for brand in ("google", "facebook"))
        refused = error_of(bare.credentials, identity_id=bare.get_id(google), logins=google)
        assert refused[0] == "InvalidIdentityPoolConfigurationException"
        given = bare.credentials(bare.get_id(facebook), facebook)
        assert "fans" in bare.client("sts", given).get_caller_identity()["Arn"]
