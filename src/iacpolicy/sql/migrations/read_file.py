"""Read SQL files; of a large one only the statements that can change the schema, so that a dump needs little memory.

The rows of a dump (`INSERT`, and the data after `COPY … FROM stdin`) are removed from the bytes before anything is
decoded or parsed. The first row of each table stays, because triggers may run for it. Line feeds stay too, so that
every statement keeps its line.
"""

import re
from collections.abc import Iterator

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, decode

LARGE = 1_000_000
"""Bytes of a file from which on rows are left out."""

SMALL = 4_000
"""Bytes of the first `INSERT` of a table that are kept at most, because its triggers may change the schema."""

BROKEN = 300_000
"""Bytes that are kept of a statement whose quote or comment never ends.

`parse` keeps fewer of a statement that it cannot read, so that everything after it is in doubt.
"""

_spaces = re.compile(rb"(?:\s++|--[^\n\r]*+)*+").match
_insert = re.compile(
    rb"INSERT\s+INTO\s+(?!(?:ONLY\s+)?\"?storage\"?\s*\.\s*\"?buckets\b)([\w.\"$\x80-\xff]{0,200})", re.IGNORECASE
).match
_copy = re.compile(rb"COPY\s[^;']*?\sFROM\s+stdin\b[^;']*+;[^\n]*+\n?", re.IGNORECASE).match
_quoted_or_plain = re.compile(
    rb"""(?:
        [^;'"$\-/]++
      | (?<=[^\w$][eE])'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'
      | '[^']*+(?:''[^']*+)*+'
      | "[^"]*+"
      | --[^\n\r]*+
      | /(?!\*)
      | -
    )*+""",
    re.VERBOSE | re.DOTALL,
).match
_dollar = re.compile(rb"\$(?:[A-Za-z_\x80-\xff][\w\x80-\xff]*+)?\$").match


def read_sql_file(tree: Tree, path: str) -> SourceFile | Diagnostic:
    """Return the text of an SQL file without the rows of a dump, or a diagnostic."""
    data = tree.read_bytes(path)
    if isinstance(data, Diagnostic):
        return data
    if len(data) > LARGE:
        data = b"".join(_schema_only(data))
    return decode(path, data)


def _schema_only(data: bytes) -> Iterator[bytes]:
    """Yield the pieces of a dump without its rows; of a statement without an end, only the beginning."""
    position = 0
    kept = 0
    filled: set[bytes] = set()
    while position < len(data):
        start = _spaces(data, position).end()  # type: ignore[union-attr]
        at_line_start = start == 0 or data[start - 1 : start] == b"\n"
        if at_line_start and (copy := _copy(data, start)):
            begin = copy.end()
            end = _end_of_copy(data, begin)
            yield data[kept:begin]
            yield b"\n" * data.count(b"\n", begin, end)
            kept = position = end
            continue
        position = _end_of_statement(data, start)
        if position < 0:
            yield data[kept : start + BROKEN]
            return
        if at_line_start and (insert := _insert(data, start)):
            if position - start <= SMALL and insert[1] not in filled:
                filled.add(insert[1])
                continue
            yield data[kept:start]
            yield b"\n" * data.count(b"\n", start, position)
            kept = position
    yield data[kept:]


def _end_of_statement(data: bytes, position: int) -> int:
    """Return the end of the statement that begins here, after its semicolon; negative in a quote that never ends."""
    while position < len(data):
        position = _quoted_or_plain(data, position).end()  # type: ignore[union-attr]
        match data[position : position + 1]:
            case b"":
                break
            case b";":
                return position + 1
            case b"$":
                quote = _dollar(data, position)
                closed = data.find(quote.group(), quote.end()) if quote is not None else position
                position = closed + (len(quote.group()) if quote is not None else 1)
            case b"/":
                closed = data.find(b"*/", position + 2)
                position = closed + 2
            case _:
                return -1
        if closed < 0:
            return -1
    return len(data)


def _end_of_copy(data: bytes, begin: int) -> int:
    """Return the start of the line `\\.`, or the end of the file."""
    if data.startswith(b"\\.", begin):
        return begin
    position = begin
    while (found := data.find(b"\n\\.", position)) >= 0:
        if data[found + 3 : found + 5].strip() == b"" or data[found + 3 : found + 4] in {b"\n", b"\r"}:
            return found + 1
        position = found + 1
    return len(data)
