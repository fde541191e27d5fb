"""Ask a quiz question, and answer with the reason for the option that was chosen.

The questions of notebook 10 are in ``helpers/teach/quizzes/10.toml``.
"""

from __future__ import annotations

import textwrap

from .questions import Option, Question, load

LINE = 90  # characters, so that a printed question fits the page without scrolling


def ask(notebook: str, number: int, answer: str | None = None) -> None:
    """Print question ``number`` of a notebook's quiz, or, with ``answer``, how good that answer is.

    ``answer`` is the letter of an option ("b"), or as many letters as the question asks for
    ("bd"). Raises ``LookupError`` for a quiz or question that does not exist, and ``ValueError``
    for an answer that is not among the options.
    """
    question = _find(notebook, number)
    if answer is None:
        _print_question(notebook, number, question)
    else:
        _print_feedback(question, _chosen(question, answer))


def _find(notebook: str, number: int) -> Question:
    questions = load(notebook)
    if isinstance(number, bool) or number not in range(1, len(questions) + 1):
        raise LookupError(f"quiz {notebook} has questions 1 to {len(questions)}, not {number!r}")
    return questions[number - 1]


def _print_question(notebook: str, number: int, question: Question) -> None:
    wanted = len(question.right)
    choose = "" if wanted == 1 else f" (Choose {wanted}.)"
    print(textwrap.fill(f"{number}. {question.text}{choose}", LINE, subsequent_indent="   "))
    for letter, option in question.options.items():
        print(
            textwrap.fill(
                f"{letter}) {option.text}",
                LINE,
                initial_indent="   ",
                subsequent_indent="      ",
            )
        )
    sample = "ab"[:wanted] if wanted < 3 else "abc"[:wanted]
    print(f'Your answer: quiz.ask("{notebook}", {number}, answer="{sample}")')


def _chosen(question: Question, answer: str) -> dict[str, Option]:
    letters = sorted({letter for letter in str(answer).lower() if letter.isalnum()})
    known = "".join(question.options)
    if not letters or not set(letters) <= set(known):
        raise ValueError(f"answer with one of the letters {', '.join(known)}, not {answer!r}")
    if len(letters) != len(question.right):
        raise ValueError(f"this question asks for {len(question.right)} letters, not {answer!r}")
    return {letter: question.options[letter] for letter in letters}


def _print_feedback(question: Question, chosen: dict[str, Option]) -> None:
    for letter, option in chosen.items():
        verdict = "right" if option.right else "not right"
        print(textwrap.fill(f"{letter}) {verdict}: {option.why}", LINE, subsequent_indent="   "))
    if not all(option.right for option in chosen.values()):
        print(f"Read again: {question.reread}")
