"""The tree is computed from its rules: other rules, other questions."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import draw
from helpers.draw.decision_tree import NOTHING, Node, grow

WHO, NEED = "Who?", "What?"
RULES = [
    {"use": "pool", NEED: "token"},
    {"use": "keys", WHO: ["guest", "user"], NEED: "S3"},
    {"use": "sso", WHO: "employee", NEED: "S3"},
]


def walk(node: Node, answers: dict[str, str]) -> str:
    while node.branches:
        node = next(child for said, child in node.branches if answers[node.text] in said)
    return node.text


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="no rules"):
        draw.decision_tree([])
    with pytest.raises(ValueError, match='needs the member "use"'):
        draw.decision_tree([{WHO: "guest"}])
    with pytest.raises(ValueError, match="no question tells these apart: keys and more"):
        draw.decision_tree([*RULES, {"use": "more", WHO: "user", NEED: "S3"}])


def test_the_sentence_says_every_way(capsys: pytest.CaptureFixture[str]) -> None:
    draw.decision_tree(RULES)
    assert capsys.readouterr().out == (
        "What? token → pool; What? S3, Who? guest or user → keys; What? S3, Who? employee → sso.\n"
    )


def test_one_method_needs_no_question(capsys: pytest.CaptureFixture[str]) -> None:
    draw.decision_tree([{"use": "pool", NEED: "token"}])
    assert capsys.readouterr().out == "Always pool.\n"


def test_the_question_that_leaves_least_comes_first() -> None:
    assert grow(RULES).text == NEED
    by_who = [{"use": name, WHO: name, NEED: "S3"} for name in ("guest", "user", "employee")]
    assert grow([*by_who, {"use": "more", WHO: "guest", NEED: "token"}]).text == WHO


def test_an_answer_that_no_rule_takes_ends_in_none_of_these() -> None:
    robots = {"use": "grant", WHO: "robot", NEED: "token"}
    people = {"use": "pool", WHO: ["guest", "user", "employee"], NEED: "token"}
    agent = {"use": "agent", WHO: "robot", NEED: "queue"}
    tree = grow([robots, people, agent, *RULES[1:]])
    assert walk(tree, {NEED: "S3", WHO: "robot"}) == NOTHING


def test_words_stay_on_the_sheet_and_in_their_boxes(tmp_path: Path) -> None:
    long = {"use": "AssumeRoleWithWebIdentity", WHO: "people with an account at Google", NEED: "S3"}
    draw.decision_tree([*RULES, long], "A title", path=tmp_path / "tree.png")
    axes = plt.gca()
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    sheet = axes.get_window_extent(renderer)
    for text in axes.texts:
        box = text.get_window_extent(renderer)
        assert sheet.x0 <= box.x0 and box.x1 <= sheet.x1, text.get_text()
        assert sheet.y0 <= box.y0 and box.y1 <= sheet.y1, text.get_text()
    assert b"Description" in (tmp_path / "tree.png").read_bytes()


ANSWERS = [["a", "b", "c"], ["x", "y"], ["1", "2"]]
EACH = list(product(*ANSWERS))


@given(st.lists(st.sampled_from(["m", "n", "o"]), min_size=len(EACH), max_size=len(EACH)))
def test_the_tree_says_what_the_rules_say(methods: list[str]) -> None:
    """Whatever the rules, the way through the tree ends at the method of the rule that fits."""
    questions = ["Q0", "Q1", "Q2"]
    rules = [
        {"use": method, **dict(zip(questions, said, strict=True))}
        for method, said in zip(methods, EACH, strict=True)
    ]
    tree = grow(rules)
    for method, said in zip(methods, EACH, strict=True):
        assert walk(tree, dict(zip(questions, said, strict=True))) == method
