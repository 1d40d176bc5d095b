"""Migration files read by PostgreSQL's own grammar (pgparse, libpg_query): statements with their places."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error, note
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.sql.syntax import parse_nodes, psql
from iacpolicy.sql.syntax.grammar import Node, SqlRefusedError, read_sql
from iacpolicy.sql.syntax.lexer import first_keyword
from iacpolicy.sql.syntax.split import Chunk, ChunkKind, split

MAX_ERRORS = 20
"""The bound on reported syntax errors in a file; a file in another dialect would otherwise fill the report."""

MAX_UNREAD = 200_000
"""The bound on code points that are kept of an unread statement; the effects of a longer one are unknown."""

_ROWS = "The data after COPY … FROM stdin changes no schema."

NOT_FOLLOWED = "psql command is not followed"

HARMLESS_META = frozenset(
    {"set", "unset", "echo", "qecho", "warn", "restrict", "unrestrict", "timing", "pset", "encoding", "conninfo",
     "prompt", "x", "a", "t", "q", "d", "dt", "du", "dn", "df", "dp", "z", "!", "copy", "g", "gset", "gx", "errverbose",
     "password", "l", "sf", "sv", "w", "r", "p", "o", "cd", "getenv", "html", "f", "H", "T", "C"}
)  # fmt: skip
"""psql commands that cannot change the schema."""


PASSIVE = frozenset({"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "CommentStmt"})
"""Statements that change no schema; their trees, most of a dump, are dropped as soon as they are read."""

BATCH = 500_000
"""The bound on code points in one call of the grammar, whose tree takes many times the memory of its text."""


LATE = 2_000_000
"""Code points of a file from which on its statements are not kept."""

_leads_elsewhere = lazy_pattern(r"\\(?:ir?|include(?:_relative)?|c|connect)(?![A-Za-z_])")


_TRANSACTION = "TransactionStmt"

CALLS = "calls"
"""The key that replaces the tree of a passive statement: its distinct function calls, as FuncCall nodes."""

_rolls_back = lazy_pattern(r"(?i)\b(?:rollback|abort)\b")

_placeholder = lazy_pattern(r"\$\{[\w.:-]{1,100}\}|\{\{[^{}\n]{1,100}\}\}")

_target_columns = lazy_pattern(r'(?i)(?:insert\s++into|copy)\s++(?:(?:"[^"]*+"|[\w$]++)\.)?(?:"[^"]*+"|[\w$]++)\s*+\(')
_may_call = lazy_pattern(r'(?i)(?<=[\w$"])(?<!\bvalues)\s*+\(|\.\s*+values\s*+\(|--|/\*')
starts_like_ddl = lazy_pattern(r"(?i)\s*(?:alter|create|drop|grant|revoke)\s")


class Statement(NamedTuple):
    """One statement: the type and fields of its node, its own text, and its place from the first keyword on."""

    kind: str
    node: Node
    text: str
    span: Span


class UnreadStatement(NamedTuple):
    """A range that was not read; its effect is unknown, except a table (schema, name) that it `makes`."""

    text: str
    span: Span
    why: str
    makes: tuple[str, str] | None = None


class ParsedFile(msgspec.Struct, frozen=True):
    """A migration: its statements and unread ranges, in order."""

    path: str
    items: tuple[Statement | UnreadStatement, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def rolls_back(self) -> bool:
        """Return whether one of its statements rolls others back."""
        kinds = (item.node["kind"] for item in self.items if isinstance(item, Statement) and item.kind == _TRANSACTION)
        return any(kind in {"TRANS_STMT_ROLLBACK", "TRANS_STMT_ROLLBACK_TO"} for kind in kinds)


class LateFile:
    """A large migration, read again whenever its statements are needed, so that few trees exist at a time.

    `diagnostics` are those of the last iteration over `items`, as far as it came.
    """

    def __init__(self, source: SourceFile) -> None:
        self.path = source.path
        self.diagnostics: list[Diagnostic] = []
        self._source = source

    @property
    def rolls_back(self) -> bool:
        """Return whether one of its statements may roll others back."""
        return _rolls_back.search(self._source.text) is not None

    @property
    def items(self) -> Iterator[Statement | UnreadStatement]:
        """Return the statements and unread ranges, in order."""
        self.diagnostics.clear()
        for item in _piecewise(self._source):
            if isinstance(item, Diagnostic):
                self.diagnostics.append(item)
            else:
                yield item


def parse_late(source: SourceFile) -> LateFile | None:
    """Return the file as one that is read during the replay; None where it is small, or has includes or `\\connect`."""
    if len(source.text) <= LATE or "\0" in source.text or _leads_elsewhere.search(source.text):
        return None
    return LateFile(source)


def parse(source: SourceFile) -> ParsedFile:
    """Return the statements of a migration; one that PostgreSQL would refuse is a diagnostic and an `UnreadStatement`.

    Raises:
        GrammarMissingError: pgparse is not installed.
    """
    diagnostics: list[Diagnostic] = []
    text = source.text
    if "\0" in text:
        at = text.index("\0")
        place = source.span(at, at + 1)
        diagnostics.append(error("NUL character in SQL", "PostgreSQL refuses such a file. Remove it.", place))
    try:
        raw = read_sql(text) if len(text) <= BATCH else None
    except SqlRefusedError:
        raw = None
    if raw is not None and not any(_copies_from_stdin(entry["stmt"]) for entry in raw):
        return ParsedFile(source.path, tuple(_statements(source, raw)), tuple(diagnostics))
    items: list[Statement | UnreadStatement] = []
    for found in _piecewise(source):
        if isinstance(found, Diagnostic):
            diagnostics.append(found)
        else:
            items.append(found)
    return ParsedFile(source.path, tuple(items), tuple(diagnostics))


def parse_text(text: str, span: Span) -> list[Statement]:
    """Return the statements of a text inside a file, all with the same place.

    Raises:
        SqlRefusedError: PostgreSQL's grammar refuses it, or it is nested too deeply.
        GrammarMissingError: pgparse is not installed.
    """
    return [Statement(kind, node, text[start:end], span) for kind, node, start, end in _placed(text, read_sql(text))]


def _copies_from_stdin(statement: Node) -> bool:
    copy = statement.get("CopyStmt")
    return copy is not None and bool(copy.get("is_from")) and not copy.get("filename") and not copy.get("is_program")


def _statements(source: SourceFile, raw: list[Node]) -> Iterator[Statement]:
    text = source.text
    for kind, node, start, end in _placed(text, raw):
        yield _statement(kind, node, text[start:end], source.span(start, end))


def _statement(kind: str, node: Node, text: str, span: Span) -> Statement:
    if kind in PASSIVE and not makes_buckets(node):
        return Statement(kind, _touched(node, text), "", span)
    return Statement(kind, node, text, span)


def _touched(node: Node, text: str) -> Node:
    """Return the parts that are kept of a dropped tree: the relation it writes to, and the functions that it calls."""
    head = _target_columns.match(text)
    calls = _calls(node) if _may_call.search(text, head.end() if head else 0) else ()
    relation = {key: node["relation"][key] for key in ("schemaname", "relname") if key in node.get("relation", {})}
    kept: Node = {key: node[key] for key in ("is_program",) if key in node}
    return kept | {CALLS: calls} | ({"relation": relation} if "relname" in relation else {})


def _calls(node: Node) -> tuple[Node, ...]:
    """Return one node for each function that a tree calls, and for each call with DDL in its arguments."""
    found: dict[tuple[str, ...], Node] = {}
    for kind, fields in parse_nodes.walk(node):
        if kind == "FuncCall":
            ddl = [text for text in parse_nodes.constants(fields.get("args")) if starts_like_ddl.match(text)]
            key = (*parse_nodes.strings(fields.get("funcname")), "", *ddl)
            found.setdefault(key, fields)
    return tuple(found.values())


def makes_buckets(node: Node) -> bool:
    """Return whether rows go into the platform's table of buckets, which can make files public without a policy."""
    relation: Node = node.get("relation", {})
    return relation.get("schemaname") == "storage" and relation.get("relname") == "buckets"


