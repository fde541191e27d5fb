"""Across accounts both sides must allow: the caller's account and the resource's.

Source: IAM User Guide, "Cross-account policy evaluation logic".
"""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
import requests

from helpers import lab
from tests.cloud.accounts import Account, Company, stranger
from tests.cloud.sts_words import (
    ACCOUNT,
    ROOT,
    assume,
    client,
    error_of,
    new_role,
    new_user,
    not_authorized,
    policy,
    statement,
    trusting,
    user_arn,
)

MAY_READ = policy(statement("s3:*"))
KEY_IS_1 = {"k": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "1"}]}}
MAY_ASSUME = policy(statement("sts:AssumeRole"))


def grants(bucket: str, principal: str, *actions: str, **more: Any) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{bucket}"
    return statement(
        *(actions or ["s3:*"]), Principal={"AWS": principal}, Resource=[arn, f"{arn}/*"], **more
    )


def read(keys: dict[str, str], bucket: str, key: str = "notes.txt") -> bytes:
    return client("s3", keys).get_object(Bucket=bucket, Key=key)["Body"].read()


@pytest.fixture
def company(cloud: lab.Cloud) -> Company:
    return Company()


@pytest.fixture
def shop(company: Company) -> Account:
    return company.new_account("shop")


class TestBuckets:
    def test_the_caller_s_own_permission_is_not_enough(self, shop: Account) -> None:
        shop.new_bucket("shop-box")
        keys = new_user("alice", MAY_READ)
        code, message = error_of(read, keys, "shop-box")
        assert code == "AccessDenied"
        assert message.endswith("no resource-based policy allows the s3:GetObject action")

    def test_not_even_the_root_user_s(self, shop: Account) -> None:
        shop.new_bucket("shop-box")
        for act in ("list_objects_v2", "get_bucket_policy", "delete_bucket"):
            assert error_of(getattr(boto3.client("s3"), act), Bucket="shop-box")[0] == (
                "AccessDenied"
            )

    def test_the_bucket_s_permission_is_not_enough(self, shop: Account) -> None:
        keys = new_user("alice")
        for name, principal in (("box-a", user_arn("alice")), ("box-b", ROOT), ("box-c", "*")):
            shop.new_bucket(name, grants(name, principal))
            code, message = error_of(read, keys, name)
            assert code == "AccessDenied"
            assert message.endswith("no identity-based policy allows the s3:GetObject action")

    @pytest.mark.parametrize("principal", [user_arn("alice"), ROOT, ACCOUNT])
    def test_both_together_are(self, shop: Account, principal: str) -> None:
        shop_id = shop.id.encode()
        keys = new_user("alice", MAY_READ)
        shop.new_bucket("shop-box", grants("shop-box", principal))
        assert read(keys, "shop-box") == shop_id

    def test_a_deny_of_either_side_is_the_end(self, shop: Account) -> None:
        denied = statement("s3:GetObject", Effect="Deny")
        shop.new_bucket("shop-box", grants("shop-box", ROOT))
        keys = new_user("alice", policy(*MAY_READ["Statement"], denied))
        assert error_of(read, keys, "shop-box")[0] == "AccessDenied"
        nobody = grants("shop-two", "*", "s3:GetObject", Effect="Deny")
        shop.new_bucket("shop-two", grants("shop-two", ROOT), nobody)
        assert error_of(read, new_user("bob", MAY_READ), "shop-two")[0] == "AccessDenied"

    def test_strangers_are_told_nothing(self, company: Company) -> None:
        """Within an organization S3 names the reason, beyond it does not."""
        other = stranger()
        other.new_bucket("far-box")
        keys = new_user("alice", MAY_READ)
        assert error_of(read, keys, "far-box") == ("AccessDenied", "Access Denied")
        boto3.client("s3").create_bucket(Bucket="near-box")
        assert error_of(read, other.keys, "near-box") == ("AccessDenied", "Access Denied")

    def test_a_missing_key_is_not_revealed_across_accounts(self, shop: Account) -> None:
        keys = new_user("alice", MAY_READ)
        shop.new_bucket("shop-box", grants("shop-box", ROOT, "s3:GetObject"))
        shop.new_bucket("shop-two", grants("shop-two", ROOT, "s3:GetObject", "s3:ListBucket"))
        assert error_of(read, keys, "shop-box", "gone")[0] == "AccessDenied"
        assert error_of(read, keys, "shop-two", "gone")[0] == "NoSuchKey"

    def test_what_a_guest_writes_belongs_to_the_bucket_s_owner(self, shop: Account) -> None:
        keys = new_user("alice", MAY_READ)
        shop.new_bucket("shop-box", grants("shop-box", ROOT))
        guest = client("s3", keys)
        guest.put_object(Bucket="shop-box", Key="new", Body=b"hello")
        assert read(shop.keys, "shop-box", "new") == b"hello"
        listed = guest.list_objects_v2(Bucket="shop-box")["Contents"]
        assert [o["Key"] for o in listed] == ["new", "notes.txt"]
        gone = guest.delete_objects(Bucket="shop-box", Delete={"Objects": [{"Key": "new"}]})
        assert [o["Key"] for o in gone["Deleted"]] == ["new"]
        assert error_of(read, shop.keys, "shop-box", "new")[0] == "NoSuchKey"
        assert guest.list_buckets()["Buckets"] == []

    def test_a_copy_needs_both_accounts(self, shop: Account) -> None:
        keys = new_user("alice", MAY_READ)
        boto3.client("s3").create_bucket(Bucket="our-box")
        shop.new_bucket("shop-box")
        copy = client("s3", keys).copy_object
        asked = {"Bucket": "our-box", "Key": "k", "CopySource": "shop-box/notes.txt"}
        assert error_of(copy, **asked)[0] == "AccessDenied"
        assert error_of(shop.client("s3").copy_object, **asked)[0] == "AccessDenied"
        shop.new_bucket("shop-two", grants("shop-two", ROOT))
        copy(**{**asked, "CopySource": "shop-two/notes.txt"})
        assert read(keys, "our-box", "k") == shop.id.encode()

    def test_a_name_is_taken_in_every_account(self, shop: Account) -> None:
        shop.new_bucket("shop-box")
        create = boto3.client("s3").create_bucket
        assert error_of(create, Bucket="shop-box")[0] == "BucketAlreadyExists"

    def test_its_policy_is_the_owner_s_alone(self, shop: Account) -> None:
        keys = new_user("alice", MAY_READ)
        shop.new_bucket("shop-box", grants("shop-box", ROOT))
        guest = client("s3", keys)
        mine = json.dumps(policy(grants("shop-box", "*")))
        for act, more in (
            (guest.put_bucket_policy, {"Policy": mine}),
            (guest.get_bucket_policy, {}),
            (guest.delete_bucket_policy, {}),
        ):
            assert error_of(act, Bucket="shop-box", **more)[0] == "MethodNotAllowed"

    def test_the_owner_can_be_checked(self, shop: Account) -> None:
        """Against somebody who has taken a name that one thinks is one's own."""
        keys = new_user("alice", MAY_READ)
        shop.new_bucket("shop-box", grants("shop-box", ROOT))
        put = client("s3", keys).put_object
        sent = {"Bucket": "shop-box", "Key": "secret", "Body": b"x"}
        refused = error_of(put, **sent, ExpectedBucketOwner=ACCOUNT)
        assert refused == ("AccessDenied", "Access Denied")
        assert error_of(put, **sent, ExpectedBucketOwner="me")[0] == (
            "InvalidBucketOwnerAWSAccountID"
        )
        put(**sent, ExpectedBucketOwner=shop.id)

    def test_everyone_may_be_let_in_to_a_member_s_bucket(self, shop: Account) -> None:
        shop.new_bucket("shop-box", grants("shop-box", "*", "s3:GetObject"))
        answer = requests.get("https://shop-box.s3.amazonaws.com/notes.txt", timeout=5)
        assert answer.content == shop.id.encode()


