import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cloud.iam.pattern import Pattern, Wildcard


@pytest.mark.parametrize(
    ("pattern", "misses", "hits"),
    [
        ("cat", ["", "ca", "cats", "Cat"], ["cat"]),
        ("", ["x"], [""]),
        ("c?t", ["ct", "caat"], ["cat", "c?t", "c\nt"]),
        ("c*", ["", "ac"], ["c", "cat", "c/a:t"]),
        ("*t", ["", "ta", "cat\n"], ["t", "cat"]),
        ("a*a", ["a"], ["aa", "aba"]),
        ("ab*ba", ["aba"], ["abba", "ab-ba"]),
        ("a?c*e", ["ace", "abd"], ["abce", "abcde"]),
        ("?*", [""], ["a", "abc"]),
        ("*?a?*", ["a", "xa"], ["xay", "aaxay"]),
        ("**", [], ["", "abc"]),
        ("[a-z]", ["a"], ["[a-z]"]),
        ("a.c$", ["abc"], ["a.c$"]),
    ],
)
def test_a_star_is_any_run_and_a_question_mark_exactly_one(pattern, misses, hits):
    compiled = Pattern.of(pattern)
    assert [text for text in misses if compiled.matches(text)] == []
    assert [text for text in hits if not compiled.matches(text)] == []


def test_a_literal_token_is_no_wildcard_whatever_it_contains():
    pattern = Pattern(["home/", "*", "/", Wildcard.ANY])
    assert not pattern.matches("home/ann/x")
    assert pattern.matches("home/*/x")


few_letters = st.text(alphabet="ab?*/", max_size=12)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(few_letters, st.text(alphabet="ab/", max_size=12))
def test_a_pattern_agrees_with_the_regular_expression_it_stands_for(pattern, text):
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(character, re.escape(character)) for character in pattern)
    expected = re.fullmatch(expression, text, re.DOTALL) is not None
    assert Pattern.of(pattern).matches(text) is expected


def test_a_hostile_pattern_ends():
    assert not Pattern.of("a*" * 2000 + "b").matches("a" * 20_000)
    assert not Pattern.of("*?a" * 300 + "b").matches("a" * 2_000)