def _placed(text: str, raw: list[Node]) -> Iterator[tuple[str, Node, int, int]]:
    """Yield kind, node, start and end of each statement; libpg_query counts bytes and includes preceding comments."""
    data = None if text.isascii() else text.encode()
    bytes_before = 0
    points_before = 0
    for entry in raw:
        start = entry.get("stmt_location", 0)
        length = entry.get("stmt_len", 0)
        if data is not None:
            points_before += len(data[bytes_before:start].decode(errors="replace"))
            length = len(data[start : start + length].decode(errors="replace"))
            bytes_before, start = start, points_before
        end = start + length if length else len(text)
        ((kind, node),) = entry["stmt"].items()
        start = first_keyword(text, start, end)
        yield kind, node, start, start + len(text[start:end].rstrip())


def _piecewise(source: SourceFile) -> Iterator[Statement | UnreadStatement | Diagnostic]:
    """Yield the statements and unread ranges of a file that is read statement by statement, and the diagnostics.

    A diagnostic about a psql command or about rows is yielded once, after all statements.
    """
    text = source.text
    errors = 0
    once: dict[str, Diagnostic] = {}
    variables: dict[str, str] = {}
    pending = [split(text)]
    while pending:
        chunk = next(pending[-1], None)
        if chunk is None:
            pending.pop()
            continue
        span = source.span(chunk.start, chunk.end)
        body = text[chunk.start : chunk.end]
        if chunk.kind is ChunkKind.ROWS:
            once.setdefault(_ROWS, note("Rows are not read", _ROWS, span))
            continue
        if chunk.kind is ChunkKind.META:
            psql.assign(body, variables)
            problem, unread = _meta(body, span)
            once.setdefault(problem.detail, problem)
            if unread is not None:
                yield unread
            continue
        try:
            raw = read_sql(body)
        except SqlRefusedError as refused:
            refusal = refused
        else:
            for kind, node, start, end in _placed(body, raw):
                place = source.span(chunk.start + start, chunk.start + end)
                yield _statement(kind, node, body[start:end], place)
            continue
        smaller = list(split(body, brackets=False))
        if len(smaller) > 1:
            moved = [Chunk(part.kind, part.start + chunk.start, part.end + chunk.start) for part in smaller]
            pending.append(iter(moved))
            continue
        replaced = _with_variables(body, span, variables)
        if replaced is not None:
            yield from replaced
            continue
        errors += 1
        if errors <= MAX_ERRORS:
            yield _syntax_error(source, chunk, refusal)
        yield UnreadStatement(body if len(body) <= MAX_UNREAD else "\\", span, str(refusal))
    yield from once.values()
    if errors > MAX_ERRORS:
        yield error(
            "More statements could not be read",
            f"{errors - MAX_ERRORS} further statements of {source.path} could not be read. "
            "Is it written for PostgreSQL?",
            file_start(source.path),
        )


