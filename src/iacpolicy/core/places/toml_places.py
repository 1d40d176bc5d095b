"""Places of the keys in a TOML document; the standard library's reader does not return them.

It reads documents that `tomllib` has accepted (https://toml.io/en/v1.0.0), so it does not check the syntax.
"""

import re
import tomllib
from typing import Any

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start

Key = tuple[str, ...]

_AT = lazy_pattern(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")

_TOKEN = lazy_pattern(
    r'''
    (?P<string>"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*+"{3,5}|\'\'\'(?:[^\']|\'{1,2}(?!\'))*+\'{3,5}
        |"(?:[^"\\\n]|\\.)*+"|\'[^\'\n]*+\')
  | (?P<comment>\#[^\n]*+)
  | (?P<newline>\n)
  | (?P<bare>[A-Za-z0-9_-]++)
  | (?P<mark>[][{}=,])
    ''',
    re.VERBOSE,
)


class TomlError(ValueError):
    """A text is no TOML: the reason without its place, and the place."""

    def __init__(self, reason: str, place: Span, *, is_too_deep: bool = False) -> None:
        super().__init__(reason)
        self.is_too_deep = is_too_deep
        self.reason = reason
        self.place = place


def read_toml(source: SourceFile) -> dict[str, Any]:
    """Return the document of a TOML text.

    Raises:
        TomlError: the text is no TOML, or nests too deeply.
    """
    try:
        return tomllib.loads(source.text)
    except RecursionError:
        raise TomlError("It nests too deeply", file_start(source.path), is_too_deep=True) from None
    except ValueError as problem:
        message = str(problem)
        found = _AT.search(message)
        reason = message[: found.start()] if found is not None else message
        line, column = len(source.line_starts), 1
        if found is not None and found[1] is not None:
            line, column = int(found[1]), int(found[2])
        raise TomlError(reason, Span(source.path, line, column, line, column)) from None


def key_places(source: SourceFile) -> dict[Key, Span]:
    """Return the span of each key and table header by its whole path; for a repeated path, the first span."""
    return _Scan(source).run()


class _Scan:
    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.found: dict[Key, Span] = {}
        self.table: Key = ()
        # The open brackets around a value: the key of an inline table, None for an array.
        self.open: list[Key | None] = []
        self.parts: list[str] = []
        self.start = self.end = 0
        self.current: Key = ()
        self.in_key = True
        self.in_header = False

    def run(self) -> dict[Key, Span]:
        for match in _TOKEN.finditer(self.source.text):
            kind, text = match.lastgroup, match.group()
            if kind == "newline":
                self._newline()
            elif kind in ("string", "bare") and self.in_key:
                self._part(_name(text) if kind == "string" else text, match)
            elif kind == "mark":
                self._mark(text)
        return self.found

    def _newline(self) -> None:
        if not self.open:
            self.parts = []
            self.in_key, self.in_header = True, False

    def _part(self, name: str, match: re.Match[str]) -> None:
        if not self.parts:
            self.start = match.start()
        self.end = match.end()
        self.parts.append(name)

    def _mark(self, mark: str) -> None:
        if self.in_key:
            self._mark_in_key(mark)
        elif mark == "[":
            self.open.append(None)
        elif mark == "{":
            self.open.append(self.current)
            self.in_key = True
        elif mark in "]}" and self.open:
            self.open.pop()
        elif mark == "," and self.open and self.open[-1] is not None:
            self.in_key = True

    def _mark_in_key(self, mark: str) -> None:
        if mark == "=":
            self._record(self.open[-1] if self.open and self.open[-1] is not None else self.table)
            self.in_key = False
        elif mark == "[":
            self.in_header = True
        elif mark == "]" and self.in_header:
            self.table = ()
            self._record(())
            self.table = self.current
            self.in_key = False
        elif mark == "}":  # an empty inline table, or a comma before its end
            self.open.pop()
            self.in_key = False

    def _record(self, prefix: Key) -> None:
        self.current = prefix + tuple(self.parts)
        span = self.source.span(self.start, self.end)
        for length in range(len(prefix) + 1, len(self.current) + 1):
            self.found.setdefault(self.current[:length], span)
        self.parts = []


def _name(quoted: str) -> str:
    value = tomllib.loads(f"name = {quoted}")["name"]
    return str(value)
