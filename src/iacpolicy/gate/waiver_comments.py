"""Find waiver comments, and the lines that each of them covers.

A comment at the end of a line covers the element that begins on that line. A comment on its own line covers the element
that begins on the next line without a comment. An element is an attribute, a block, an object item or an SQL statement
with all its lines, else the single line. A comment at the end of the last line of an SQL statement covers it, unless
another statement begins on that line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, warning
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.gate.waiver_syntax import MARK, parse
from iacpolicy.hcl import ast
from iacpolicy.hcl.parse import parse as parse_file
from iacpolicy.hcl.visit import walk

MAX_WAIVERS = 1_000
HCL_SUFFIXES = (".tf", ".tofu", ".tfvars", ".tfbackend", ".hcl")
YAML_SUFFIXES = (".yaml", ".yml")
_LINE_COMMENT = lazy_pattern(r"(?m)(?:^|(?<=[ \t]))(#[^\n]*)")


class InlineWaiver(msgspec.Struct, frozen=True, gc=False):
    """A waiver comment and the lines that it covers, 1-based, the last one included."""

    policies: tuple[str, ...]
    reason: str | None
    until: date | None
    location: Span
    first_line: int
    last_line: int


FileWaivers = tuple[list[InlineWaiver], list[Diagnostic]]


def in_hcl(source: SourceFile, file: ast.File) -> FileWaivers:
    """Return the waivers of an HCL file, and a warning for each comment that cannot be parsed."""
    if MARK not in source.text:
        return [], []
    comments = [(comment.start, comment.end) for comment in file.comments]
    return _collect(source, comments, _hcl_extents(file))


def in_sql(source: SourceFile) -> FileWaivers:
    """Return the waivers of an SQL file, and a warning for each comment that cannot be parsed."""
    if MARK not in source.text:
        return [], []
    from iacpolicy.sql.syntax.lexer import TokenKind, tokens
    from iacpolicy.sql.syntax.split import ChunkKind, split

    comments = [(token.start, token.end) for token in tokens(source.text) if token.kind is TokenKind.COMMENT]
    extents = [(c.start, c.end) for c in split(source.text) if c.kind is ChunkKind.STATEMENT]
    return _collect(source, comments, extents, _begun_before(source, extents))


def in_lines(source: SourceFile) -> FileWaivers:
    """Return the waivers of a file whose comments begin with `#`, such as YAML and environment files.

    A waiver covers its line; in YAML it also covers the lines that are indented below.
    """
    if MARK not in source.text:
        return [], []
    comments: list[tuple[int, int]] = []
    for found in _LINE_COMMENT.finditer(source.text):
        comments.append(found.span(1))
    return _collect(source, comments, _indented(source) if source.path.endswith(YAML_SUFFIXES) else ())


def _indented(source: SourceFile) -> Iterator[tuple[int, int]]:
    """Yield the offsets of each line together with the lines that are indented below it."""
    open_: list[tuple[int, int]] = []  # the indentation of a line and its offset
    end = at = 0
    for line in source.text.split("\n"):
        text = line.strip()
        if text and not text.startswith("#"):
            indent = len(line) - len(line.lstrip())
            while open_ and open_[-1][0] >= indent:
                yield open_.pop()[1], end
            open_.append((indent, at))
            end = at + len(line)
        at += len(line) + 1
    yield from ((start, end) for _, start in open_)


def waivers_of(source: SourceFile) -> list[InlineWaiver]:
    """Return the waivers of a file, with the comment syntax of its suffix; skip invalid comments."""
    if MARK not in source.text or source.path.endswith(".json"):
        return []
    if source.path.endswith(".sql"):
        return in_sql(source)[0]
    if source.path.endswith(HCL_SUFFIXES):
        return in_hcl(source, parse_file(source).file)[0]
    return in_lines(source)[0]


def _hcl_extents(file: ast.File) -> Iterator[tuple[int, int]]:
    for node in walk(file.body):
        if isinstance(node, ast.Attribute | ast.Block | ast.ObjectItem):
            yield node.start, node.end


def _collect(
    source: SourceFile,
    comments: Sequence[tuple[int, int]],
    extents: Iterable[tuple[int, int]],
    first_lines: Mapping[int, int] | None = None,
) -> FileWaivers:
    """Return the waivers in `comments`; `first_lines` has the first line of each statement by its last line."""
    waivers: list[InlineWaiver] = []
    problems: list[Diagnostic] = []
    marked = [(start, end) for start, end in comments if source.text.find(MARK, start, end) >= 0]
    if not marked:
        return waivers, problems
    if len(marked) > MAX_WAIVERS:
        detail = f"Only the first {MAX_WAIVERS} of {len(marked)} are read; the others have no effect. Split the file."
        problems.append(warning("Too many waivers in one file", detail, source.span(*marked[MAX_WAIVERS])))
    ends = _ends_by_line(source, extents)
    own_lines = _comment_lines(source, comments)
    for start, end in marked[:MAX_WAIVERS]:
        span = source.span(start, end)
        line = span.line
        if line in own_lines:
            line = span.end_line
            while line in own_lines:
                line += 1
        elif first_lines and line not in ends:
            line = first_lines.get(line, line)
        covers = (line, max(ends.get(line, line), line))
        for text in _texts(source.text[start:end]):
            parsed = parse(text)
            if isinstance(parsed, str):
                problems.append(warning("Waiver cannot be parsed", f"The comment has no effect. {parsed}", span))
            else:
                waivers.append(InlineWaiver(parsed.policies, parsed.reason, parsed.until, span, *covers))
    return waivers, problems


def _texts(comment: str) -> Iterator[str]:
    """Yield the text after each mark, up to the end of the line or the next mark."""
    for line in comment.splitlines():
        yield from (part for part in line.split(MARK)[1:])


def _ends_by_line(source: SourceFile, extents: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the last line of the longest element that begins on each line."""
    ends: dict[int, int] = {}
    for start, end in extents:
        first = source.position(start)[0]
        last = source.position(max(end - 1, start))[0]
        ends[first] = max(ends.get(first, last), last)
    return ends


def _begun_before(source: SourceFile, extents: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the first line of each statement of several lines, by its last line."""
    found = {}
    for start, end in extents:
        first, last = source.position(start)[0], source.position(max(end - 1, start))[0]
        if first != last:
            found[last] = first
    return found


def _comment_lines(source: SourceFile, comments: Sequence[tuple[int, int]]) -> set[int]:
    """Return the lines that contain only comments."""
    lines: set[int] = set()
    for start, end in comments:
        first = source.position(start)[0]
        last = source.position(max(end - 1, start))[0]
        if not source.text[source.line_starts[first - 1] : start].strip() or first in lines:
            lines.update(range(first, last + 1))
    return lines
