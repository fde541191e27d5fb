from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

import pytest

# The client's half of SRP, written from RFC 5054 and the numbers that Cognito uses.
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E34"
    "04DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6"
    "F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A6916"
    "3FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C"
    "32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA95"
    "6AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA7157"
    "5D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D876"
    "02733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E"
    "4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
SMALL_A = int.from_bytes(hashlib.sha256(b"a client's secret number").digest(), "big")
TIMESTAMP = "Thu Jan 15 12:00:00 UTC 2026"
WRONG = "Incorrect username or password."


def padded(number: int) -> bytes:
    text = f"{number:x}"
    text = "0" + text if len(text) % 2 else text
    return bytes.fromhex("00" + text if text[0] in "89abcdef" else text)


def digest(*parts: bytes) -> int:
    return int(hashlib.sha256(b"".join(parts)).hexdigest(), 16)


def answer(pool: Any, given: dict[str, str], password: str) -> dict[str, str]:
    """The responses to a PASSWORD_VERIFIER challenge."""
    user, pool_name = given["USER_ID_FOR_SRP"], pool.id.split("_")[1]
    b_public, salt = int(given["SRP_B"], 16), int(given["SALT"], 16)
    a_public = pow(2, SMALL_A, N)
    u = digest(padded(a_public), padded(b_public))
    identity = hashlib.sha256(f"{pool_name}{user}:{password}".encode()).digest()
    x = digest(padded(salt), identity)
    k = digest(padded(N), padded(2))
    secret = pow(b_public - k * pow(2, x, N), SMALL_A + u * x, N)
    seed = hmac.new(padded(u), padded(secret), "sha256").digest()
    key = hmac.new(seed, b"Caldera Derived Key\x01", "sha256").digest()[:16]
    block = base64.b64decode(given["SECRET_BLOCK"])
    message = pool_name.encode() + user.encode() + block + TIMESTAMP.encode()
    proof = hmac.new(key, message, "sha256").digest()
    return {
        "USERNAME": user,
        "PASSWORD_CLAIM_SECRET_BLOCK": given["SECRET_BLOCK"],
        "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(proof).decode(),
        "TIMESTAMP": TIMESTAMP,
    }


def begin(pool: Any, name: str, srp_a: str = "") -> dict[str, str]:
    response = pool.idp.initiate_auth(
        ClientId=pool.client,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": name, "SRP_A": srp_a or f"{pow(2, SMALL_A, N):x}"},
    )
    assert response["ChallengeName"] == "PASSWORD_VERIFIER"
    return response["ChallengeParameters"]


def respond(pool: Any, responses: dict[str, str]) -> dict[str, Any]:
    return pool.idp.respond_to_auth_challenge(
        ClientId=pool.client, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses
    )


@pytest.fixture
def joined(pool):
    pool.join("alice")
    return pool


def test_a_wrong_password_gives_a_wrong_proof(joined, refused):
    with refused("NotAuthorizedException", WRONG):
        respond(joined, answer(joined, begin(joined, "alice"), "Wr0ng-horse"))


def test_any_other_proof_is_refused(joined, refused):
    for signature in ("AAAA", "not base64!", "A" * 100_000):
        responses = answer(joined, begin(joined, "alice"), joined.password)
        with refused("NotAuthorizedException", WRONG):
            respond(joined, {**responses, "PASSWORD_CLAIM_SIGNATURE": signature})
        joined.cloud.clock.advance(minutes=1)


@pytest.mark.parametrize("multiple", [0, 1, 2])
def test_a_public_number_that_gives_the_key_away(joined, refused, multiple):
    with refused("InvalidParameterException"):
        begin(joined, "alice", f"{N * multiple:x}")


@pytest.mark.parametrize("number", ["xyz", "-2", "0x2", "1_0", "f" * 100_000, " 2"])
def test_what_is_no_public_number(joined, refused, number):
    with refused("InvalidParameterException"):
        begin(joined, "alice", number)


