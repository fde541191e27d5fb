import pytest

from tests.cloud.iam.build import ANN, APP, FEDERATED, ROOT, allow, ask, denies, deny, holds

FOLDER = "arn:aws:s3:::photos/${aws:username}/*"
TEAM = "arn:aws:s3:::photos/${aws:PrincipalTag/team}/*"
TAG = "aws:PrincipalTag/team"


def test_a_variable_is_the_callers_own_value():
    assert not ask(allow(resource=FOLDER), resource="arn:aws:s3:::photos/bo/x").allowed
    assert ask(allow(resource=FOLDER), resource="arn:aws:s3:::photos/ann/x").allowed


def test_variables_need_version_2012():
    assert not ask(allow(resource=FOLDER), version="2008-10-17").allowed
    literal = "arn:aws:s3:::photos/${aws:username}/x"
    assert not ask(allow(resource=FOLDER), resource=literal).allowed
    assert ask(allow(resource=FOLDER), resource=literal, version="2008-10-17").allowed


def test_variables_count_only_after_the_fifth_colon():
    user = "arn:aws:iam::111122223333:user/ann"
    in_account = "arn:aws:iam::${aws:PrincipalAccount}:user/ann"
    assert not ask(allow(resource=in_account), resource=user).allowed
    after = "arn:aws:iam::111122223333:user/${aws:username}"
    assert ask(allow(resource=after), resource=user).allowed


def test_the_name_of_a_variable_is_the_same_in_any_case():
    assert ask(allow(resource="arn:aws:s3:::photos/${AWS:UserName}/*")).allowed


def test_a_missing_variable_in_resource_matches_nothing():
    for who in (APP, FEDERATED, ROOT):
        if who is not ROOT:  # the root user needs no Allow
            assert not ask(allow(resource=FOLDER), who=who).allowed
        # and a Deny with it does nothing either
        assert ask(allow(), deny(resource=FOLDER), who=who).allowed


def test_an_unset_variable_does_not_equal_its_own_text():
    text = "${aws:PrincipalTag/b}"
    assert not holds("StringEquals", TAG, text, {TAG: text})
    assert not holds("StringLike", TAG, text, {TAG: text})
    assert not ask(allow(resource=TEAM), resource="arn:aws:s3:::photos/" + text + "/x").allowed


def test_a_missing_variable_never_equals_and_so_always_differs():
    wanted = "${aws:PrincipalTag/none}"
    assert not holds("StringEquals", TAG, wanted, {TAG: "red"})
    assert not holds("StringLike", TAG, wanted, {TAG: "red"})
    assert holds("StringNotEquals", TAG, wanted, {TAG: "red"})
    assert holds("StringNotLike", TAG, wanted, {TAG: "red"})


def test_a_notresource_with_a_missing_variable_is_closed_on_the_safe_side():
    spare = {"NotResource": "arn:aws:s3:::photos/${aws:PrincipalTag/none}/*"}
    open_to_all = {"Effect": "Allow", "Action": "*", **spare}
    closed_to_all = {"Effect": "Deny", "Action": "*", **spare}
    assert not ask(open_to_all).allowed
    assert not ask(allow(), closed_to_all).allowed
    assert ask({**open_to_all, "NotResource": TEAM}, context={TAG: "red"}).allowed


@pytest.mark.parametrize("value", ["*", "a*", "?nn", "${aws:username}", "${*}", "ann/*", "a:b"])
def test_a_value_never_acts_as_a_wildcard_or_a_variable(value):
    who = {"context": {TAG: value}}
    assert not ask(allow(resource=TEAM), **who).allowed
    assert ask(allow(resource=TEAM), resource=f"arn:aws:s3:::photos/{value}/x", **who).allowed
    assert not holds("StringLike", "s3:prefix", f"${{{TAG}}}", {TAG: value, "s3:prefix": "ann"})
    assert holds("StringLike", "s3:prefix", f"${{{TAG}}}", {TAG: value, "s3:prefix": value})


def test_a_multivalued_key_is_no_variable():
    keys = {"aws:TagKeys": ["ann"]}
    assert not ask(allow(resource="arn:aws:s3:::photos/${aws:TagKeys}/*"), context=keys).allowed
    assert not holds("StringEquals", "aws:username", "${aws:TagKeys}", keys)


