from __future__ import annotations

import boto3
import pytest


def test_a_wrong_code_does_not_confirm(pool, refused, wrong):
    pool.sign_up("alice")
    message = "Invalid verification code provided, please try again."
    with refused("CodeMismatchException", message):
        pool.idp.confirm_sign_up(
            ClientId=pool.client,
            Username="alice",
            ConfirmationCode=wrong(pool.code("alice@example.com")),
        )
    with refused("UserNotConfirmedException", "User is not confirmed."):
        pool.sign_in("alice")


def test_another_users_code_does_not_confirm(pool, refused):
    pool.sign_up("alice")
    pool.sign_up("mallory")
    with refused("CodeMismatchException"):
        pool.idp.confirm_sign_up(
            ClientId=pool.client,
            Username="alice",
            ConfirmationCode=pool.code("mallory@example.com"),
        )


def test_a_code_serves_once(pool, refused):
    pool.join("alice")
    message = "User cannot be confirmed. Current status is CONFIRMED"
    with refused("NotAuthorizedException", message):
        pool.idp.confirm_sign_up(
            ClientId=pool.client,
            Username="alice",
            ConfirmationCode=pool.code("alice@example.com"),
        )


def test_a_code_expires_after_a_day(pool, refused):
    pool.sign_up("alice")
    pool.cloud.clock.advance(hours=24)
    message = "Invalid code provided, please request a code again."
    with refused("ExpiredCodeException", message):
        pool.idp.confirm_sign_up(
            ClientId=pool.client,
            Username="alice",
            ConfirmationCode=pool.code("alice@example.com"),
        )


def test_a_new_code_voids_the_old_one(pool, refused):
    pool.sign_up("alice")
    old = pool.code("alice@example.com")
    pool.idp.resend_confirmation_code(ClientId=pool.client, Username="alice")
    new = pool.code("alice@example.com")
    with refused("CodeMismatchException"):
        pool.idp.confirm_sign_up(ClientId=pool.client, Username="alice", ConfirmationCode=old)
    pool.idp.confirm_sign_up(ClientId=pool.client, Username="alice", ConfirmationCode=new)


def test_codes_cannot_be_guessed_by_trying(pool, refused, wrong):
    pool.sign_up("alice")
    right = pool.code("alice@example.com")
    for _ in range(5):
        with refused("CodeMismatchException"):
            pool.idp.confirm_sign_up(
                ClientId=pool.client, Username="alice", ConfirmationCode=wrong(right)
            )
    message = "Attempt limit exceeded, please try after some time."
    with refused("LimitExceededException", message):
        pool.idp.confirm_sign_up(ClientId=pool.client, Username="alice", ConfirmationCode=right)
    # A fresh code does not give fresh guesses.
    pool.idp.resend_confirmation_code(ClientId=pool.client, Username="alice")
    right = pool.code("alice@example.com")
    with refused("LimitExceededException", message):
        pool.idp.confirm_sign_up(ClientId=pool.client, Username="alice", ConfirmationCode=right)
    pool.cloud.clock.advance(hours=1)
    pool.idp.confirm_sign_up(ClientId=pool.client, Username="alice", ConfirmationCode=right)


def test_codes_cannot_be_asked_for_without_end(pool, refused):
    pool.sign_up("alice")
    for _ in range(4):
        pool.idp.resend_confirmation_code(ClientId=pool.client, Username="alice")
    with refused("LimitExceededException"):
        pool.idp.resend_confirmation_code(ClientId=pool.client, Username="alice")


@pytest.mark.parametrize("code", ["0", "x" * 2000, "１２３４５６", "-1"])  # noqa: RUF001
def test_odd_codes_are_wrong_codes(pool, refused, code):
    pool.sign_up("alice")
    with refused("CodeMismatchException"):
        pool.idp.confirm_sign_up(ClientId=pool.client, Username="alice", ConfirmationCode=code)


def test_a_taken_name_is_refused(pool, refused):
    pool.sign_up("alice")
    with refused("UsernameExistsException", "User already exists"):
        pool.sign_up("alice")


def test_a_sub_cannot_be_taken_as_a_name(pool, refused):
    sub = pool.sign_up("alice")["UserSub"]
    with refused("UsernameExistsException"):
        pool.sign_up(sub)


def test_an_administrators_pool_has_no_sign_up(make_pool, refused):
    pool = make_pool({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}})
    with refused("NotAuthorizedException", "SignUp is not permitted for this user pool"):
        pool.sign_up("alice")


def test_an_unknown_client(pool, refused):
    message = "User pool client nosuchclient does not exist."
    with refused("ResourceNotFoundException", message):
        pool.idp.sign_up(ClientId="nosuchclient", Username="alice", Password=pool.password)


def test_a_client_of_another_region_is_unknown(pool, refused):
    elsewhere = boto3.client("cognito-idp", region_name="eu-west-1")
    with refused("ResourceNotFoundException"):
        elsewhere.sign_up(ClientId=pool.client, Username="alice", Password=pool.password)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab1-", "Password not long enough"),
        ("correct-h0rse", "Password must have uppercase characters"),
        ("CORRECT-H0RSE", "Password must have lowercase characters"),
        ("Correct-horse", "Password must have numeric characters"),
        ("C0rrecthorse", "Password must have symbol characters"),
    ],
)
def test_each_rule_of_the_password_policy(pool, refused, password, reason):
    message = f"Password did not conform with policy: {reason}"
    with refused("InvalidPasswordException", message):
        pool.idp.sign_up(ClientId=pool.client, Username="alice", Password=password)


