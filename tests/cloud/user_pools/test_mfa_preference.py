"""Which factors a user turns on, off and prefers; and what GetUser shows of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cloud.user_pools.second_factor import PHONE, enrol, prefer, require, respond

ON = {"Enabled": True, "PreferredMfa": True}
OFF = {"Enabled": False, "PreferredMfa": False}


def no_delivery(name: str) -> str:
    return f"User does not have delivery config set to turn on {name}"


def settings(pool: Any) -> dict[str, Any]:
    user = pool.idp.admin_get_user(UserPoolId=pool.id, Username="alice")
    return {k: v for k, v in user.items() if k in ("UserMFASettingList", "PreferredMfaSetting")}


@pytest.fixture
def alice(pool: Any) -> str:
    """A user with a phone number and an access token, in a pool where MFA is optional."""
    require(pool, sms=True)
    pool.join("alice", phone_number=PHONE)
    return pool.sign_in("alice")["AccessToken"]


def test_an_app_must_be_proved_before_it_is_turned_on(pool, alice, refused):
    for _ in range(2):
        with refused("InvalidParameterException", no_delivery("SOFTWARE_TOKEN_MFA")):
            prefer(pool, totp=ON)
        with refused("InvalidParameterException", no_delivery("SOFTWARE_TOKEN_MFA")):
            pool.idp.set_user_mfa_preference(AccessToken=alice, SoftwareTokenMfaSettings=ON)
        pool.idp.associate_software_token(AccessToken=alice)
    assert settings(pool) == {}


def test_text_messages_need_a_phone_number_and_a_pool_that_sends_them(pool, alice, refused):
    require(pool)
    with refused("InvalidParameterException", no_delivery("SMS_MFA")):
        prefer(pool, sms=ON)
    require(pool, sms=True)
    pool.idp.admin_delete_user_attributes(
        UserPoolId=pool.id, Username="alice", UserAttributeNames=["phone_number"]
    )
    with refused("InvalidParameterException", no_delivery("SMS_MFA")):
        prefer(pool, sms=ON)


def test_one_factor_is_preferred_and_it_must_be_on(pool, alice, refused):
    enrol(pool)
    with refused("InvalidParameterException"):
        prefer(pool, sms=ON, totp=ON)
    with refused("InvalidParameterException"):
        prefer(pool, sms={"Enabled": False, "PreferredMfa": True})
    with refused("InvalidParameterException"):
        prefer(pool, sms={"PreferredMfa": True})
    assert settings(pool) == {"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]}


@pytest.mark.parametrize("name", ["EmailMfaSettings", "WebAuthnMfaSettings"])
def test_factors_that_are_not_offered_say_so(pool, alice, refused, name):
    with refused("NotImplementedException", f"The offline cloud does not offer {name}"):
        pool.idp.set_user_mfa_preference(AccessToken=alice, **{name: {"Enabled": True}})


def test_a_bad_token_and_an_unknown_user(pool, alice, refused):
    with refused("NotAuthorizedException", "Invalid Access Token"):
        pool.idp.set_user_mfa_preference(AccessToken="eyJ.eyJ.x", SMSMfaSettings=ON)
    with refused("UserNotFoundException", "User does not exist."):
        prefer(pool, "nobody", sms=ON)


def test_where_mfa_is_required_a_factor_is_not_turned_off(pool, alice, refused):
    phone = enrol(pool)
    require(pool, "ON", sms=True)
    with refused("InvalidParameterException"):
        prefer(pool, totp=OFF)
    with refused("InvalidParameterException"):
        pool.idp.set_user_mfa_preference(AccessToken=alice, SoftwareTokenMfaSettings=OFF)
    prefer(pool, totp=ON, sms=OFF)
    answer = respond(pool, pool.start("alice"), SOFTWARE_TOKEN_MFA_CODE=phone.next())
    assert answer["AuthenticationResult"]


def test_a_user_of_an_outside_provider_has_no_second_factor(pool, alice, refused):
    pool.idp.admin_disable_provider_for_user(
        UserPoolId=pool.id,
        User={
            "ProviderName": "Cognito",
            "ProviderAttributeName": "Cognito_Subject",
            "ProviderAttributeValue": "alice",
        },
    )
    with refused("InvalidParameterException", no_delivery("SMS_MFA")):
        prefer(pool, sms=ON)


def test_what_is_set_is_shown_by_both_doors(pool, alice):
    enrol(pool)
    pool.idp.set_user_mfa_preference(
        AccessToken=alice, SMSMfaSettings=ON, SoftwareTokenMfaSettings={"Enabled": True}
    )
    wanted = {
        "UserMFASettingList": ["SMS_MFA", "SOFTWARE_TOKEN_MFA"],
        "PreferredMfaSetting": "SMS_MFA",
    }
    assert settings(pool) == wanted
    own = pool.idp.get_user(AccessToken=alice)
    assert {k: own[k] for k in wanted} == wanted


def test_what_is_not_named_stays(pool, alice):
    enrol(pool)
    prefer(pool, totp=ON)
    prefer(pool, sms={"Enabled": True})
    assert settings(pool)["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    prefer(pool, totp=OFF)
    assert settings(pool) == {"UserMFASettingList": ["SMS_MFA"]}
    prefer(pool, totp={"Enabled": True})
    assert pool.start("alice")["ChallengeName"] == "SELECT_MFA_TYPE"


def test_a_deleted_app_is_no_longer_preferred(pool, alice):
    enrol(pool)
    prefer(pool, totp=ON)
    pool.idp.admin_delete_software_token(UserPoolId=pool.id, Username="alice")
    assert settings(pool) == {}
    assert pool.sign_in("alice")


def test_users_without_a_factor_show_none(pool, alice):
    assert settings(pool) == {}
    assert "UserMFASettingList" not in pool.idp.get_user(AccessToken=alice)
