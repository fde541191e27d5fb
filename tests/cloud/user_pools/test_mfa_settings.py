"""A pool's MFA settings: what AWS refuses, and what it shows afterwards."""

from __future__ import annotations

import pytest

from tests.cloud.user_pools.second_factor import SMS, require

NO_PHONES = (
    "SMS configuration and Auto verification for phone_number are required when MFA is "
    "required/optional"
)
PHONES = {"AutoVerifiedAttributes": ["phone_number"], "SmsConfiguration": SMS}
TOTP = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}


def shown(pool):
    answer = pool.idp.get_user_pool_mfa_config(UserPoolId=pool.id)
    return {k: v for k, v in answer.items() if k != "ResponseMetadata"}


@pytest.mark.parametrize("mode", ["ON", "OPTIONAL"])
@pytest.mark.parametrize(
    "settings", [{}, {"SmsConfiguration": SMS}, {"AutoVerifiedAttributes": ["phone_number"]}]
)
def test_a_new_pool_with_mfa_must_be_able_to_text(make_pool, refused, mode, settings):
    with refused("InvalidParameterException", NO_PHONES):
        make_pool({"MfaConfiguration": mode, **settings})


def test_a_pool_without_a_factor_is_not_switched_on_by_an_update(pool, refused):
    message = "Cannot turn MFA functionality ON, once the user pool has been created."
    with refused("InvalidParameterException", message):
        pool.idp.update_user_pool(UserPoolId=pool.id, MfaConfiguration="ON")
    with refused("InvalidParameterException", NO_PHONES):
        pool.idp.update_user_pool(UserPoolId=pool.id, MfaConfiguration="OPTIONAL")
    assert shown(pool) == {"MfaConfiguration": "OFF"}


@pytest.mark.parametrize("mode", ["ON", "OPTIONAL"])
@pytest.mark.parametrize("factors", [{}, {"SoftwareTokenMfaConfiguration": {"Enabled": False}}])
def test_mfa_needs_a_factor(pool, refused, mode, factors):
    message = (
        "Invalid MFA Configuration given. SMS MFA, Email MFA, or Software Token MFA must be "
        "enabled."
    )
    with refused("InvalidParameterException", message):
        pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration=mode, **factors)


@pytest.mark.parametrize("factor", [TOTP, {"SmsMfaConfiguration": {"SmsConfiguration": SMS}}])
@pytest.mark.parametrize("mode", [{"MfaConfiguration": "OFF"}, {}])
def test_no_factor_is_configured_while_mfa_is_off(pool, refused, factor, mode):
    message = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
    with refused("InvalidParameterException", message):
        pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, **mode, **factor)


def test_text_messages_need_a_role_that_sends_them(pool, refused):
    with refused("InvalidParameterException"):
        pool.idp.set_user_pool_mfa_config(
            UserPoolId=pool.id,
            MfaConfiguration="ON",
            SmsMfaConfiguration={"SmsAuthenticationMessage": "Code {####}"},
        )


@pytest.mark.parametrize("message", ["Your code", "{####}" + "x" * 140])
def test_a_message_must_have_a_place_for_the_code(pool, refused, message):
    with refused("InvalidParameterException"):
        pool.idp.set_user_pool_mfa_config(
            UserPoolId=pool.id,
            MfaConfiguration="ON",
            SmsMfaConfiguration={"SmsConfiguration": SMS, "SmsAuthenticationMessage": message},
        )


@pytest.mark.parametrize(
    "settings",
    [
        {"EmailMfaConfiguration": {"Message": "Code {####}", "Subject": "Code"}},
        {"WebAuthnConfiguration": {"RelyingPartyId": "example.com"}},
    ],
)
def test_factors_that_are_not_offered_say_so(pool, refused, settings):
    (name,) = settings
    with refused("NotImplementedException", f"The offline cloud does not offer {name}"):
        pool.idp.set_user_pool_mfa_config(
            UserPoolId=pool.id, MfaConfiguration="ON", **TOTP, **settings
        )
    assert shown(pool) == {"MfaConfiguration": "OFF"}


def test_a_refused_change_changes_nothing(pool, refused):
    require(pool, "ON")
    with refused("InvalidParameterException"):
        pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration="OFF", **TOTP)
    assert shown(pool) == {"MfaConfiguration": "ON", **TOTP}


def test_what_is_set_is_shown_and_what_is_left_out_ends(pool):
    require(pool, "OPTIONAL", sms=True)
    assert shown(pool) == {
        "MfaConfiguration": "OPTIONAL",
        "SmsMfaConfiguration": {"SmsConfiguration": SMS},
        **TOTP,
    }
    described = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert (described["MfaConfiguration"], described["SmsConfiguration"]) == ("OPTIONAL", SMS)
    require(pool, "ON")
    assert shown(pool) == {"MfaConfiguration": "ON", **TOTP}
    pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration="OFF")
    assert shown(pool) == {"MfaConfiguration": "OFF"}


def test_a_pool_that_can_text_offers_text_messages(make_pool):
    pool = make_pool({"MfaConfiguration": "OPTIONAL", **PHONES})
    assert shown(pool) == {
        "MfaConfiguration": "OPTIONAL",
        "SmsMfaConfiguration": {"SmsConfiguration": SMS},
    }


def test_an_update_keeps_the_apps_and_returns_the_rest_to_its_default(pool):
    require(pool, "OPTIONAL")
    pool.idp.update_user_pool(UserPoolId=pool.id, MfaConfiguration="ON")
    assert shown(pool) == {"MfaConfiguration": "ON", **TOTP}
    pool.idp.update_user_pool(UserPoolId=pool.id)
    assert shown(pool) == {"MfaConfiguration": "OFF"}


def test_two_pools_have_their_own_settings(pool, make_pool):
    other = make_pool()
    require(pool, "ON")
    assert shown(other) == {"MfaConfiguration": "OFF"}
