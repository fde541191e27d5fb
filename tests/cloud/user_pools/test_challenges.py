from __future__ import annotations

import json
from typing import Any

import pytest

from helpers.cloud.user_pools.state import UserPoolsState

TEMPORARY = "Temp0rary-1"


@pytest.fixture
def invited(pool, attributes):
    pool.idp.admin_create_user(
        UserPoolId=pool.id,
        Username="alice",
        TemporaryPassword=TEMPORARY,
        UserAttributes=attributes({"email": "alice@example.com"}),
    )
    return pool


def respond(pool: Any, session: str, name: str = "alice", **responses: str) -> dict[str, Any]:
    return pool.idp.respond_to_auth_challenge(
        ClientId=pool.client,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=session,
        ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": pool.password, **responses},
    )


def test_a_made_up_session(invited, refused):
    with refused("NotAuthorizedException", "Invalid session for the user."):
        respond(invited, "x" * 100)


def test_a_session_serves_once(invited, refused):
    session = invited.start("alice", TEMPORARY)["Session"]
    respond(invited, session)
    message = "Invalid session for the user, session can only be used once."
    with refused("NotAuthorizedException", message):
        respond(invited, session, NEW_PASSWORD="An0ther-horse")
    assert invited.sign_in("alice")


def test_two_sessions_do_not_set_two_passwords(invited, refused):
    first, second = (invited.start("alice", TEMPORARY)["Session"] for _ in range(2))
    respond(invited, first)
    with refused("NotAuthorizedException", "Invalid session for the user."):
        respond(invited, second, NEW_PASSWORD="An0ther-horse")


def test_a_session_ends_after_three_minutes(invited, refused):
    session = invited.start("alice", TEMPORARY)["Session"]
    invited.cloud.clock.advance(minutes=3)
    with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
        respond(invited, session)


def test_a_session_belongs_to_one_user_and_one_client(invited, refused):
    invited.join("mallory")
    session = invited.start("alice", TEMPORARY)["Session"]
    with refused("NotAuthorizedException", "Invalid session for the user."):
        respond(invited, session, "mallory")
    other = invited.new_app()["ClientId"]
    with refused("NotAuthorizedException", "Invalid session for the user."):
        invited.idp.respond_to_auth_challenge(
            ClientId=other,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=session,
            ChallengeResponses={"USERNAME": "alice", "NEW_PASSWORD": invited.password},
        )


def test_a_session_is_for_one_kind_of_challenge(invited, refused):
    session = invited.start("alice", TEMPORARY)["Session"]
    with refused("NotAuthorizedException", "Invalid session for the user."):
        invited.idp.respond_to_auth_challenge(
            ClientId=invited.client,
            ChallengeName="PASSWORD_VERIFIER",
            ChallengeResponses={
                "USERNAME": "alice",
                "PASSWORD_CLAIM_SECRET_BLOCK": session,
                "PASSWORD_CLAIM_SIGNATURE": "AAAA",
                "TIMESTAMP": "x",
            },
        )


def test_a_bad_new_password_may_be_bettered_in_the_same_session(invited, refused):
    session = invited.start("alice", TEMPORARY)["Session"]
    with refused("InvalidPasswordException"):
        respond(invited, session, NEW_PASSWORD="short")
    assert respond(invited, session)["AuthenticationResult"]


def test_a_temporary_password_ends(invited, refused):
    invited.cloud.clock.advance(days=7)
    message = "Temporary password has expired and must be reset by an administrator."
    with refused("NotAuthorizedException", message):
        invited.start("alice", TEMPORARY)
    invited.idp.admin_create_user(UserPoolId=invited.id, Username="alice", MessageAction="RESEND")
    fresh = invited.code("alice@example.com")
    assert invited.start("alice", fresh)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_a_user_disabled_meanwhile(invited, refused):
    session = invited.start("alice", TEMPORARY)["Session"]
    invited.idp.admin_disable_user(UserPoolId=invited.id, Username="alice")
    with refused("NotAuthorizedException", "User is disabled."):
        respond(invited, session)


def test_missing_responses(invited, refused):
    session = invited.start("alice", TEMPORARY)["Session"]
    for given in ({}, {"USERNAME": "alice"}, {"NEW_PASSWORD": invited.password}):
        with refused("InvalidParameterException"):
            invited.idp.respond_to_auth_challenge(
                ClientId=invited.client,
                ChallengeName="NEW_PASSWORD_REQUIRED",
                Session=session,
                ChallengeResponses=given,
            )


@pytest.mark.parametrize(
    "name",
    [
        "CUSTOM_CHALLENGE",
        "EMAIL_OTP",
        "SMS_OTP",
        "WEB_AUTHN",
        "SELECT_CHALLENGE",
        "DEVICE_SRP_AUTH",
    ],
)
def test_challenges_that_are_not_offered_say_so(invited, refused, name):
    message = f"The offline cloud does not offer the challenge {name}"
    with refused("NotImplementedException", message):
        invited.idp.respond_to_auth_challenge(
            ClientId=invited.client,
            ChallengeName=name,
            Session="x" * 20,
            ChallengeResponses={"USERNAME": "alice"},
        )


def test_required_attributes_come_with_the_new_password(make_pool, refused):
    schema = [{"Name": "name", "Required": True}]
    pool = make_pool({"Schema": schema})
    pool.idp.admin_create_user(UserPoolId=pool.id, Username="alice", TemporaryPassword=TEMPORARY)
    challenge = pool.start("alice", TEMPORARY)
    parameters = challenge["ChallengeParameters"]
    assert json.loads(parameters["requiredAttributes"]) == ["userAttributes.name"]
    assert parameters["USER_ID_FOR_SRP"] == "alice"
    message = "Attributes did not conform to the schema: name: The attribute is required\n"
    with refused("InvalidParameterException", message):
        respond(pool, challenge["Session"])
    with refused("NotAuthorizedException"):
        respond(
            pool,
            challenge["Session"],
            **{"userAttributes.name": "A", "userAttributes.email_verified": "true"},
        )
    result = respond(pool, challenge["Session"], **{"userAttributes.name": "Alice"})
    token = result["AuthenticationResult"]["AccessToken"]
    shown = pool.idp.get_user(AccessToken=token)["UserAttributes"]
    assert {"Name": "name", "Value": "Alice"} in shown


def test_an_administrator_answers_for_the_user(invited):
    started = invited.idp.admin_initiate_auth(
        UserPoolId=invited.id,
        ClientId=invited.client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "alice", "PASSWORD": TEMPORARY},
    )
    answer = invited.idp.admin_respond_to_auth_challenge(
        UserPoolId=invited.id,
        ClientId=invited.client,
        ChallengeName=started["ChallengeName"],
        Session=started["Session"],
        ChallengeResponses={"USERNAME": "alice", "NEW_PASSWORD": invited.password},
    )
    assert invited.who(answer["AuthenticationResult"]["AccessToken"]) == "alice"


def test_sign_ins_that_nobody_finished_are_forgotten(make_pool):
    pool = make_pool(PreventUserExistenceErrors="ENABLED")
    kept = pool.world.room(UserPoolsState).pool(pool.id).challenges
    for _ in range(3):
        pool.idp.initiate_auth(
            ClientId=pool.client,
            AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": "nobody", "SRP_A": "a5" * 100},
        )
        pool.cloud.clock.advance(hours=2)
    assert len(kept) == 1
