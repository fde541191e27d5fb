"""One person with several logins: linked, merged and unlinked, never mixed with somebody else."""

from __future__ import annotations

from typing import Any

import pytest

from helpers import lab, providers
from tests.cloud.identity_pools.app import App, error_of
from tests.cloud.identity_pools.backend import PROVIDER, UNKNOWN, Backend
from tests.cloud.identity_pools.outside import NAMES, accept, login

MISMATCH = "Logins don't match. Please include at least one valid login for this identity or "
MISMATCH += "identity pool."
Apps = dict[str, providers.App]


@pytest.fixture
def bare(cloud: lab.Cloud) -> App:
    return App(cloud)


@pytest.fixture
def apps(bare: App) -> Apps:
    return accept(bare, "google", "facebook", "openid")


def token(app: App, identity_id: str, logins: dict[str, str]) -> str:
    """GetOpenIdToken; the identity it is for."""
    given = app.identity.get_open_id_token(IdentityId=identity_id, Logins=logins)
    return str(given["IdentityId"])


def unlink(app: App, identity_id: str, logins: dict[str, str], *brands: str) -> None:
    app.identity.unlink_identity(
        IdentityId=identity_id, Logins=logins, LoginsToRemove=[NAMES[b] for b in brands]
    )


def logins_of(app: App, identity_id: str) -> list[str]:
    described = app.identity.describe_identity(IdentityId=identity_id)
    return list(described.get("Logins", []))


class TestLinking:
    def test_needs_a_login_of_the_identity(self, bare: App, apps: Apps) -> None:
        alice = bare.get_id(login("google", apps["google"]))
        mallory = login("facebook", apps["facebook"], "bob")
        for act in (token, bare.credentials):
            arguments: dict[str, Any] = {"identity_id": alice, "logins": mallory}
            if act is token:
                arguments["app"] = bare
            assert error_of(act, **arguments)[1] == MISMATCH
        assert logins_of(bare, alice) == [NAMES["google"]]

    def test_one_false_token_links_nothing(self, bare: App, apps: Apps) -> None:
        google = login("google", apps["google"])
        alice = bare.get_id(google)
        code, _ = error_of(
            token, app=bare, identity_id=alice, logins=google | {NAMES["facebook"]: "guessed"}
        )
        assert code == "NotAuthorizedException"
        assert logins_of(bare, alice) == [NAMES["google"]]

    def test_takes_one_user_of_each_provider(self, bare: App, apps: Apps) -> None:
        google, facebook = login("google", apps["google"]), login("facebook", apps["facebook"])
        alice = bare.get_id(google | facebook)
        others = facebook | login("google", apps["google"], "bob")
        code, _ = error_of(token, app=bare, identity_id=alice, logins=others)
        assert code == "ResourceConflictException"
        assert error_of(bare.get_id, logins=others)[0] == "ResourceConflictException"

    def test_leads_to_one_identity_from_each_login(self, bare: App, apps: Apps) -> None:
        google = login("google", apps["google"])
        alice = bare.get_id(google)
        for brand in ("facebook", "openid"):
            assert token(bare, alice, google | login(brand, apps[brand])) == alice
            assert bare.get_id(login(brand, apps[brand])) == alice
        assert logins_of(bare, alice) == [NAMES[b] for b in ("google", "facebook", "openid")]


