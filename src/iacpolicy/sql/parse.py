"""Migration files read by PostgreSQL's own grammar (pgparse, libpg_query): statements with their places."""

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error, note
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.sql.lexer import first_keyword
from iacpolicy.sql.split import Chunk, ChunkKind, split

Node: TypeAlias = dict[str, Any]
"""A node of libpg_query's tree; its depth is bounded by the JSON reader, but read it without recursion all the same."""

MAX_ERRORS = 20
"""Syntax errors said one by one in a file; a file in another dialect would otherwise drown the report."""

HARMLESS_META = frozenset(
    {"set", "unset", "echo", "qecho", "warn", "restrict", "unrestrict", "timing", "pset", "encoding", "conninfo",
     "prompt", "x", "a", "t", "q", "d", "dt", "du", "dn", "df", "dp", "z", "!"}
)  # fmt: skip
"""psql commands that cannot change the schema."""


class Statement(NamedTuple):
    """One statement: the type and fields of its node, its own text, and its place from the first keyword on."""

    kind: str
    node: Node
    text: str
    span: Span


class Unread(NamedTuple):
    """A stretch that was not read: what it changes is unknown."""

    text: str
    span: Span
    why: str


class ParsedFile(msgspec.Struct, frozen=True):
    """A migration: its statements and what could not be read, in order."""

    path: str
    items: tuple[Statement | Unread, ...]
    diagnostics: tuple[Diagnostic, ...]


class GrammarMissingError(Exception):
    """PostgreSQL's grammar is not installed; `diagnostic` says how to get it."""

    def __init__(self) -> None:
        super().__init__("pgparse is not installed")
        self.diagnostic = error(
            "SQL cannot be read",
            "The package pgparse (PostgreSQL's grammar) is not installed, so no migration was looked at. "
            "Install it with `pip install pgparse`.",
        )


def grammar() -> ModuleType:
    """The module pgparse, imported on first use.

    Raises:
        GrammarMissingError: there is no wheel of it in this environment.
    """
    try:
        import pgparse
    except ImportError:
        raise GrammarMissingError from None
    module: ModuleType = pgparse
    return module


def parse(source: SourceFile) -> ParsedFile:
    """The statements of a migration; what PostgreSQL would refuse becomes a diagnostic and an `Unread`.

    Raises:
        GrammarMissingError: pgparse is not installed.
    """
    pgparse = grammar()
    diagnostics: list[Diagnostic] = []
    text = source.text
    if "\0" in text:
        # libpg_query reads a C string: what follows the first NUL would silently not be there.
        at = text.index("\0")
        diagnostics.append(
            error(
                "NUL character in SQL", "PostgreSQL refuses such a file. Remove the character.", source.span(at, at + 1)
            )
        )
        text = text.replace("\0", " ")
    try:
        raw = pgparse.parse(text)
    except (pgparse.PGQueryError, RecursionError):
        items = tuple(_piecewise(source, text, pgparse, diagnostics))
    else:
        if any(_copies_from_stdin(entry["stmt"]) for entry in raw if "stmt" in entry):
            items = tuple(_piecewise(source, text, pgparse, diagnostics))
        else:
            items = tuple(_statements(source, text, 0, raw))
    return ParsedFile(source.path, items, tuple(diagnostics))


def parse_text(text: str, span: Span) -> list[Statement]:
    """The statements of a text that stands somewhere inside a file, all at one place.

    Raises:
        ValueError: PostgreSQL's grammar refuses it, or it is nested too deeply.
        GrammarMissingError: pgparse is not installed.
    """
    pgparse = grammar()
    try:
        raw = pgparse.parse(text.replace("\0", " "))
    except pgparse.PGQueryError as problem:
        raise ValueError(problem.message) from None
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return [Statement(kind, node, text[start:end], span) for kind, node, start, end in _placed(text, 0, raw)]


def _copies_from_stdin(statement: Node) -> bool:
    copy = statement.get("CopyStmt")
    return copy is not None and bool(copy.get("is_from")) and not copy.get("filename") and not copy.get("is_program")


