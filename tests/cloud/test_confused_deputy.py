"""The confused deputy: somebody who may do much is talked into doing it for the wrong one.

Source: IAM User Guide, "The confused deputy problem".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from helpers import lab
from helpers.cloud.iam import Policies, Principal, Request, decide, parse_policy
from tests.cloud.accounts import Account, stranger
from tests.cloud.sts_words import assume, client, error_of, new_role, policy, statement, trusting

OURS, VENDOR, MALLORY = "123456789012", "999999999999", "666666666666"
READS = policy(statement("s3:ListAllMyBuckets"))


@dataclass
class Vendor:
    """A company that looks after its customers' accounts: the deputy.

    A customer tells it a role; the vendor has given each customer an external id of his own.
    """

    account: Account
    external_ids: dict[str, str] = field(default_factory=dict)

    def sign_up(self, customer: str) -> str:
        """The external id, which the vendor chooses and no customer can choose for himself."""
        self.external_ids[customer] = f"customer-{len(self.external_ids) + 1}"
        return self.external_ids[customer]

    def report(self, customer: str, role: str) -> list[str]:
        """The names of the customer's buckets, seen through the role that he named."""
        own = {"RoleSessionName": customer, "ExternalId": self.external_ids[customer]}
        session = assume(self.keys, role, **own)["Credentials"]
        return [b["Name"] for b in client("s3", session).list_buckets()["Buckets"]]

    @property
    def keys(self) -> dict[str, str]:
        return self.account.keys


@pytest.fixture
def vendor(cloud: lab.Cloud) -> Vendor:
    made = Vendor(stranger(VENDOR))
    for customer in ("mallory", "alice"):
        made.sign_up(customer)
    return made


def customer_role(name: str, **condition: Any) -> str:
    more = {"Condition": condition} if condition else {}
    return new_role(name, trusting(f"arn:aws:iam::{VENDOR}:root", **more), READS)


@pytest.fixture
def bucket(cloud: lab.Cloud) -> str:
    Account(OURS, {"AccessKeyId": "test", "SecretAccessKey": "test"}).new_bucket("alices-ledger")
    return "alices-ledger"


class TestAnotherCustomerNamesOurRole:
    def test_without_an_external_id_he_is_shown_our_buckets(
        self, vendor: Vendor, bucket: str
    ) -> None:
        """The attack: nothing tells whom the vendor is acting for."""
        role = customer_role("vendor-reads")
        assert vendor.report("mallory", role) == [bucket]

    def test_with_one_he_is_refused_and_we_are_served(self, vendor: Vendor, bucket: str) -> None:
        own = {"sts:ExternalId": vendor.external_ids["alice"]}
        role = customer_role("vendor-reads", StringEquals=own)
        assert error_of(vendor.report, "mallory", role)[0] == "AccessDenied"
        assert vendor.report("alice", role) == [bucket]

    def test_he_cannot_go_round_the_vendor(self, vendor: Vendor, bucket: str) -> None:
        """Knowing the id helps nobody but the vendor's account."""
        own = {"sts:ExternalId": vendor.external_ids["alice"]}
        role = customer_role("vendor-reads", StringEquals=own)
        mallory = stranger(MALLORY)
        direct = error_of(assume, mallory.keys, role, ExternalId=own["sts:ExternalId"])
        assert direct[0] == "AccessDenied"

    def test_a_wildcard_is_no_external_id(self, vendor: Vendor, bucket: str) -> None:
        loose = customer_role("loose", StringLike={"sts:ExternalId": "*"})
        assert vendor.report("mallory", loose) == [bucket]
        optional = customer_role(
            "optional", StringEqualsIfExists={"sts:ExternalId": vendor.external_ids["alice"]}
        )
        assert error_of(vendor.report, "mallory", optional)[0] == "AccessDenied"
        assert assume(vendor.keys, optional)["Credentials"]  # whoever sends none gets in


class TestAnotherOnesIdentityPool:
    """Cognito speaks for every identity pool there is; the role must say for which one."""

    @pytest.fixture
    def token(self, cloud: lab.Cloud) -> str:
        """What a guest of Mallory's own identity pool is given."""
        cognito = stranger(MALLORY).client("cognito-identity")
        pool = cognito.create_identity_pool(
            IdentityPoolName="hers", AllowUnauthenticatedIdentities=True, AllowClassicFlow=True
        )
        guest = cognito.get_id(IdentityPoolId=pool["IdentityPoolId"])
        return cognito.get_open_id_token(IdentityId=guest["IdentityId"])["Token"]

    def role(self, name: str, **condition: str) -> str:
        federated = {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "unauthenticated"},
                **({"StringEquals": condition} if condition else {}),
            },
        }
        return new_role(name, policy(federated), READS)

    def enter(self, role: str, token: str) -> Any:
        sts = client("sts", {"AccessKeyId": "none", "SecretAccessKey": "none"})
        return sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="guest", WebIdentityToken=token
        )

    def test_without_its_id_in_the_condition_her_guests_are_ours(self, token: str) -> None:
        """The attack: `amr` alone only says that Cognito vouches for somebody."""
        session = self.enter(self.role("loose"), token)["Credentials"]
        assert client("sts", session).get_caller_identity()["Account"] == OURS

    def test_with_it_they_are_refused(self, token: str) -> None:
        ours = {"cognito-identity.amazonaws.com:aud": "us-east-1:11111111-2222-3333-4444-555555"}
        refused = error_of(self.enter, self.role("ours", **ours), token)
        assert refused == (
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        )


class TestAServiceActsForAnotherAccount:
    """A service writes for every account; the bucket must say for which one.

    No service of the offline cloud writes into buckets, so the engine is asked itself.
    """

    ASKED = "s3:PutObject", "arn:aws:s3:::trail/AWSLogs/x"

    def allows(self, account: str, **condition: Any) -> bool:
        service = {"Service": "cloudtrail.amazonaws.com"}
        more = {"Condition": condition} if condition else {}
        allowed = statement("s3:PutObject", Principal=service, **more)
        document = {**allowed, "Resource": "arn:aws:s3:::trail/*"}
        trail = f"arn:aws:cloudtrail:us-east-1:{account}:trail/t"
        context = {"aws:SourceAccount": account, "aws:SourceArn": trail}
        who = Principal("Service", "cloudtrail.amazonaws.com")
        parsed = parse_policy(policy(document), name="trail", kind="resource")
        return decide(Request(who, *self.ASKED, OURS, context), Policies(resource=parsed)).allowed

    def test_without_a_condition_for_anybody(self) -> None:
        assert self.allows(OURS)
        assert self.allows(MALLORY)

    @pytest.mark.parametrize(
        "condition",
        [
            {"StringEquals": {"aws:SourceAccount": OURS}},
            {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:*:{OURS}:trail/*"}},
        ],
    )
    def test_with_one_for_us_alone(self, condition: dict[str, Any]) -> None:
        assert not self.allows(MALLORY, **condition)
        assert self.allows(OURS, **condition)