class TestMerging:
    def test_two_identities_of_one_person_become_one(self, bare: App, apps: Apps) -> None:
        google, facebook = login("google", apps["google"]), login("facebook", apps["facebook"])
        first, second = bare.get_id(google), bare.get_id(facebook)
        assert token(bare, first, google | facebook) == first
        assert bare.get_id(facebook) == first
        assert logins_of(bare, second) == []
        forbidden = f"Access to Identity '{second}' is forbidden."
        assert error_of(bare.credentials, identity_id=second)[1] == forbidden
        assert token(bare, second, google) == first

    def test_two_people_of_one_provider_do_not(self, bare: App, apps: Apps) -> None:
        """Neither identity is changed when their logins contradict each other."""
        google, facebook = login("google", apps["google"]), login("facebook", apps["facebook"])
        alice = bare.get_id(google)
        other = bare.get_id(facebook | login("google", apps["google"], "bob"))
        refused = error_of(token, app=bare, identity_id=alice, logins=google | facebook)
        assert refused[0] == "ResourceConflictException"
        assert logins_of(bare, alice) == [NAMES["google"]]
        assert set(logins_of(bare, other)) == {NAMES["google"], NAMES["facebook"]}
        assert bare.get_id(facebook) == other

    def test_a_guest_is_merged_into_who_he_was(self, bare: App, apps: Apps) -> None:
        google, facebook = login("google", apps["google"]), login("facebook", apps["facebook"])
        of_old, guest = bare.get_id(google), bare.get_id()
        assert token(bare, guest, google | facebook) == of_old
        assert logins_of(bare, of_old) == [NAMES["google"], NAMES["facebook"]]
        assert error_of(bare.credentials, identity_id=guest)[0] == "NotAuthorizedException"

    def test_a_backends_user_and_his_google_account_are_one(self, bare: App) -> None:
        apps = {"google": providers.google().register("https://photos.example.com/callback")}
        backend = Backend(bare.cloud)
        backend.pool_id = backend.new_pool(
            AllowClassicFlow=True,
            DeveloperProviderName=PROVIDER,
            SupportedLoginProviders={NAMES["google"]: apps["google"].client_id},
        )
        google = login("google", apps["google"])
        before, mine = backend.get_id(google), backend.identity_of("alice")
        assert before != mine
        assert backend.vouch("alice", google)["IdentityId"] == mine
        assert backend.get_id(google) == mine
        # Having linked them, the user may come without the backend, with Google's token alone.
        assert token(backend, mine, google) == mine


class TestUnlinking:
    def test_takes_a_true_token_of_this_identity(self, bare: App, apps: Apps) -> None:
        google, facebook = login("google", apps["google"]), login("facebook", apps["facebook"])
        alice = bare.get_id(google | facebook)
        bob = login("google", apps["google"], "bob")
        for logins in (bob, {}, {NAMES["google"]: "guessed"}):
            refused = error_of(
                bare.identity.unlink_identity,
                IdentityId=alice,
                Logins=logins,
                LoginsToRemove=[NAMES["google"]],
            )
            assert refused[0] == "NotAuthorizedException"
        assert error_of(
            bare.identity.unlink_identity,
            IdentityId=UNKNOWN,
            Logins=google,
            LoginsToRemove=[NAMES["google"]],
        ) == ("ResourceNotFoundException", f"Identity '{UNKNOWN}' not found.")
        assert len(logins_of(bare, alice)) == 2

    def test_a_login_that_was_unlinked_opens_nothing_any_more(self, bare: App, apps: Apps) -> None:
        google, facebook = login("google", apps["google"]), login("facebook", apps["facebook"])
        alice = bare.get_id(google | facebook)
        unlink(bare, alice, facebook, "google")
        assert error_of(bare.credentials, identity_id=alice, logins=google)[1] == MISMATCH
        assert error_of(token, app=bare, identity_id=alice, logins=google)[1] == MISMATCH
        assert bare.get_id(google) != alice
        assert bare.get_id(facebook) == alice

    def test_it_can_be_linked_again_only_with_the_others(self, bare: App, apps: Apps) -> None:
        google, facebook = login("google", apps["google"]), login("facebook", apps["facebook"])
        alice = bare.get_id(google | facebook)
        unlink(bare, alice, google, "google")
        assert token(bare, alice, google | facebook) == alice
        assert bare.get_id(google) == alice

    def test_a_backends_user_is_not_unlinked_through_the_public_door(self, app: App) -> None:
        backend = Backend(app.cloud, app.user_pool_id, app.client_id)
        backend.pool_id = app.new_pool(DeveloperProviderName=PROVIDER, **app.accept())
        alice = backend.logins("alice")
        mine = backend.vouch("a", alice)["IdentityId"]
        backend.identity.unlink_identity(
            IdentityId=mine, Logins=alice, LoginsToRemove=[PROVIDER, backend.provider]
        )
        assert backend.identity_of("a") == mine
        assert backend.get_id(alice) != mine
