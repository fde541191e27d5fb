"""Lookup, merge and unlink: what a backend does with the identities of its users."""

from __future__ import annotations

from tests.cloud.identity_pools.app import App, allowing, error_of
from tests.cloud.identity_pools.backend import PROVIDER, UNKNOWN, Backend

NO_PROVIDER = (
    "InvalidParameterException",
    "This identity pool does not support the specified developer provider.",
)


class TestLookup:
    def test_needs_something_to_look_for(self, backend: Backend) -> None:
        assert error_of(backend.lookup)[0] == "InvalidParameterException"

    def test_finds_no_user_that_never_came(self, backend: Backend) -> None:
        code, _ = error_of(backend.lookup, DeveloperUserIdentifier="nobody")
        assert code == "ResourceNotFoundException"
        assert error_of(backend.lookup, IdentityId=UNKNOWN)[0] == "ResourceNotFoundException"

    def test_finds_none_of_another_pool(self, backend: Backend) -> None:
        alice = backend.identity_of("alice")
        other = backend.new_pool(DeveloperProviderName=PROVIDER)
        for wanted in ({"DeveloperUserIdentifier": "alice"}, {"IdentityId": alice}):
            code, _ = error_of(backend.lookup, IdentityPoolId=other, **wanted)
            assert code == "ResourceNotFoundException"

    def test_says_when_the_two_do_not_belong_together(self, backend: Backend) -> None:
        alice, _ = backend.identity_of("alice"), backend.identity_of("bob")
        code, _ = error_of(backend.lookup, IdentityId=alice, DeveloperUserIdentifier="bob")
        assert code == "ResourceConflictException"

    def test_wants_permission(self, backend: Backend) -> None:
        intern = backend.new_user_client(allowing("s3:*"))
        code, _ = error_of(
            intern.lookup_developer_identity,
            IdentityPoolId=backend.pool_id,
            DeveloperUserIdentifier="alice",
        )
        assert code == "AccessDeniedException"

    def test_finds_either_by_the_other(self, backend: Backend) -> None:
        alice = backend.identity_of("alice")
        both = {"IdentityId": alice, "DeveloperUserIdentifierList": ["alice"]}
        assert backend.lookup(DeveloperUserIdentifier="alice") == both
        assert backend.lookup(IdentityId=alice) == both
        assert backend.lookup(IdentityId=alice, DeveloperUserIdentifier="alice") == both

    def test_lists_users_in_pages(self, backend: Backend) -> None:
        mine = backend.identity_of("u0")
        for name in ("u1", "u2"):
            backend.identity_of(name)
            backend.merge(name, "u0")
        page = backend.lookup(IdentityId=mine, MaxResults=2)
        rest = backend.lookup(IdentityId=mine, MaxResults=2, NextToken=page["NextToken"])
        listed = page["DeveloperUserIdentifierList"] + rest["DeveloperUserIdentifierList"]
        assert listed == ["u0", "u1", "u2"]
        assert "NextToken" not in rest
        code, _ = error_of(backend.lookup, IdentityId=mine, NextToken="made-up")
        assert code == "InvalidParameterException"


