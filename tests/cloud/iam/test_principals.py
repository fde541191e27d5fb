import pytest

from tests.cloud.iam.build import (
    ACCOUNT,
    ANN,
    ANONYMOUS,
    APP,
    APP_ROLE,
    FEDERATED,
    LAMBDA,
    OTHER,
    POOLS,
    ROOT,
    allow,
    ask,
    bucket_policy,
    deny,
    trust_policy,
    trusts,
)


def named(principal, who):
    """Whether a bucket policy that names this principal alone lets it in."""
    return ask(who=who, resource_policy=bucket_policy(allow(Principal=principal))).allowed


def denied(who, **element):
    """Whether a bucket policy's Deny with this element keeps out who may do everything."""
    return not ask(allow(), who=who, resource_policy=bucket_policy(deny(**element))).allowed


SPELLINGS = [
    (ANN, {"AWS": ANN.arn}),
    (ANN, {"AWS": ["arn:aws:iam::111122223333:user/zoe", ANN.arn]}),
    (APP, {"AWS": APP.arn}),
    (APP, {"AWS": APP_ROLE}),
    (APP, {"AWS": "arn:aws:iam::111122223333:role/app"}),
    (APP, {"AWS": "AROAEXAMPLEAPPROLE01"}),
    (FEDERATED, {"AWS": FEDERATED.arn}),
    (FEDERATED, {"AWS": ANN.arn}),
    (LAMBDA, {"Service": "lambda.amazonaws.com"}),
]


@pytest.mark.parametrize(("who", "principal"), SPELLINGS)
def test_a_caller_is_named(who, principal):
    assert not named(principal, ANONYMOUS)
    assert named(principal, who)


@pytest.mark.parametrize(
    ("who", "principal"),
    [
        (ANN, {"AWS": ANN.arn.replace("ann", "Ann")}),
        (ANN, {"AWS": "arn:aws:iam::111122223333:user/ann"}),
        (ANN, {"AWS": ANN.arn.replace(ACCOUNT, OTHER)}),
        (ANN, {"Service": "lambda.amazonaws.com"}),
        (APP, {"AWS": APP.arn + "2"}),
        (APP, {"AWS": "arn:aws:iam::111122223333:role/apple"}),
        (APP, {"AWS": "arn:aws:iam::111122223333:user/app"}),
        (APP, {"AWS": "arn:aws:sts::111122223333:assumed-role/ap/s1"}),
        (LAMBDA, {"Service": "s3.amazonaws.com"}),
    ],
)
def test_a_caller_is_not_named_by_what_is_only_like_it(who, principal):
    assert not named(principal, who)
    assert who is LAMBDA or not denied(who, Principal=principal)


@pytest.mark.parametrize("who", [ANN, APP, FEDERATED, ANONYMOUS, LAMBDA])
@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["*"]}])
def test_everyone_is_everyone(who, principal):
    assert named(principal, who)


def test_the_anonymous_caller_is_named_by_everyone_alone():
    assert not named({"AWS": [ACCOUNT, ANN.arn]}, ANONYMOUS)
    assert named({"AWS": [ACCOUNT, "*"]}, ANONYMOUS)
    assert not ask(allow(), who=ANONYMOUS).allowed


@pytest.mark.parametrize("who", [ANN, APP, FEDERATED])
@pytest.mark.parametrize("account", [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"])
def test_naming_the_account_hands_the_decision_to_the_callers_policies(who, account):
    own_policy = bucket_policy(allow(Principal={"AWS": account}))
    assert not ask(who=who, resource_policy=own_policy).allowed
    assert ask(allow(), who=who, resource_policy=own_policy).allowed


def test_a_deny_reaches_everyone_below_what_it_names():
    for who in (ANN, APP, FEDERATED):
        assert not denied(who, Principal={"AWS": OTHER})
        assert denied(who, Principal={"AWS": ACCOUNT})
        assert denied(who, Principal="*")
    assert denied(ROOT, Principal={"AWS": ACCOUNT})
    assert denied(APP, Principal={"AWS": APP_ROLE})
    assert denied(APP, Principal={"AWS": APP.arn})
    assert denied(FEDERATED, Principal={"AWS": ANN.arn})
    assert not denied(ANN, Principal={"AWS": FEDERATED.arn})


def test_a_deny_spares_only_whom_notprincipal_lists_at_every_level():
    account = f"arn:aws:iam::{ACCOUNT}:root"
    for listed in ([ANN.arn], [ACCOUNT], [OTHER, ANN.arn]):
        assert denied(ANN, NotPrincipal={"AWS": listed})
    assert not denied(ANN, NotPrincipal={"AWS": [ANN.arn, account]})
    for listed in ([APP.arn], [APP.arn, APP_ROLE], [APP.arn, ACCOUNT], [APP_ROLE, ACCOUNT]):
        assert denied(APP, NotPrincipal={"AWS": listed})
    assert not denied(APP, NotPrincipal={"AWS": [APP.arn, APP_ROLE, account]})
    assert not denied(ROOT, NotPrincipal={"AWS": [ACCOUNT]})
    assert not denied(ANN, NotPrincipal={"AWS": "*"})


def test_a_deny_with_notprincipal_reaches_the_anonymous_and_the_services():
    public = [allow(Principal="*"), deny(NotPrincipal={"AWS": [ANN.arn, ACCOUNT]})]
    for who in (ANONYMOUS, LAMBDA):
        assert ask(who=who, resource_policy=bucket_policy(public[0])).allowed
        assert not ask(who=who, resource_policy=bucket_policy(*public)).allowed
    spared = deny(NotPrincipal={"Service": LAMBDA.arn})
    assert ask(who=LAMBDA, resource_policy=bucket_policy(public[0], spared)).allowed


def test_an_allow_with_notprincipal_lets_everyone_else_in():
    def lets_in(who, *listed):
        statement = {"Effect": "Allow", "NotPrincipal": {"AWS": list(listed)},
                     "Action": "*", "Resource": "*"}  # fmt: skip
        return ask(who=who, resource_policy=bucket_policy(statement)).allowed

    assert not lets_in(ANN, ANN.arn)
    assert not lets_in(ANN, ACCOUNT)
    assert not lets_in(APP, APP_ROLE)
    assert not lets_in(ANONYMOUS, "*")
    assert lets_in(ANN, OTHER)
    assert lets_in(ANONYMOUS, OTHER)


def test_a_provider_is_named_exactly():
    def may(provider):
        policy = trust_policy(trusts({"Federated": provider}, "sts:AssumeRoleWithWebIdentity"))
        return ask(who=POOLS, action="sts:AssumeRoleWithWebIdentity", resource=APP_ROLE,
                   resource_policy=policy).allowed  # fmt: skip

    assert not may("Cognito-Identity.amazonaws.com")
    assert not may("accounts.google.com")
    assert may("cognito-identity.amazonaws.com")
    assert may(["accounts.google.com", "cognito-identity.amazonaws.com"])
