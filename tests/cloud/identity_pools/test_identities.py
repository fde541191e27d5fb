from __future__ import annotations

from tests.cloud.identity_pools.app import App, error_of

MISMATCH = (
    "NotAuthorizedException",
    "Logins don't match. Please include at least one valid login for this identity or "
    "identity pool.",
)
UNKNOWN = "us-east-1:00000000-0000-4000-8000-000000000000"


def forbidden(identity_id: str) -> tuple[str, str]:
    return "NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."


def test_nobody_gets_credentials_for_another_users_identity(app: App) -> None:
    alice, bob = app.logins("alice"), app.logins("bob")
    of_alice = app.get_id(alice)
    assert error_of(app.credentials, identity_id=of_alice, logins=bob) == MISMATCH
    app.get_id(bob)
    assert error_of(app.credentials, identity_id=of_alice, logins=bob) == MISMATCH


def test_a_guest_gets_no_credentials_for_a_users_identity(app: App) -> None:
    of_alice = app.get_id(app.logins("alice"))
    assert error_of(app.credentials, identity_id=of_alice) == forbidden(of_alice)


def test_a_login_of_one_pool_opens_no_identity_of_another(app: App) -> None:
    elsewhere = app.new_pool(AllowUnauthenticatedIdentities=True)
    stranger = app.get_id(pool_id=elsewhere)
    code, _ = error_of(app.credentials, identity_id=stranger, logins=app.logins("alice"))
    assert code == "NotAuthorizedException"


def test_an_identity_that_does_not_exist(app: App) -> None:
    missing = ("ResourceNotFoundException", f"Identity '{UNKNOWN}' not found.")
    assert error_of(app.credentials, identity_id=UNKNOWN) == missing
    assert error_of(app.identity.describe_identity, IdentityId=UNKNOWN) == missing
    assert error_of(app.credentials, identity_id=UNKNOWN, logins=app.logins("alice")) == missing


def test_two_users_of_one_user_pool_never_share_an_identity(app: App) -> None:
    guest = app.get_id()
    alice, bob = app.logins("alice"), app.logins("bob")
    app.credentials(guest, alice)
    assert error_of(app.credentials, identity_id=guest, logins=bob) == MISMATCH


def test_logins_of_two_identities_are_a_conflict(app: App) -> None:
    alice, other = app.logins("alice"), app.with_another_user_pool().logins("alice")
    one, two = app.get_id(alice), app.get_id(other)
    assert one != two
    assert error_of(app.get_id, logins=alice | other)[0] == "ResourceConflictException"


def test_a_login_added_to_an_identity_leads_to_it_from_then_on(app: App) -> None:
    alice, other = app.logins("alice"), app.with_another_user_pool().logins("alice")
    identity_id = app.get_id(alice)
    assert app.get_id(alice | other) == identity_id
    assert app.get_id(other) == identity_id
    described = app.identity.describe_identity(IdentityId=identity_id)
    assert described["Logins"] == [*alice, *other]


def test_a_users_identity_is_always_the_same(app: App) -> None:
    first = app.get_id(app.logins("alice"))
    app.cloud.clock.advance(days=30)
    assert app.get_id(app.logins("alice")) == first
    assert app.get_id(app.logins("bob")) != first


def test_a_user_has_another_identity_in_another_pool(app: App) -> None:
    other = app.new_pool(**app.accept())
    logins = app.logins("alice")
    assert app.get_id(logins) != app.get_id(logins, other)


def test_every_guest_is_somebody_new(app: App) -> None:
    assert len({app.get_id() for _ in range(3)}) == 3


def test_a_guest_who_signs_up_keeps_his_identity(app: App) -> None:
    guest, alice = app.get_id(), app.logins("alice")
    assert app.credentials(guest, alice)["IdentityId"] == guest
    assert app.get_id(alice) == guest
    assert error_of(app.credentials, identity_id=guest) == forbidden(guest)


def test_a_guest_who_was_somebody_already_becomes_that_again(app: App) -> None:
    alice = app.logins("alice")
    of_old, guest = app.get_id(alice), app.get_id()
    assert app.credentials(guest, alice)["IdentityId"] == of_old
    assert error_of(app.credentials, identity_id=guest) == forbidden(guest)
    bob = app.logins("bob")
    assert error_of(app.credentials, identity_id=guest, logins=bob) == forbidden(guest)
    shown = app.identity.list_identities(
        IdentityPoolId=app.pool_id, MaxResults=60, HideDisabled=True
    )
    assert [one["IdentityId"] for one in shown["Identities"]] == [of_old]


class TestUnlinking:
    def test_takes_a_token_of_the_identity(self, app: App) -> None:
        of_alice, bob = app.get_id(app.logins("alice")), app.logins("bob")
        what = {"IdentityId": of_alice, "LoginsToRemove": [app.provider]}
        assert error_of(app.identity.unlink_identity, Logins=bob, **what) == MISMATCH
        assert error_of(app.identity.unlink_identity, Logins={}, **what) == MISMATCH

    def test_the_last_login_makes_the_identity_inaccessible(self, app: App) -> None:
        alice = app.logins("alice")
        identity_id = app.get_id(alice)
        app.identity.unlink_identity(
            IdentityId=identity_id, Logins=alice, LoginsToRemove=[app.provider]
        )
        assert error_of(app.credentials, identity_id=identity_id) == forbidden(identity_id)
        refused = error_of(app.credentials, identity_id=identity_id, logins=alice)
        assert refused == forbidden(identity_id)
        assert app.get_id(alice) != identity_id


class TestAdministration:
    def test_an_identity_is_described_with_its_providers(self, app: App) -> None:
        guest, alice = app.get_id(), app.get_id(app.logins("alice"))
        assert "Logins" not in app.identity.describe_identity(IdentityId=guest)
        described = app.identity.describe_identity(IdentityId=alice)
        assert described["Logins"] == [app.provider]
        assert described["CreationDate"] == described["LastModifiedDate"]

    def test_identities_are_listed_in_pages(self, app: App) -> None:
        made = [app.get_id() for _ in range(3)]
        page = app.identity.list_identities(IdentityPoolId=app.pool_id, MaxResults=2)
        rest = app.identity.list_identities(
            IdentityPoolId=app.pool_id, MaxResults=2, NextToken=page["NextToken"]
        )
        listed = [one["IdentityId"] for one in page["Identities"] + rest["Identities"]]
        assert listed == made
        assert "NextToken" not in rest

    def test_a_deleted_identity_is_gone(self, app: App) -> None:
        alice = app.logins("alice")
        identity_id = app.get_id(alice)
        app.identity.delete_identities(IdentityIdsToDelete=[identity_id, UNKNOWN])
        missing = ("ResourceNotFoundException", f"Identity '{identity_id}' not found.")
        assert error_of(app.credentials, identity_id=identity_id, logins=alice) == missing
        assert app.get_id(alice) != identity_id