def _statements(source: SourceFile, text: str, offset: int, raw: list[Node]) -> Iterator[Statement]:
    for kind, node, start, end in _placed(text, offset, raw):
        yield Statement(kind, node, text[start:end], source.span(start, end))


def _placed(text: str, offset: int, raw: list[Node]) -> Iterator[tuple[str, Node, int, int]]:
    """Kind, node, start and end of each statement; libpg_query counts bytes from `offset` on and includes comments."""
    ascii_only = text.isascii()
    data = b"" if ascii_only else text[offset:].encode()
    bytes_before = 0
    points_before = 0
    for entry in raw:
        if "stmt" not in entry:
            continue
        location = entry.get("stmt_location", 0)
        length = entry.get("stmt_len", 0)
        if ascii_only:
            start = offset + location
            end = start + length if length else len(text)
        else:
            points_before += len(data[bytes_before:location].decode(errors="replace"))
            bytes_before = location
            start = offset + points_before
            end = start + len(data[location : location + length].decode(errors="replace")) if length else len(text)
        ((kind, node),) = entry["stmt"].items()
        start = first_keyword(text, start, end)
        yield kind, node, start, start + len(text[start:end].rstrip())


def _piecewise(
    source: SourceFile, text: str, pgparse: ModuleType, diagnostics: list[Diagnostic]
) -> Iterator[Statement | Unread]:
    errors = 0
    pending = list(split(text))[::-1]
    while pending:
        chunk = pending.pop()
        span = source.span(chunk.start, chunk.end)
        body = text[chunk.start : chunk.end]
        if chunk.kind is ChunkKind.ROWS:
            diagnostics.append(note("Rows are not read", "The data after COPY … FROM stdin changes no schema.", span))
        elif chunk.kind is ChunkKind.META:
            yield from _meta(body, span, diagnostics)
        else:
            try:
                raw = pgparse.parse(body)
            except RecursionError:
                why, at = "nested too deeply", chunk.start
            except pgparse.PGQueryError as problem:
                why, at = problem.message, chunk.start + max(0, problem.position - 1)
            else:
                for kind, node, start, end in _placed(body, 0, raw):
                    place = source.span(chunk.start + start, chunk.start + end)
                    yield Statement(kind, node, body[start:end], place)
                continue
            smaller = [
                part._replace(start=part.start + chunk.start, end=part.end + chunk.start)
                for part in split(body, brackets=False)
            ]
            if len(smaller) > 1:
                pending.extend(smaller[::-1])
                continue
            errors += 1
            if errors <= MAX_ERRORS:
                diagnostics.append(_syntax_error(source, text, chunk, why, at))
            yield Unread(body, span, why)
    if errors > MAX_ERRORS:
        diagnostics.append(
            error(
                "More statements could not be read",
                f"{errors - MAX_ERRORS} further statements of {source.path} could not be read. "
                "Is it written for PostgreSQL?",
                file_start(source.path),
            )
        )


def _syntax_error(source: SourceFile, text: str, chunk: Chunk, why: str, at: int) -> Diagnostic:
    why = why if len(why) <= 120 else f"{why[:120]}…"
    at = min(at, max(chunk.start, chunk.end - 1))
    return error(
        "SQL syntax error",
        f"PostgreSQL refuses this statement: {why}. It was not read; what it changes is unknown. Correct it.",
        source.span(at, min(at + 1, len(text))),
    )


def _meta(body: str, span: Span, diagnostics: list[Diagnostic]) -> Iterator[Unread]:
    found = re.match(r"\\([A-Za-z]+|!)", body)
    if found and found.group(1) in HARMLESS_META:
        diagnostics.append(note("psql command is ignored", f"`{found.group()}` changes no schema.", span))
        return
    name = found.group() if found else "\\"
    diagnostics.append(
        error(
            "psql command is not followed",
            f"`{name}` is a command of psql, not SQL; what it runs was not looked at. "
            "Write the statements into the migration.",
            span,
        )
    )
    yield Unread(body, span, f"the psql command {name} is not followed")
