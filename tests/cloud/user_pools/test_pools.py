from __future__ import annotations

import re

import pytest

from helpers.cloud.user_pools import OPERATIONS
from helpers.cloud.user_pools.not_offered import OPERATIONS_NOT_OFFERED

OUT_OF_RANGE = "Invalid range for token validity."


@pytest.mark.parametrize(
    "settings",
    [
        {"AccessTokenValidity": 25},
        {"IdTokenValidity": 2, "TokenValidityUnits": {"IdToken": "days"}},
        {"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}},
        {"AccessTokenValidity": 86400, "TokenValidityUnits": {"AccessToken": "days"}},
        {"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}},
        {"RefreshTokenValidity": 3651},
        {"RefreshTokenValidity": 315360000},
    ],
)
def test_tokens_live_neither_too_short_nor_too_long(pool, refused, settings):
    with refused("InvalidParameterException", OUT_OF_RANGE):
        pool.new_app(**settings)


def test_no_token_outlives_the_refresh_token(pool, refused):
    units = {"RefreshToken": "minutes"}
    with refused("InvalidParameterException"):
        pool.new_app(RefreshTokenValidity=60, AccessTokenValidity=2, TokenValidityUnits=units)


@pytest.mark.parametrize("verb", ["Read", "Write"])
def test_a_client_lists_only_attributes_of_the_schema(pool, refused, verb):
    message = f"Invalid {verb.lower()} attributes specified while creating a client"
    with refused("InvalidParameterException", message):
        pool.new_app(**{f"{verb}Attributes": ["custom:none"]})


def test_aliases_and_username_attributes_exclude_each_other(make_pool, refused):
    with refused("InvalidParameterException"):
        make_pool({"AliasAttributes": ["email"], "UsernameAttributes": ["email"]})


@pytest.mark.parametrize(
    "schema",
    [
        [{"Name": "email", "AttributeDataType": "Number"}],
        [{"Name": "x"}],
        [{"Name": "x", "AttributeDataType": "String", "Required": True}],
        [{"Name": "x", "AttributeDataType": "String"}] * 2,
        [{"AttributeDataType": "String"}],
    ],
)
def test_a_schema_that_makes_no_sense(make_pool, refused, schema):
    with refused("InvalidParameterException"):
        make_pool({"Schema": schema})


@pytest.mark.parametrize(
    "settings",
    [
        {"LambdaConfig": {"PreSignUp": "arn:aws:lambda:us-east-1:123456789012:function:f"}},
        {"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}},
        {"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True}},
        {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}},
        {"VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}},
    ],
)
def test_protections_nobody_enforces_cannot_be_switched_on(pool, make_pool, refused, settings):
    with refused("NotImplementedException"):
        make_pool(settings)
    with refused("NotImplementedException"):
        pool.idp.update_user_pool(UserPoolId=pool.id, **settings)


def test_operations_that_are_not_offered_say_so(pool, refused):
    token = "eyJ.eyJ.x"
    message = "The offline cloud does not offer cognito-idp:GetUserAuthFactors"
    with refused("NotImplementedException", message):
        pool.idp.get_user_auth_factors(AccessToken=token)
    with refused("NotImplementedException"):
        pool.idp.set_user_settings(AccessToken=token, MFAOptions=[])
    with refused("NotImplementedException"):
        pool.idp.start_web_authn_registration(AccessToken=token)
    with refused("NotImplementedException"):
        pool.idp.admin_list_devices(UserPoolId=pool.id, Username="alice")


def test_every_name_is_an_operation_of_the_service(pool):
    known = set(pool.idp.meta.service_model.operation_names)
    assert set(OPERATIONS) <= known
    assert set(OPERATIONS_NOT_OFFERED) <= known


def test_no_operation_with_a_user_is_left_to_moto(pool):
    """Whatever is public, names a user or a password must be ours or refused."""
    left = []
    for name in pool.idp.meta.service_model.operation_names:
        model = pool.idp.meta.service_model.operation_model(name)
        members = set(model.input_shape.members if model.input_shape else ())
        if members & {"AccessToken", "Username", "Password", "Session", "SecretHash"}:
            left.append(name)
    assert set(left) - set(OPERATIONS) == set()


def test_deletion_protection(make_pool, refused):
    pool = make_pool({"DeletionProtection": "ACTIVE"})
    with refused("InvalidParameterException"):
        pool.idp.delete_user_pool(UserPoolId=pool.id)


def test_ids_have_the_form_of_aws(pool):
    assert re.fullmatch(r"us-east-1_[0-9A-Za-z]{9}", pool.id)
    assert re.fullmatch(r"[0-9a-z]{26}", pool.client)
    described = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert described["Arn"].endswith(f":userpool/{pool.id}")
    secret = pool.new_app(GenerateSecret=True)["ClientSecret"]
    assert re.fullmatch(r"[0-9a-z]{51}", secret)


def test_a_client_gets_the_defaults(pool):
    answer = pool.idp.create_user_pool_client(UserPoolId=pool.id, ClientName="plain")
    made = answer["UserPoolClient"]
    described = pool.idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])[
        "UserPoolClient"
    ]
    assert made == described
    assert "ClientSecret" not in made
    assert (made["RefreshTokenValidity"], made["AuthSessionValidity"]) == (30, 3)
    assert made["EnableTokenRevocation"] is True


def test_an_update_returns_what_it_does_not_name_to_the_default(pool):
    app = pool.new_app(AccessTokenValidity=2, PreventUserExistenceErrors="ENABLED")
    changed = pool.idp.update_user_pool_client(
        UserPoolId=pool.id, ClientId=app["ClientId"], IdTokenValidity=3
    )["UserPoolClient"]
    assert changed["IdTokenValidity"] == 3
    assert not {"AccessTokenValidity", "PreventUserExistenceErrors"} & set(changed)
    assert changed["ClientName"] == "app"


def test_what_is_fixed_at_creation_survives_an_update(make_pool):
    schema = [{"Name": "team", "AttributeDataType": "String"}]
    pool = make_pool({"UsernameAttributes": ["email"], "Schema": schema})
    pool.idp.update_user_pool(UserPoolId=pool.id, AutoVerifiedAttributes=["email"])
    described = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert described["UsernameAttributes"] == ["email"]
    names = [a["Name"] for a in described["SchemaAttributes"]]
    assert "custom:team" in names
    assert {"sub", "email", "phone_number_verified"} <= set(names)


def test_pools_do_not_share_their_settings(make_pool):
    one, two = make_pool(), make_pool()
    one.join("alice")
    assert one.id != two.id
    assert two.idp.list_users(UserPoolId=two.id)["Users"] == []
    pools = one.idp.list_user_pools(MaxResults=10)["UserPools"]
    assert [p["Id"] for p in pools] == [one.id, two.id]