def test_a_proof_serves_once(joined, refused):
    responses = answer(joined, begin(joined, "alice"), joined.password)
    assert respond(joined, responses)["AuthenticationResult"]
    with refused("NotAuthorizedException"):
        respond(joined, responses)


def test_a_challenge_does_not_wait_for_ever(joined, refused):
    responses = answer(joined, begin(joined, "alice"), joined.password)
    joined.cloud.clock.advance(minutes=3)
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        respond(joined, responses)


def test_a_proof_is_for_its_own_user(joined, refused):
    joined.join("mallory")
    responses = answer(joined, begin(joined, "mallory"), joined.password)
    with refused("NotAuthorizedException", WRONG):
        respond(joined, {**responses, "USERNAME": "alice"})


def test_a_password_changed_meanwhile(joined, refused):
    responses = answer(joined, begin(joined, "alice"), joined.password)
    joined.idp.admin_set_user_password(
        UserPoolId=joined.id, Username="alice", Password="0ther-Horse", Permanent=True
    )
    with refused("NotAuthorizedException", WRONG):
        respond(joined, responses)


def test_wrong_proofs_lock_the_password_too(joined, refused):
    for _ in range(5):
        responses = answer(joined, begin(joined, "alice"), "Wr0ng-horse")
        with refused("NotAuthorizedException", WRONG):
            respond(joined, responses)
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        joined.sign_in("alice")
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        begin(joined, "alice")


def test_challenges_gathered_before_the_lock_do_not_pass_it(joined, refused):
    gathered = [begin(joined, "alice") for _ in range(6)]
    for given in gathered[:5]:
        with refused("NotAuthorizedException", WRONG):
            respond(joined, answer(joined, given, "Wr0ng-horse"))
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        respond(joined, answer(joined, gathered[5], joined.password))


def test_an_unknown_user_gets_a_steady_challenge_where_users_are_hidden(make_pool, refused):
    pool = make_pool(PreventUserExistenceErrors="ENABLED")
    first, second = begin(pool, "nobody"), begin(pool, "nobody")
    assert first["SALT"] == second["SALT"]
    assert first["SRP_B"] != second["SRP_B"]
    with refused("NotAuthorizedException", WRONG):
        respond(pool, answer(pool, second, pool.password))


def test_an_unconfirmed_user_is_told_so_only_after_the_proof(pool, refused):
    pool.sign_up("alice")
    with refused("NotAuthorizedException", WRONG):
        respond(pool, answer(pool, begin(pool, "alice"), "Wr0ng-horse"))
    with refused("UserNotConfirmedException"):
        respond(pool, answer(pool, begin(pool, "alice"), pool.password))


def test_the_right_password_signs_in(joined):
    # The hexadecimal lengths vary from run to run of the protocol; all of them must agree.
    for _ in range(4):
        given = begin(joined, "alice")
        assert given["USERNAME"] == given["USER_ID_FOR_SRP"] == "alice"
        assert given["SALT"][:2] not in ("00",)
        result = respond(joined, answer(joined, given, joined.password))
        assert joined.who(result["AuthenticationResult"]["AccessToken"]) == "alice"


def test_a_temporary_password_asks_for_a_new_one(pool):
    pool.idp.admin_create_user(
        UserPoolId=pool.id, Username="alice", TemporaryPassword="Temp0rary-1"
    )
    response = respond(pool, answer(pool, begin(pool, "alice"), "Temp0rary-1"))
    assert response["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    response = pool.idp.respond_to_auth_challenge(
        ClientId=pool.client,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=response["Session"],
        ChallengeResponses={"USERNAME": "alice", "NEW_PASSWORD": pool.password},
    )
    assert pool.who(response["AuthenticationResult"]["AccessToken"]) == "alice"
    assert respond(pool, answer(pool, begin(pool, "alice"), pool.password))
