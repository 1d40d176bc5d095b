"""PostgreSQL's lexical rules, as far as the ends of statements and clauses need them; linear in the text."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple


class TokenKind(Enum):
    """The kind of a token."""

    WORD = auto()
    QUOTED = auto()
    STRING = auto()
    COMMENT = auto()
    OPEN = auto()
    CLOSE = auto()
    SEMICOLON = auto()
    BACKSLASH = auto()
    OTHER = auto()
    BROKEN = auto()


class Token(NamedTuple):
    """A range of the text; `BROKEN` is a quote or comment without an end, which reaches to the end of the text."""

    kind: TokenKind
    start: int
    end: int


_token = re.compile(
    r"""
    (?P<SPACE>\s++)
  | (?P<COMMENT>--[^\n\r]*+)
  | (?P<BLOCK>/\*)
  | (?P<STRING>[eE]'(?:[^'\\]|\\.|'')*+' | (?:[uU]&|[bBxXnN])?'(?:[^']|'')*+')
  | (?P<QUOTED>(?:[uU]&)?"(?:[^"]|"")*+")
  | (?P<DOLLAR>\$(?:[^\W\d]\w*+)?\$)
  | (?P<WORD>[^\W\d][\w$]*+)
  | (?P<NUMBER>\d[\w.]*+)
  | (?P<OPEN>\()
  | (?P<CLOSE>\))
  | (?P<SEMICOLON>;)
  | (?P<BACKSLASH>\\)
  | (?P<QUOTE>(?:[eE]|[uU]&|[bBxXnN])?['"])
  | (?P<OTHER>.)
    """,
    re.VERBOSE | re.DOTALL,
).match
_blank = re.compile(r"\s*+").match
_comment_mark = re.compile(r"/\*|\*/").search
_KINDS = {kind.name: kind for kind in TokenKind}


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of a text from an offset on, with comments and without white space."""
    size = len(text)
    while start < size:
        found = _token(text, start)
        assert found is not None
        assert found.lastgroup is not None
        end = found.end()
        match found.lastgroup:
            case "SPACE":
                start = end
                continue
            case "BLOCK":
                end = _block_end(text, end)
                kind = TokenKind.COMMENT if end >= 0 else TokenKind.BROKEN
            case "DOLLAR":
                close = text.find(found.group(), end)
                kind = TokenKind.STRING if close >= 0 else TokenKind.BROKEN
                end = close + end - start if close >= 0 else -1
            case "QUOTE":
                kind, end = TokenKind.BROKEN, -1
            case "NUMBER":
                kind = TokenKind.OTHER
            case name:
                kind = _KINDS[name]
        if end < 0:
            end = size
        yield Token(kind, start, end)
        start = end


def _block_end(text: str, start: int) -> int:
    """Return the end of a block comment whose body begins here; negative where it never ends. Block comments nest."""
    depth = 1
    while depth:
        mark = _comment_mark(text, start)
        if mark is None:
            return -1
        depth += 1 if mark.group() == "/*" else -1
        start = mark.end()
    return start


def first_keyword(text: str, start: int, end: int) -> int:
    """Return the offset of the first token that is no comment; `end` where there is none."""
    start = _blank(text, start).end()  # type: ignore[union-attr]
    if start < end and text[start] not in "-/":
        return start
    for token in tokens(text, start):
        if token.start >= end:
            return end
        if token.kind is not TokenKind.COMMENT:
            return token.start
    return end


def parenthesised(text: str, *keywords: str, start: int = 0) -> tuple[str, int] | None:
    """Return the text in the parentheses right after these keywords, outside all other parentheses, and its end.

    The search begins at `start`, which must be outside of parentheses and strings.
    """
    depth = 0
    matched = 0
    opened = 0
    for kind, begin, end in tokens(text, start):
        if kind is TokenKind.OPEN:
            depth += 1
            if depth == 1 and matched == len(keywords):
                opened = end
                continue
        elif kind is TokenKind.CLOSE:
            depth -= 1
            if depth == 0 and opened:
                return text[opened:begin].strip(), end
        elif depth or kind is TokenKind.COMMENT:
            continue
        elif kind is TokenKind.WORD:
            word = text[begin:end].lower()
            if matched < len(keywords) and word == keywords[matched]:
                matched += 1
            else:
                matched = 1 if word == keywords[0] else 0
            continue
        if depth == 0:
            matched = 0
    return None
