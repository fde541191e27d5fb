"""Properties of the expression reader: no name is overlooked, nothing breaks it."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from helpers.cloud.errors import AwsError
from helpers.cloud.service_authorization import expressions
from helpers.cloud.service_authorization.expressions import Placeholders

RESERVED = {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "IN", "BETWEEN"}
letters = st.text(string.ascii_letters + "_", min_size=1, max_size=6)
bare = st.one_of(st.sampled_from(["size", "contains", "list_append"]), letters).filter(
    lambda word: word.upper() not in RESERVED
)
attribute_names = st.text(min_size=1, max_size=8)
spaces = st.sampled_from(["", " ", "\n", "\t  "])


@st.composite
def paths(draw: st.DrawFn) -> tuple[str, str, dict[str, str]]:
    """A document path as written, its top-level attribute, and the placeholders it uses."""
    names: dict[str, str] = {}

    def segment() -> tuple[str, str]:
        if draw(st.booleans()):
            name = draw(bare)
            return name, name
        meant = draw(attribute_names)
        placeholder = f"#p{draw(st.integers(0, 10**9))}"
        names[placeholder] = meant
        return placeholder, names[placeholder]

    written, top = segment()
    for _ in range(draw(st.integers(0, 2))):
        written += draw(st.sampled_from([f".{segment()[0]}", "[3]"]))
    return written, names.get(written.split(".")[0].split("[")[0], top), names


def all_names(found: list[tuple[str, str, dict[str, str]]]) -> dict[str, str]:
    return {key: name for _, _, names in found for key, name in names.items()}


@given(st.lists(paths(), min_size=1, max_size=4), spaces)
def test_a_projection_hides_no_attribute(
    found: list[tuple[str, str, dict[str, str]]], space: str
) -> None:
    names = all_names(found)
    expression = f"{space},{space}".join(written for written, _, _ in found)
    read = expressions.projected(expression, Placeholders(names, {}))
    tops = {names.get(w.split(".")[0].split("[")[0], top) for w, top, _ in found}
    assert set(read) == tops


@given(st.lists(paths(), min_size=1, max_size=4), st.sampled_from(["SET", "set"]))
def test_an_update_hides_no_attribute(
    found: list[tuple[str, str, dict[str, str]]], word: str
) -> None:
    names = all_names(found)
    assignments = ", ".join(f"{written} = {written} + :v" for written, _, _ in found)
    read = expressions.updated(f"{word} {assignments}", Placeholders(names, {}))
    assert {names.get(w.split(".")[0].split("[")[0], top) for w, top, _ in found} == set(read)


@given(st.lists(paths(), min_size=1, max_size=4), st.sampled_from([" AND ", " or "]))
def test_a_condition_hides_no_attribute(
    found: list[tuple[str, str, dict[str, str]]], joint: str
) -> None:
    names = all_names(found)
    expression = joint.join(f"{written} = :v" for written, _, _ in found)
    read = expressions.conditioned(expression, Placeholders(names, {}))
    assert {names.get(w.split(".")[0].split("[")[0], top) for w, top, _ in found} == set(read)


@given(st.one_of(st.text(), st.text("ab#:.,()[]=<> 0SETAND", max_size=40)))
def test_no_expression_breaks_the_reader(expression: str) -> None:
    placeholders = Placeholders({"#a": "x"}, {":a": {"S": "x"}})
    for read in (
        expressions.projected,
        expressions.conditioned,
        expressions.updated,
        expressions.key_conditions,
    ):
        try:
            assert isinstance(read(expression, placeholders), list)
        except AwsError as refusal:
            assert refusal.code == "ValidationException"


def test_a_long_expression_is_read_in_one_go() -> None:
    deep = "(" * 4000 + "a = :a" + ")" * 4000
    placeholders = Placeholders({}, {":a": {"S": "x"}})
    assert expressions.conditioned(deep, placeholders) == ["a"]
