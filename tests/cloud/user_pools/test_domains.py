from __future__ import annotations

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from helpers.cloud.user_pools import OPERATIONS

NO_SUCH = "No such domain or user pool exists."
FORM = (
    "The domain name contains an invalid character. Domain names can only contain lower-case "
    "letters, numbers, and hyphens. Please enter a different name that follows this format: "
    r"^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$"
)
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def create(pool, domain="photos", **more):
    return pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain, **more)


def describe(pool, domain="photos"):
    return pool.idp.describe_user_pool_domain(Domain=domain)["DomainDescription"]


@pytest.mark.parametrize(
    "prefix", ["Photos", "photo_app", "-photos", "photos-", "photos app", "photos.example", "fotös"]
)
def test_a_prefix_has_lower_case_letters_digits_and_hyphens(pool, refused, prefix):
    with refused("InvalidParameterException", FORM):
        create(pool, prefix)
    assert "Domain" not in pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]


@pytest.mark.parametrize("word", ["aws", "amazon", "cognito"])
@pytest.mark.parametrize("prefix", ["{}", "my-{}-app", "{}photos"])
def test_words_of_amazon_are_reserved(pool, refused, word, prefix):
    with refused("InvalidParameterException", f"Domain cannot contain reserved word: {word}"):
        create(pool, prefix.format(word))


def test_a_prefix_has_at_most_63_characters(pool, refused):
    with refused("InvalidParameterException"):
        create(pool, "a" * 64)
    create(pool, "a" * 63)


def test_a_prefix_belongs_to_one_pool_of_a_region(make_pool, refused):
    one, two = make_pool(), make_pool()
    create(one)
    with refused("InvalidParameterException", "Domain already associated with another user pool."):
        create(two)
    elsewhere = boto3.client("cognito-idp", region_name="eu-west-1")
    far = elsewhere.create_user_pool(PoolName="far")["UserPool"]["Id"]
    elsewhere.create_user_pool_domain(UserPoolId=far, Domain="photos")
    assert describe(one)["UserPoolId"] == one.id


def test_a_pool_has_one_domain(pool, refused):
    create(pool)
    for domain in ("photos", "albums"):
        with refused("InvalidParameterException", "User pool already has a domain configured."):
            create(pool, domain)
    assert describe(pool, "albums") == {}


def test_an_unknown_pool(pool, refused):
    with refused("ResourceNotFoundException"):
        pool.idp.create_user_pool_domain(UserPoolId="us-east-1_none", Domain="photos")


def test_custom_domains_are_refused_by_name(pool, refused):
    with refused(
        "NotImplementedException",
        "The offline cloud does not offer CustomDomainConfig (custom domains)",
    ):
        create(pool, "auth.example.com", CustomDomainConfig={"CertificateArn": CERTIFICATE})
    create(pool)
    with refused("NotImplementedException"):
        pool.idp.update_user_pool_domain(
            UserPoolId=pool.id,
            Domain="photos",
            CustomDomainConfig={"CertificateArn": CERTIFICATE},
        )


@pytest.mark.parametrize("version", [0, 3, -1])
def test_there_are_two_versions_of_the_pages(pool, refused, version):
    with refused("InvalidParameterException"):
        create(pool, ManagedLoginVersion=version)
    create(pool)
    with refused("InvalidParameterException"):
        pool.idp.update_user_pool_domain(
            UserPoolId=pool.id, Domain="photos", ManagedLoginVersion=version
        )
    assert describe(pool)["ManagedLoginVersion"] == 1


def test_the_lite_plan_has_no_managed_login(make_pool, refused):
    pool = make_pool({"UserPoolTier": "LITE"})
    message = (
        "The following feature is not available for the LITE pricing tier configured: "
        "Managed Login Version 2"
    )
    with refused("FeatureUnavailableInTierException", message):
        create(pool, ManagedLoginVersion=2)


def test_an_unknown_domain_is_described_as_nothing(pool):
    assert describe(pool) == {}


