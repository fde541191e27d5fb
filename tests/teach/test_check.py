"""A check has four answers, and none of them is a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import boto3
import pytest

from helpers.teach import check
from helpers.teach.result import NotTried, Result, Wrong
from helpers.teach.task import Task, task

HINTS = ("Look at the name.", "Count its letters.", "It is 'ab'.")


@task("98.1", hints=HINTS)
def prefix(answer: Any) -> str:
    """Accept one word, recognise one mistake, and fall over at numbers."""
    if answer == "":
        raise NotTried("Type a word")
    if answer == "AB":
        raise Wrong("S3 ignores case", "The key AB/ is another one than ab/.")
    return f"The prefix has {len(answer)} letters."


@task("98.2", hints=HINTS)
def bucket(name: str) -> None:
    """Ask the cloud, in silence."""
    boto3.client("s3").get_object(Bucket=name, Key="cat.jpg")


@pytest.fixture(autouse=True)
def lab_98() -> Iterator[None]:
    module = ModuleType("lab_98")
    vars(module).update(prefix=prefix, bucket=bucket)
    sys.modules["helpers.teach.checks.lab_98"] = module
    yield
    del sys.modules["helpers.teach.checks.lab_98"]


@pytest.mark.parametrize("id", ["97.1", "98.3", "98", "", "nonsense", 98.1])
def test_an_unknown_task_is_refused(id: Any) -> None:
    with pytest.raises(LookupError):
        check.task(id, answer="ab")


def test_an_unknown_task_is_told_what_there_is() -> None:
    with pytest.raises(LookupError, match=r"no task '98\.9'; this lab has 98\.1, 98\.2"):
        check.task("98.9")
    with pytest.raises(LookupError, match="there is no lab '97': a task's id looks like"):
        check.task("97.1")


def test_answers_go_by_the_names_the_task_asks_for() -> None:
    with pytest.raises(TypeError, match="answer"):
        check.task("98.1", reply="ab")
    with pytest.raises(TypeError, match="answer"):
        check.task("98.1")


def dots(event: object) -> object: ...


def dots_below_words(event: object) -> object:
    """Decide."""
    ...


@pytest.mark.parametrize(
    "answer",
    [..., None, {"Statement": [{"Resource": ...}]}, [1, ...], (), dots, dots_below_words, ""],
)
def test_a_stub_is_not_tried_rather_than_wrong(answer: Any) -> None:
    state = check.task("98.1", answer=answer).state
    assert state == ("passed" if answer == () else "not tried yet")


@pytest.mark.parametrize("answer", [{"Condition": None}, lambda event: event, "ab", [0]])
def test_a_real_answer_is_judged(answer: Any) -> None:
    assert check.task("98.1", answer=answer).state != "not tried yet"


def test_each_state_in_words() -> None:
    assert repr(check.task("98.1", answer="ab")) == "Task 98.1: passed. The prefix has 2 letters."
    assert repr(check.task("98.1", answer=...)) == (
        'Task 98.1: not tried yet. Replace the ... of answer. A first hint: check.hint("98.1", 1)'
    )
    assert repr(check.task("98.1", answer="")) == (
        'Task 98.1: not tried yet. Type a word. A first hint: check.hint("98.1", 1)'
    )
    assert repr(check.task("98.1", answer="AB")) == (
        "Task 98.1: wrong (S3 ignores case). The key AB/ is another one than ab/."
    )
    assert repr(check.task("98.1", answer=5)) == (
        "Task 98.1: error. Your answer stopped the check with TypeError: object of type 'int' "
        'has no len(). A first hint: check.hint("98.1", 1)'
    )


def test_what_aws_said_is_told_in_its_words(cloud: Any) -> None:
    result = check.task("98.2", name="nobodys-bucket")
    assert result.state == "error"
    assert result.message.startswith("GetObject was answered with NoSuchBucket: ")


def test_what_boto3_refuses_to_send_is_told_in_one_line(cloud: Any) -> None:
    result = check.task("98.2", name="no bucket")
    assert result.state == "error"
    assert result.message.startswith("boto3 did not send the request: ")
    assert "\n" not in result.message


def test_silence_of_a_check_is_a_pass(cloud: Any) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="cat.jpg", Body=b"")
    assert repr(check.task("98.2", name="photos")) == "Task 98.2: passed."


@pytest.mark.parametrize("answer", ["AB", "", ..., 5])
def test_a_grader_hears_of_anything_but_a_pass(answer: Any) -> None:
    with pytest.raises(AssertionError, match=r"Task 98\.1: (wrong|not tried yet|error)"):
        check.task("98.1", answer=answer).require()


def test_a_grader_gets_the_result_of_a_pass() -> None:
    result = check.task("98.1", answer="ab")
    assert result.require() is result
    assert result == Result("98.1", "passed", "The prefix has 2 letters.")


def test_three_hints_and_no_fourth(capsys: pytest.CaptureFixture[str]) -> None:
    for number in (0, 4, "1"):
        with pytest.raises(LookupError, match=r"task 98\.1 has hints 1 to 3"):
            check.hint("98.1", number)  # type: ignore[arg-type]
    check.hint("98.1", 1)
    check.hint("98.1", 3)
    assert capsys.readouterr().out == (
        'Hint 1 of 3 for task 98.1: Look at the name. Still stuck? check.hint("98.1", 2)\n'
        "Hint 3 of 3 for task 98.1: It is 'ab'.\n"
    )


def test_a_task_without_three_hints_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="three hints"):
        task("98.4", hints=("one", "two"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="three hints"):
        task("98.4", hints=("one", "two", " "))


def test_a_module_is_searched_for_its_tasks() -> None:
    assert all(isinstance(found, Task) for found in check.tasks_of("98").values())
    assert list(check.tasks_of("98")) == ["98.1", "98.2"]
