"""PostgreSQL's own grammar (pgparse, libpg_query), made safe for untrusted text; no other module imports it."""

import re
from types import ModuleType
from typing import Any, TypeAlias

from iacpolicy.core.diagnostics import error
from iacpolicy.sql.syntax.lexer import TokenKind, tokens

Node: TypeAlias = dict[str, Any]
"""A node of libpg_query's tree; the JSON reader bounds its depth, but callers must not recurse over it."""

MAX_COMMENT_MARKS = 1000
MAX_OPERATOR = 200
MAX_BODY = 250_000
"""The bound on code points of a PL/pgSQL body; the time of its parser grows with the square of the declarations."""

_operator_run = re.compile(r"[-+*/<>=~!@#%^&|`?]{1000}").search
_visible = re.compile(r"[^\n]").sub


class GrammarMissingError(Exception):
    """PostgreSQL's grammar is not installed; `diagnostic` says how to install it."""

    def __init__(self) -> None:
        super().__init__("pgparse is not installed")
        self.diagnostic = error(
            "SQL cannot be read",
            "The package pgparse (PostgreSQL's grammar) is not installed, so no migration was read. "
            "Install it with `pip install pgparse`.",
        )


class SqlRefusedError(ValueError):
    """The grammar refuses a text; `offset` is the code point of the error, where it is known."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message if len(message) <= 120 else f"{message[:120]}…")
        self.offset = offset


def read_sql(text: str) -> list[Node]:
    """Return the statements of a text, each `{"stmt": {type: fields}, "stmt_location", "stmt_len"}` in bytes.

    Raises:
        SqlRefusedError: a syntax error, or nesting that is too deep.
        GrammarMissingError: pgparse is not installed.
    """
    pgparse = _pgparse()
    try:
        statements: list[Node] = pgparse.parse(without_unsafe_characters(text))
    except pgparse.PGQueryError as problem:
        raise SqlRefusedError(problem.message, max(0, problem.position - 1)) from None
    except RecursionError:
        raise SqlRefusedError("nested too deeply") from None
    return [statement for statement in statements if "stmt" in statement]


def read_plpgsql(text: str) -> Node:
    """Return the function in a DO or CREATE FUNCTION statement whose language is PL/pgSQL.

    Raises:
        SqlRefusedError: a syntax error, or a body that is too long or too deeply nested.
        GrammarMissingError: pgparse is not installed.
    """
    pgparse = _pgparse()
    if len(text) > MAX_BODY or _is_costly(text) or "\0" in text:
        raise SqlRefusedError("too long")
    try:
        function: Node = pgparse.parse_pgsql(text)[0]["PLpgSQL_function"]
    except pgparse.PGQueryError as problem:
        raise SqlRefusedError(problem.message) from None
    except RecursionError:
        raise SqlRefusedError("nested too deeply") from None
    except (LookupError, ValueError):
        raise SqlRefusedError("not a function in PL/pgSQL") from None
    return function


def without_unsafe_characters(text: str) -> str:
    """Return the text without characters that are unsafe for the grammar; every offset stays the same.

    libpg_query reads a C string, so a NUL would end the text silently. Nested comments and very long runs of operator
    characters need time that grows with the square of their length. Comments then become spaces, and a run becomes a
    shorter one, which is still longer than PostgreSQL allows.
    """
    text = text.replace("\0", " ")
    if not _is_costly(text):
        return text
    pieces: list[str] = []
    end = 0
    run = 0
    for token in tokens(text):
        run = run + 1 if token.kind is TokenKind.OTHER and token.start == end else 0
        piece = text[token.start : token.end]
        if token.kind is TokenKind.COMMENT or run > MAX_OPERATOR:
            piece = _visible(" ", piece)
        elif token.kind is TokenKind.BROKEN and piece.startswith("/*"):
            piece = "/*" + _visible(" ", piece[2:])  # The comment stays open, so that the grammar refuses it.
        pieces.extend((text[end : token.start], piece))
        end = token.end
    return "".join(pieces) + text[end:]


def _is_costly(text: str) -> bool:
    return text.count("/*") > MAX_COMMENT_MARKS or _operator_run(text) is not None


def _pgparse() -> ModuleType:
    try:
        import pgparse
    except ImportError:
        raise GrammarMissingError from None
    module: ModuleType = pgparse
    return module