def test_a_domain_is_described(pool):
    assert create(pool, ManagedLoginVersion=2)["ManagedLoginVersion"] == 2
    found = describe(pool)
    assert found.pop("CloudFrontDistribution").endswith(".cloudfront.net")
    assert found == {
        "UserPoolId": pool.id,
        "AWSAccountId": "123456789012",
        "Domain": "photos",
        "Version": "20260115120000",
        "Status": "ACTIVE",
        "CustomDomainConfig": {},
        "ManagedLoginVersion": 2,
    }
    assert pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["Domain"] == "photos"


def test_the_version_of_the_pages_is_changed(pool):
    create(pool)
    answer = pool.idp.update_user_pool_domain(
        UserPoolId=pool.id, Domain="photos", ManagedLoginVersion=2
    )
    assert answer["ManagedLoginVersion"] == describe(pool)["ManagedLoginVersion"] == 2


def test_a_domain_is_changed_and_deleted_by_its_own_pool_only(make_pool, refused):
    mine, other = make_pool(), make_pool()
    create(mine)
    for pool_id, domain in ((other.id, "photos"), (mine.id, "albums"), ("us-east-1_x", "photos")):
        for change in (mine.idp.delete_user_pool_domain, mine.idp.update_user_pool_domain):
            with refused("InvalidParameterException", NO_SUCH):
                change(UserPoolId=pool_id, Domain=domain)
    assert describe(mine)["UserPoolId"] == mine.id


def test_a_pool_with_a_domain_stays(pool, refused):
    create(pool)
    with refused("InvalidParameterException"):
        pool.idp.delete_user_pool(UserPoolId=pool.id)
    pool.idp.delete_user_pool_domain(UserPoolId=pool.id, Domain="photos")
    assert describe(pool) == {}
    pool.idp.delete_user_pool(UserPoolId=pool.id)


def test_a_prefix_that_is_free_again_goes_to_another_pool(make_pool):
    one, two = make_pool(), make_pool()
    create(one)
    one.idp.delete_user_pool_domain(UserPoolId=one.id, Domain="photos")
    create(two)
    assert describe(two)["UserPoolId"] == two.id


def test_what_a_policy_must_allow(pool, iam_user):
    arn = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool.id}"
    allowed = {
        "Effect": "Allow",
        "Action": ["cognito-idp:CreateUserPoolDomain", "cognito-idp:DescribeUserPoolDomain"],
        "Resource": arn,
    }
    idp = iam_user("ops", allowed).client("cognito-idp")
    idp.create_user_pool_domain(UserPoolId=pool.id, Domain="photos")
    # It names no pool, so a policy on one pool does not reach it.
    with pytest.raises(ClientError, match="AccessDeniedException"):
        idp.describe_user_pool_domain(Domain="photos")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        idp.delete_user_pool_domain(UserPoolId=pool.id, Domain="photos")
    everywhere = {**allowed, "Resource": "*"}
    found = iam_user("reader", everywhere).client("cognito-idp")
    assert found.describe_user_pool_domain(Domain="photos")["DomainDescription"]["Domain"]


def test_nobody_may_manage_domains_unsigned(cloud, pool):
    headers = {
        "X-Amz-Target": "AWSCognitoIdentityProviderService.CreateUserPoolDomain",
        "Content-Type": "application/x-amz-json-1.1",
    }
    body = f'{{"UserPoolId": "{pool.id}", "Domain": "photos"}}'
    answer = requests.post(cloud.serve(), headers=headers, data=body, timeout=30)
    assert (answer.status_code, describe(pool)) == (400, {})


def test_no_operation_about_the_domain_or_a_provider_is_left_to_moto(pool):
    """What moto would take unlooked at: any prefix, any details, any scope."""
    about = ("Domain", "IdentityProvider", "ResourceServer", "UICustomization", "Branding", "Terms")
    names = pool.idp.meta.service_model.operation_names
    found = {name for name in names if any(word in name for word in about)}
    assert len(found) > 20
    assert found - set(OPERATIONS) == set()