class TestRoles:
    def test_trust_alone_is_not_enough(self, shop: Account) -> None:
        role = shop.new_role("visitor", trusting(user_arn("alice")))
        assert error_of(assume, new_user("alice"), role) == not_authorized(user_arn("alice"), role)

    def test_permission_alone_is_not_enough(self, shop: Account) -> None:
        role = shop.new_role("own", trusting(f"arn:aws:iam::{shop.id}:root"))
        keys = new_user("alice", MAY_ASSUME)
        assert error_of(assume, keys, role) == not_authorized(user_arn("alice"), role)

    @pytest.mark.parametrize("principal", [user_arn("alice"), ROOT])
    def test_both_together_lead_into_the_other_account(self, shop: Account, principal: str) -> None:
        role = shop.new_role("visitor", trusting(principal), MAY_READ)
        shop.new_bucket("shop-box")
        session = assume(new_user("alice", MAY_ASSUME), role)["Credentials"]
        assert client("sts", session).get_caller_identity()["Account"] == shop.id
        assert read(session, "shop-box") == shop.id.encode()

    def test_a_role_of_the_same_name_elsewhere_is_another_one(self, shop: Account) -> None:
        """The trust policy names the account, too."""
        new_role("deploy", trusting(ROOT))
        theirs = shop.new_role("deploy", trusting(f"arn:aws:iam::{shop.id}:root"), MAY_ASSUME)
        session = assume(
            shop.new_user("bob", MAY_ASSUME), theirs
        )["Credentials"]  # fmt: skip
        ours = new_role("vault", trusting(f"arn:aws:iam::{ACCOUNT}:role/deploy"))
        assert error_of(assume, session, ours)[0] == "AccessDenied"

    def test_the_organization_can_be_asked_for(self, company: Company, shop: Account) -> None:
        own = company.organizations.describe_organization()["Organization"]["Id"]
        members = {"StringEquals": {"aws:PrincipalOrgID": own}}
        role = new_role("shared", trusting("*", Condition=members))
        other = stranger()
        assert error_of(assume, other.keys, role)[0] == "AccessDenied"
        assert assume(shop.new_user("bob", MAY_ASSUME), role)["Credentials"]