def test_a_default_stands_in_for_a_missing_value_only():
    resource = "arn:aws:s3:::photos/${aws:PrincipalTag/team, 'all hands'}/*"
    shared = "arn:aws:s3:::photos/all hands/x"
    assert not ask(allow(resource=resource), resource=shared, context={TAG: "red"}).allowed
    assert ask(allow(resource=resource), resource=shared).allowed
    assert not ask(allow(resource=resource), resource="arn:aws:s3:::photos/'all hands'/x").allowed


@pytest.mark.parametrize("default", [",'ann'", ", ann", ', "ann"', " 'ann'"])
def test_a_default_is_written_with_comma_space_and_single_quotes(default):
    resource = "arn:aws:s3:::photos/${aws:none" + default + "}/*"
    assert not ask(allow(resource=resource)).allowed


def test_a_default_with_a_comma_is_closed_on_the_safe_side():
    resource = "arn:aws:s3:::photos/${aws:PrincipalTag/team, 'a,b'}/*"
    here = "arn:aws:s3:::photos/a,b/x"
    assert not ask(allow(resource=resource), resource=here).allowed
    assert not ask(allow(), deny(resource=resource), resource=here).allowed
    assert ask(allow(), deny(resource=resource), resource="arn:aws:s3:::photos/c/x").allowed


def test_an_empty_value_is_closed_on_the_safe_side():
    here, empty = "arn:aws:s3:::photos//x", {TAG: ""}
    assert not ask(allow(resource=TEAM), resource=here, context=empty).allowed
    assert not ask(allow(), deny(resource=TEAM), resource=here, context=empty).allowed
    assert ask(allow(), deny(resource=TEAM), context=empty).allowed


@pytest.mark.parametrize("character", ["*", "?", "$"])
def test_an_escaped_character_is_itself(character):
    resource = f"arn:aws:s3:::photos/${{{character}}}/x"
    assert not ask(allow(resource=resource), resource="arn:aws:s3:::photos/a/x").allowed
    here = f"arn:aws:s3:::photos/{character}/x"
    assert ask(allow(resource=resource), resource=here).allowed
    assert not ask(allow(resource=resource), resource=here, version="2008-10-17").allowed


def test_variables_mean_nothing_to_numbers_and_dates_and_booleans():
    context = {"aws:PrincipalTag/n": "5", "s3:max-keys": "5", "aws:SecureTransport": "true"}
    assert not holds("NumericEquals", "s3:max-keys", "${aws:PrincipalTag/n}", context)
    assert not holds("Bool", "aws:SecureTransport", "${aws:SecureTransport}", context)


def test_a_variable_may_stand_in_any_segment_of_an_arn_condition():
    wanted = "arn:aws:iam::${aws:PrincipalAccount}:user/*/${aws:username}"
    assert holds("ArnLike", "aws:PrincipalArn", wanted, {})
    assert not holds("ArnLike", "aws:PrincipalArn", wanted, {}, who=APP)


def test_a_variable_with_a_colon_does_not_move_the_segments_of_an_arn():
    tag = {"aws:PrincipalTag/x": "sns:us-east-1", "aws:SourceArn": "arn:aws:sns:us-east-1:1:t"}
    assert not holds("ArnLike", "aws:SourceArn", "arn:aws:${aws:PrincipalTag/x}:1:t", tag)


def test_the_userid_of_a_session_is_the_role_id_and_the_session_name():
    resource = "arn:aws:s3:::photos/${aws:userid}/*"
    mine = "arn:aws:s3:::photos/AROAEXAMPLEAPPROLE01:s1/x"
    assert not ask(allow(resource=resource), who=ANN, resource=mine).allowed
    assert ask(allow(resource=resource), who=APP, resource=mine).allowed


def test_the_identity_of_a_pools_user_makes_a_folder():
    resource = "arn:aws:s3:::photos/${cognito-identity.amazonaws.com:sub}/*"
    identity = "us-east-1:5f0c2d1e-0000-4000-8000-000000000001"
    key = {"cognito-identity.amazonaws.com:sub": identity}
    other = "arn:aws:s3:::photos/us-east-1:other/x"
    mine = f"arn:aws:s3:::photos/{identity}/x"
    assert not ask(allow(resource=resource), who=APP, resource=other, context=key).allowed
    assert ask(allow(resource=resource), who=APP, resource=mine, context=key).allowed


def test_a_deny_with_a_variable_is_as_strict():
    assert denies("StringNotEquals", "s3:prefix", "${aws:username}", {"s3:prefix": "bo"})
    assert not denies("StringNotEquals", "s3:prefix", "${aws:username}", {"s3:prefix": "ann"})
