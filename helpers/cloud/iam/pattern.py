"""Wildcards: `*` is any run of characters, none included; `?` is exactly one.

A pattern is a list of tokens, never a string with special characters in it, so text that came out
of a variable is a literal whatever it contains: a user named `*` matches only `*`.
"""

from collections.abc import Iterable
from enum import Enum

Chunk = tuple["str | Wildcard", ...]


class Wildcard(Enum):
    """The two wildcards of the policy language."""

    ANY = "*"
    ONE = "?"


Token = str | Wildcard


def wildcard_tokens(text: str) -> list[Token]:
    """Text as written in a policy, with its `*` and `?` told apart from its literals."""
    tokens: list[Token] = []
    literal_from = 0
    for at, character in enumerate(text):
        if character in "*?":
            tokens += [text[literal_from:at], Wildcard(character)]
            literal_from = at + 1
    return [token for token in [*tokens, text[literal_from:]] if token != ""]


class Pattern:
    """What a whole text is compared with.

    Kept as the chunks that stand between the `*`s. Each chunk is looked for to the right of the
    one before and never tried again: the leftmost place leaves the most room for the rest, so
    there is nothing to go back for and `a*a*a*b` costs no more than it looks.
    """

    __slots__ = ("_chunks", "_tail_length", "literal", "prefix")

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._chunks = tuple(_chunks(tokens))
        self._tail_length = _length(self._chunks[-1])
        # The two simplest shapes are by far the commonest: no wildcard, and a last `*` alone.
        start = _as_literal(self._chunks[0])
        self.literal = start if len(self._chunks) == 1 else None
        self.prefix = start if self._chunks[1:] == ((),) else None

    @classmethod
    def of(cls, text: str) -> "Pattern":
        """The pattern a policy's text stands for, its `*` and `?` being wildcards."""
        return cls(wildcard_tokens(text))

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` fits."""
        if self.literal is not None:
            return text == self.literal
        if self.prefix is not None:
            return text.startswith(self.prefix)
        first, *between = self._chunks
        at = _end_of(first, text, 0)
        if not between:
            return at == len(text)
        *middle, last = between
        for chunk in middle:
            if at < 0:
                return False
            at = _find(chunk, text, at)
        tail = len(text) - self._tail_length
        return 0 <= at <= tail and _end_of(last, text, tail) == len(text)


def _chunks(tokens: Iterable[Token]) -> Iterable[Chunk]:
    chunk: list[Token] = []
    for token in tokens:
        if token is Wildcard.ANY:
            yield tuple(chunk)
            chunk = []
        elif isinstance(token, str) and chunk and isinstance(chunk[-1], str):
            chunk[-1] += token  # neighbours, so that one comparison does
        elif token != "":
            chunk.append(token)
    yield tuple(chunk)


def _as_literal(chunk: Chunk) -> str | None:
    """The chunk as one literal, if it is no more than that."""
    if not chunk:
        return ""
    return chunk[0] if len(chunk) == 1 and isinstance(chunk[0], str) else None


def _length(chunk: Chunk) -> int:
    return sum(len(token) if isinstance(token, str) else 1 for token in chunk)


def _end_of(chunk: Chunk, text: str, at: int) -> int:
    """Where the chunk ends if it stands at `at`, else -1."""
    for token in chunk:
        if not isinstance(token, str):
            at += 1  # a `?` takes whatever is there
        elif text.startswith(token, at):
            at += len(token)
        else:
            return -1
    return at if at <= len(text) else -1


def _find(chunk: Chunk, text: str, start: int) -> int:
    """Where the chunk's first place at or after `start` ends, else -1."""
    if not chunk:
        return start
    literal = _as_literal(chunk)
    if literal is not None:
        at = text.find(literal, start)
        return at if at < 0 else at + len(literal)
    for at in range(start, len(text) - _length(chunk) + 1):
        end = _end_of(chunk, text, at)
        if end >= 0:
            return end
    return -1