def _with_variables(body: str, span: Span, variables: dict[str, str]) -> list[Statement] | None:
    """Return the statements of a text after psql's variables are replaced; None where it is still invalid."""
    text = psql.substituted(body, variables) if variables else None
    try:
        return parse_text(text, span) if text is not None else None
    except SqlRefusedError:
        return None


def _syntax_error(source: SourceFile, chunk: Chunk, problem: SqlRefusedError) -> Diagnostic:
    at = min(chunk.start + problem.offset, max(chunk.start, chunk.end - 1))
    placeholder = _placeholder.match(source.text, at) or _placeholder.match(source.text, max(at - 1, 0))
    if placeholder is not None:
        return error(
            "SQL contains a placeholder",
            f"The value of {placeholder[0]} is inserted when the migration runs and is unknown here. The statement was "
            "not read, so its effect is unknown. Write the value.",
            source.span(*placeholder.span()),
        )
    return error(
        "SQL syntax error",
        f"PostgreSQL refuses this statement: {problem}. It was not read, so its effect is unknown. Correct it.",
        source.span(at, min(at + 1, len(source.text))),
    )


def _meta(body: str, span: Span) -> tuple[Diagnostic, UnreadStatement | None]:
    """Return the diagnostic for a psql command, and the command as an unread range if it can change the schema."""
    found = re.match(r"\\([A-Za-z]+|!)", body)
    name = found.group() if found else "\\"
    if found and found.group(1) in HARMLESS_META:
        return note("psql command is ignored", f"`{name}` changes no schema.", span), None
    problem = error(
        NOT_FOLLOWED,
        f"`{name}` is a command of psql, not SQL; the statements that it runs were not read. "
        "Write the statements into the migration.",
        span,
    )
    return problem, UnreadStatement(body[:MAX_UNREAD], span, f"the psql command {name} is not followed")