def test_a_rule_that_is_left_out_of_the_policy_is_off(make_pool, attributes):
    pool = make_pool({"Policies": {"PasswordPolicy": {"MinimumLength": 6}}})
    pool.idp.sign_up(ClientId=pool.client, Username="alice", Password="simple")


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        (
            {"custom:nothing": "1"},
            "NotAuthorizedException",
            "A client attempted to write unauthorized attribute",
        ),
        (
            {"email_verified": "true"},
            "NotAuthorizedException",
            "A client attempted to write unauthorized attribute",
        ),
        (
            {"email": "no address"},
            "InvalidParameterException",
            "Invalid email address format.",
        ),
        (
            {"phone_number": "555"},
            "InvalidParameterException",
            "Invalid phone number format.",
        ),
        (
            {"sub": "me"},
            "InvalidParameterException",
            "Attributes did not conform to the schema: sub: Attribute cannot be updated.\n",
        ),
    ],
)
def test_attributes_that_may_not_be_written(pool, refused, attributes, given, code, message):
    with refused(code, message):
        pool.idp.sign_up(
            ClientId=pool.client,
            Username="alice",
            Password=pool.password,
            UserAttributes=attributes(given),
        )


def test_required_attributes_must_be_there(make_pool, refused):
    schema = [{"Name": "email", "Required": True}]
    pool = make_pool({"Schema": schema})
    message = "Attributes did not conform to the schema: email: The attribute is required\n"
    with refused("InvalidParameterException", message):
        pool.idp.sign_up(ClientId=pool.client, Username="alice", Password=pool.password)


def test_custom_attributes_keep_their_limits(make_pool, refused):
    limits = {"MinValue": "1", "MaxValue": "9"}
    schema = [
        {"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": limits}
    ]
    pool = make_pool({"Schema": schema}, WriteAttributes=["email", "custom:level"])
    for value in ("0", "10", "x", "9" * 2000):
        with refused("InvalidParameterException"):
            pool.sign_up("alice", **{"custom:level": value})
    pool.sign_up("alice", **{"custom:level": "9"})


def test_confirming_an_unknown_user(make_pool, refused):
    pool = make_pool()
    message = "Username/client id combination not found."
    with refused("UserNotFoundException", message):
        pool.idp.confirm_sign_up(ClientId=pool.client, Username="nobody", ConfirmationCode="1")
    quiet = pool.new_app(PreventUserExistenceErrors="ENABLED")["ClientId"]
    with refused("ExpiredCodeException"):
        pool.idp.confirm_sign_up(ClientId=quiet, Username="nobody", ConfirmationCode="1")


def test_the_confirmed_address_is_verified(pool):
    pool.join("alice")
    user = pool.idp.admin_get_user(UserPoolId=pool.id, Username="alice")
    found = {a["Name"]: a["Value"] for a in user["UserAttributes"]}
    assert (user["UserStatus"], found["email_verified"]) == ("CONFIRMED", "true")


def test_a_code_proves_only_the_address_it_was_sent_to(pool, refused, attributes):
    pool.sign_up("alice")
    pool.idp.admin_update_user_attributes(
        UserPoolId=pool.id,
        Username="alice",
        UserAttributes=attributes({"email": "boss@example.com"}),
    )
    first = pool.cloud.inbox.latest("alice@example.com").code
    with refused("ExpiredCodeException"):
        pool.idp.confirm_sign_up(ClientId=pool.client, Username="alice", ConfirmationCode=first)


def test_sign_up_says_where_the_code_went(pool):
    details = pool.sign_up("alice")["CodeDeliveryDetails"]
    assert details == {
        "Destination": "a***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }


def test_the_phone_comes_before_the_email(make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["email", "phone_number"]})
    details = pool.sign_up("alice", phone_number="+15555550100")["CodeDeliveryDetails"]
    assert details["DeliveryMedium"] == "SMS"
    assert details["Destination"].endswith("0100")
    assert pool.cloud.inbox.latest("+15555550100").medium == "SMS"


def test_no_code_where_nothing_is_verified(make_pool):
    pool = make_pool({"AutoVerifiedAttributes": []})
    assert "CodeDeliveryDetails" not in pool.sign_up("alice")
    pool.idp.admin_confirm_sign_up(UserPoolId=pool.id, Username="alice")
    assert pool.who(pool.sign_in("alice")["AccessToken"]) == "alice"


def test_nothing_keeps_the_password(pool):
    from helpers.cloud import resources

    pool.join("alice")
    kept = resources.backend("cognito-idp", "123456789012", "us-east-1").user_pools[pool.id]
    assert kept.users["alice"].password is None
    assert pool.password not in repr(pool.cloud.trace[:])


def test_a_user_name_may_hold_any_letters(pool):
    pool.idp.sign_up(
        ClientId=pool.client,
        Username="Zoë☃",
        Password=pool.password,
        UserAttributes=[{"Name": "email", "Value": "z@example.com"}],
    )
    code = pool.code("z@example.com")
    pool.idp.confirm_sign_up(ClientId=pool.client, Username="Zoë☃", ConfirmationCode=code)
    assert pool.who(pool.sign_in("Zoë☃")["AccessToken"]) == "Zoë☃"