class TestWhatIsTheAccountsOwn:
    def test_users_of_the_same_name(self, shop: Account) -> None:
        new_user("alice", MAY_READ)
        theirs = shop.new_user("alice")
        who = client("sts", theirs).get_caller_identity()
        assert who["Arn"] == f"arn:aws:iam::{shop.id}:user/alice"
        assert error_of(client("s3", theirs).list_buckets)[0] == "AccessDenied"

    def test_a_key_tells_its_account(self, shop: Account) -> None:
        keys = shop.new_user("bob")
        ask = boto3.client("sts").get_access_key_info
        assert ask(AccessKeyId=keys["AccessKeyId"])["Account"] == shop.id

    def test_whose_another_account_s_key_is_stays_unknown(self, shop: Account) -> None:
        iam, key = boto3.client("iam"), {"AccessKeyId": shop.new_user("bob")["AccessKeyId"]}
        gone = ("NoSuchEntity", f"The Access Key with id {key['AccessKeyId']} cannot be found.")
        assert error_of(iam.get_access_key_last_used, **key) == gone
        assert error_of(iam.delete_access_key, **key) == gone
        assert error_of(iam.update_access_key, **key, Status="Inactive") == gone
        assert shop.client("iam").get_access_key_last_used(**key)["UserName"] == "bob"

    def test_iam_of_the_other_account_is_closed(self, shop: Account) -> None:
        role = shop.new_role("visitor", trusting(ROOT))
        iam = boto3.client("iam")
        assert error_of(iam.get_role, RoleName="visitor")[0] == "NoSuchEntity"
        simulate = iam.simulate_principal_policy
        asked = {"PolicySourceArn": role, "ActionNames": ["s3:GetObject"]}
        assert error_of(simulate, **asked)[0] == "AccessDenied"

    def test_a_table_of_the_other_account_is_closed(self, shop: Account) -> None:
        shop.client("dynamodb").create_table(
            TableName="t",
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        arn = f"arn:aws:dynamodb:us-east-1:{shop.id}:table/t"
        ours, key = boto3.client("dynamodb"), {"k": {"S": "1"}}
        assert error_of(ours.scan, TableName="t")[0] == "ResourceNotFoundException"
        for call, asked in (
            (ours.scan, {"TableName": arn}),
            (ours.get_item, {"TableName": arn, "Key": key}),
            (ours.put_item, {"TableName": arn, "Item": key}),
            (ours.query, {"TableName": arn, "KeyConditions": KEY_IS_1}),
            (ours.batch_get_item, {"RequestItems": {arn: {"Keys": [key]}}}),
            (ours.transact_get_items, {"TransactItems": [{"Get": {"TableName": arn, "Key": key}}]}),
            (ours.describe_table, {"TableName": arn}),
            (ours.delete_table, {"TableName": arn}),
            (ours.tag_resource, {"ResourceArn": arn, "Tags": [{"Key": "a", "Value": "b"}]}),
        ):
            code, text = error_of(call, **asked)
            assert code == "AccessDeniedException"
            assert f"on resource: {arn} because no resource-based policy allows" in text

    def test_a_user_pool_serves_its_users_from_its_own_account(
        self, cloud: lab.Cloud, shop: Account
    ) -> None:
        pools = shop.client("cognito-idp")
        pool = pools.create_user_pool(PoolName="shop")["UserPool"]["Id"]
        app = pools.create_user_pool_client(UserPoolId=pool, ClientName="app")["UserPoolClient"]
        assert error_of(boto3.client("cognito-idp").describe_user_pool, UserPoolId=pool)[0] == (
            "ResourceNotFoundException"
        )
        asked = {"ClientId": app["ClientId"], "Username": "ann", "Password": "Correct-horse-9"}
        boto3.client("cognito-idp").sign_up(**asked)
        keys = requests.get(
            f"https://cognito-idp.us-east-1.amazonaws.com/{pool}/.well-known/jwks.json", timeout=5
        )
        assert len(keys.json()["keys"]) == 2


def test_naming_an_account_does_not_found_it(cloud: lab.Cloud) -> None:
    from helpers.cloud import resources

    keys = new_user("alice", MAY_ASSUME)
    for number in ("111111111111", "\u0661" * 12, "1" * 500):
        role = f"arn:aws:iam::{number}:role/r"
        assert error_of(assume, keys, role)[0] in ("AccessDenied", "ValidationError")
        assert number not in resources.accounts("iam")