class TestMerge:
    def test_wants_two_users_of_the_pool(self, backend: Backend) -> None:
        backend.identity_of("alice")
        for source, destination in (("alice", "nobody"), ("nobody", "alice")):
            code, _ = error_of(backend.merge, source=source, destination=destination)
            assert code == "ResourceNotFoundException"

    def test_wants_the_pools_provider(self, backend: Backend) -> None:
        backend.identity_of("alice"), backend.identity_of("bob")
        wrong = {"DeveloperProviderName": "login.other.example"}
        assert error_of(backend.merge, source="alice", destination="bob", **wrong) == NO_PROVIDER

    def test_makes_one_identity_of_two(self, backend: Backend) -> None:
        alice, old = backend.vouch("alice"), backend.vouch("alice@old")
        assert backend.merge("alice@old", "alice") == alice["IdentityId"]
        assert backend.identity_of("alice@old") == alice["IdentityId"]
        code, message = error_of(backend.sign_in, given=old)
        assert (code, message[-10:]) == ("NotAuthorizedException", "forbidden.")
        moved = old | {"IdentityId": alice["IdentityId"]}
        assert error_of(backend.sign_in, given=moved)[1].startswith("Logins don't match.")
        shown = backend.identity.list_identities(
            IdentityPoolId=backend.pool_id, MaxResults=60, HideDisabled=True
        )
        assert [one["IdentityId"] for one in shown["Identities"]] == [alice["IdentityId"]]
        assert backend.merge("alice@old", "alice") == alice["IdentityId"]

    def test_keeps_two_users_of_one_public_provider_apart(self, app: App) -> None:
        backend = Backend(app.cloud, app.user_pool_id, app.client_id)
        backend.pool_id = app.new_pool(DeveloperProviderName=PROVIDER, **app.accept())
        for name in ("alice", "bob"):
            backend.vouch(name, backend.logins(name))
        code, _ = error_of(backend.merge, source="alice", destination="bob")
        assert code == "ResourceConflictException"
        assert backend.identity_of("alice") != backend.identity_of("bob")

    def test_moves_public_logins_along(self, app: App) -> None:
        backend = Backend(app.cloud, app.user_pool_id, app.client_id)
        backend.pool_id = app.new_pool(DeveloperProviderName=PROVIDER, **app.accept())
        alice = backend.logins("alice")
        backend.vouch("alice", alice)
        wanted = backend.identity_of("alice2")
        backend.merge("alice", "alice2")
        assert backend.get_id(alice) == wanted

    def test_stops_at_twenty_logins(self, backend: Backend) -> None:
        for number in range(21):
            backend.identity_of(f"u{number}")
        for number in range(1, 20):
            backend.merge(f"u{number}", "u0")
        code, _ = error_of(backend.merge, source="u20", destination="u0")
        assert code == "ResourceConflictException"
        assert backend.identity_of("u20") != backend.identity_of("u0")


class TestUnlink:
    def test_takes_off_only_what_is_there(self, backend: Backend) -> None:
        alice = backend.identity_of("alice")
        backend.identity_of("bob")
        found = error_of(backend.unlink, identity_id=alice, user="bob")
        assert found[0] == "ResourceConflictException"
        found = error_of(backend.unlink, identity_id=alice, user="nobody")
        assert found[0] == "ResourceNotFoundException"
        wrong = {"DeveloperProviderName": "login.other.example"}
        assert error_of(backend.unlink, identity_id=alice, user="alice", **wrong) == NO_PROVIDER
        assert backend.identity_of("alice") == alice

    def test_of_the_last_login_makes_the_identity_inaccessible(self, backend: Backend) -> None:
        before = backend.vouch("alice")
        backend.unlink(before["IdentityId"], "alice")
        forbidden = f"Access to Identity '{before['IdentityId']}' is forbidden."
        refused = ("NotAuthorizedException", forbidden)
        assert error_of(backend.sign_in, given=before) == refused
        assert error_of(backend.credentials, identity_id=before["IdentityId"]) == refused
        again = {"user": "alice", "IdentityId": before["IdentityId"]}
        assert error_of(backend.vouch, **again) == refused
        assert backend.identity_of("alice") != before["IdentityId"]

    def test_makes_a_token_of_before_worthless(self, backend: Backend) -> None:
        alice, other = backend.vouch("alice", TokenDuration=86400), backend.vouch("other")
        backend.merge("other", "alice")
        backend.unlink(alice["IdentityId"], "alice")
        code, message = error_of(backend.sign_in, given=alice)
        assert (code, message[:19]) == ("NotAuthorizedException", "Logins don't match.")
        assert backend.identity_of("other") == alice["IdentityId"]
        assert other["IdentityId"] != alice["IdentityId"]
