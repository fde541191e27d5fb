import json

import pytest

from helpers.cloud.iam import simulate
from tests.cloud.iam.build import ACCOUNT, ANN, APP, APP_ROLE, OTHER, allow, deny, document, trusts

BASE = {
    "id": "case",
    "principal": ANN.arn,
    "action": "s3:GetObject",
    "resource": "arn:aws:s3:::b/k",
    "resource_account": ACCOUNT,
}


def result(**case):
    (answer,) = simulate([{**BASE, **case}])
    return answer.get("result", answer.get("error"))


def test_results_come_in_order_with_their_reasons():
    cases = [
        {**BASE, "id": 1},
        {**BASE, "id": "two", "identity": [document(allow())]},
        {**BASE, "id": 3, "identity": [document(allow()), document(deny(Sid="No"))]},
    ]
    assert simulate(json.loads(json.dumps(cases))) == [
        {"id": 1, "result": "implicitDeny",
         "reason": "No identity-based policy allows s3:GetObject on arn:aws:s3:::b/k."},
        {"id": "two", "result": "allow", "reason": "statement 1 of identity 1 policy allows "
         "s3:GetObject on arn:aws:s3:::b/k."},
        {"id": 3, "result": "explicitDeny", "reason": 'statement "No" of identity 2 policy denies '
         "s3:GetObject on arn:aws:s3:::b/k."},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [
        None,
        [],
        "x",
        {},
        {**BASE, "principal": None},
        {**BASE, "principal": "ann"},
        {**BASE, "principal": "arn:aws:iam::1"},
        {**BASE, "principal": "arn:aws:iam::111122223333:group/g"},
        {**BASE, "principal": "arn:aws:s3:::b"},
        {**BASE, "action": 1},
        {**BASE, "action": ""},
        {**BASE, "resource": None},
        {**BASE, "resource_account": 1},
        {**BASE, "context": []},
        {**BASE, "context": {"aws:x": None}},
        {**BASE, "context": {"aws:x": [["y"]]}},
        {**BASE, "identity": document(allow())},
        {**BASE, "identity": [1]},
        {**BASE, "identity": [document(allow("x"))]},
        {**BASE, "session": "x"},
        {**BASE, "resource_policy": document(allow())},
        {**BASE, "resource_policy": 1},
    ],
)
def test_a_malformed_case_gets_an_error_and_stops_no_other(case):
    bad, good = simulate([case, BASE])
    assert set(bad) == {"id", "error"}
    assert bad["error"]
    assert good["result"] == "implicitDeny"


def test_an_absent_limit_is_none_and_an_empty_one_allows_nothing():
    for limit in ("session", "boundary"):
        assert result(identity=[document(allow())], **{limit: []}) == "implicitDeny"
        assert result(identity=[document(allow())], **{limit: None}) == "allow"


PUBLIC = document(allow(Principal="*"))
TRUST = document(trusts({"AWS": APP_ROLE}))
WEB = "sts:AssumeRoleWithWebIdentity"


def test_kinds_of_principal():
    assert result(principal="*anonymous*") == "implicitDeny"
    assert result(principal="*anonymous*", resource_policy=PUBLIC) == "allow"
    assert result(principal=f"arn:aws:iam::{ACCOUNT}:root") == "allow"
    assert result(principal=f"arn:aws:iam::{ACCOUNT}:root", resource_account=OTHER) == (
        "implicitDeny"
    )
    mine = {"resource_policy": document(allow(Principal={"AWS": APP.arn})), "session": []}
    assert result(**mine) == "implicitDeny"
    assert result(principal=APP.arn, **mine) == "allow"
    assert result(principal=APP_ROLE, **mine) == "implicitDeny"
    the_roles = document(allow(Principal={"AWS": APP_ROLE}))
    assert result(principal=APP_ROLE + "2", resource_policy=the_roles) == "implicitDeny"
    assert result(principal=APP_ROLE, resource_policy=the_roles) == "allow"
    federated = f"arn:aws:sts::{ACCOUNT}:federated-user/bo"
    theirs = document(allow(Principal={"AWS": federated}))
    assert result(principal=federated, resource_policy=theirs) == "allow"
    service = document(allow(Principal={"Service": "sns.amazonaws.com"}))
    assert result(principal="sns.amazonaws.com", resource_policy=service) == "allow"


def test_a_user_is_known_by_name():
    own = document(allow(resource="arn:aws:s3:::b/${aws:username}"))
    assert result(identity=[own]) == "implicitDeny"
    assert result(identity=[own], resource="arn:aws:s3:::b/ann") == "allow"


def test_a_trust_policy_stands_in_for_the_resource_policy():
    role = {"action": "sts:AssumeRole", "resource": f"arn:aws:iam::{ACCOUNT}:role/target"}
    assert result(principal=APP.arn, identity=[document(allow())], **role) == "implicitDeny"
    assert result(principal=APP.arn, resource_policy=TRUST, **role) == "allow"
    pools = document(trusts({"Federated": "cognito-identity.amazonaws.com"}, WEB))
    federation = {**role, "action": WEB, "resource_policy": pools}
    assert result(principal="accounts.google.com", **federation) == "implicitDeny"
    assert result(principal="cognito-identity.amazonaws.com", **federation) == "allow"
    company = f"arn:aws:iam::{ACCOUNT}:saml-provider/Company"
    saml = document(trusts({"Federated": company}, "sts:AssumeRoleWithSAML"))
    as_saml = {**role, "action": "sts:AssumeRoleWithSAML", "resource_policy": saml}
    assert result(principal=company, **as_saml) == "allow"


def test_scalars_in_the_context_are_read_as_text():
    mfa = document(allow(Condition={"Bool": {"aws:MultiFactorAuthPresent": True}}))
    assert result(identity=[mfa], context={"aws:MultiFactorAuthPresent": False}) == "implicitDeny"
    assert result(identity=[mfa], context={"aws:MultiFactorAuthPresent": True}) == "allow"
    many = document(allow(Condition={"NumericLessThan": {"s3:max-keys": 10}}))
    assert result(identity=[many], context={"s3:max-keys": 9}) == "allow"


def test_a_policy_may_be_json_text():
    assert result(identity=[json.dumps(document(allow()))]) == "allow"
