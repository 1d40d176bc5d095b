"""A migration split into statements by its text alone, for files that PostgreSQL's grammar refuses as a whole."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from iacpolicy.sql.syntax.lexer import Token, TokenKind, tokens

_copy_from_stdin = re.compile(r"copy\b.*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL).match
_end_of_copy = re.compile(r"^\\\.[ \t\r]*$", re.MULTILINE).search


class ChunkKind(Enum):
    """The kind of a range of a migration."""

    STATEMENT = auto()
    META = auto()
    ROWS = auto()


class Chunk(NamedTuple):
    """A statement without its semicolon, a psql command with its line, or the rows after `COPY … FROM stdin`."""

    kind: ChunkKind
    start: int
    end: int


def split(text: str, *, brackets: bool = True) -> Iterator[Chunk]:
    """Yield the statements, psql commands and COPY rows of a text, in order.

    A semicolon ends a statement outside of parentheses and of a `BEGIN ATOMIC … END` body. With `brackets` false it
    ends one inside of parentheses too, which recovers from a parenthesis that is never closed.
    """
    position = 0
    while position < len(text):
        chunk, position = _next(text, position, brackets)
        if chunk is None:
            return
        yield chunk
        if chunk.kind is ChunkKind.STATEMENT and _copy_from_stdin(text[chunk.start : chunk.end]):
            begin = text.find("\n", position) + 1 or len(text)
            found = _end_of_copy(text, begin)
            position = found.end() if found else len(text)
            yield Chunk(ChunkKind.ROWS, begin, found.start() if found else len(text))


def _next(text: str, position: int, brackets: bool) -> tuple[Chunk | None, int]:
    begin = -1
    end = position
    depth = 0
    atomic = 0
    before: str | None = None
    for token in tokens(text, position):
        if token.kind is TokenKind.COMMENT:
            continue
        if token.kind is TokenKind.BACKSLASH:
            if begin >= 0:
                return Chunk(ChunkKind.STATEMENT, begin, end), token.start
            line_end = text.find("\n", token.start)
            line_end = len(text) if line_end < 0 else line_end
            return Chunk(ChunkKind.META, token.start, line_end), line_end
        if token.kind is TokenKind.SEMICOLON and not atomic and (depth <= 0 or not brackets):
            if begin >= 0:
                return Chunk(ChunkKind.STATEMENT, begin, end), token.end
            continue
        if begin < 0:
            begin = token.start
        end = token.end
        depth += (token.kind is TokenKind.OPEN) - (token.kind is TokenKind.CLOSE)
        word = _word(text, token)
        atomic += _atomic_step(atomic, before, word)
        before = word
    return (Chunk(ChunkKind.STATEMENT, begin, end) if begin >= 0 else None), len(text)


def _word(text: str, token: Token) -> str | None:
    return text[token.start : token.end].lower() if token.kind is TokenKind.WORD else None


def _atomic_step(atomic: int, before: str | None, word: str | None) -> int:
    """Return the change of depth by a word inside `BEGIN ATOMIC … END`, where `CASE … END` nests."""
    if not atomic:
        return 1 if before == "begin" and word == "atomic" else 0
    return {"case": 1, "end": -1}.get(word or "", 0)
