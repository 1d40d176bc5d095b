"""A JSON reader that makes expressions with their offsets. After a syntax error it keeps the items before it."""

import re
from typing import Final

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import Bool, Expression, Null, Number, ObjectCons, ObjectItem, TextForm, TupleCons
from iacpolicy.hcl.json.strings import key_node, string_node
from iacpolicy.hcl.shared.conversion import MAX_DEPTH

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*"')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.])")
_WORD: Final = re.compile(r"[A-Za-z_]\w*")


class _BrokenError(Exception):
    """The text is not JSON from this place on; the diagnostic is already recorded."""


class JsonReader:
    """A reader of one document; `problems` are its errors, `in_strings` the problems of its templates by offset."""

    def __init__(self, source: SourceFile, form: TextForm) -> None:
        self.source = source
        self.form = form
        self.problems: list[Diagnostic] = []
        self.in_strings: list[tuple[int, Diagnostic]] = []
        self._text = source.text
        self._broken = False

    def document(self) -> Expression | None:
        """Return the value of the document, or None; after an error, containers hold the items before it."""
        text = self._text
        at = self._skip(1 if text.startswith("\ufeff") else 0)
        try:
            value, at = self._value(at, 0)
        except _BrokenError:
            return None
        if not self._broken and at < len(text):
            self._note(at, "Text after the JSON value", "The document is complete before this. Remove the rest.")
        return value

    def value_at(self, offset: int) -> Expression | None:
        """Return the value that begins at an offset; None where it is invalid."""
        try:
            return self._value(offset, 0)[0]
        except _BrokenError:
            return None

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _note(self, at: int, summary: str, detail: str, end: int | None = None) -> None:
        self._broken = True
        self.problems.append(error(summary, detail, self.source.span(at, at + 1 if end is None else end)))

    def _fail(self, at: int, summary: str, detail: str, end: int | None = None) -> _BrokenError:
        self._note(at, summary, detail, end)
        return _BrokenError(summary)

    def _value(self, at: int, depth: int) -> tuple[Expression, int]:
        """Return the value at an offset, and the start of the next token."""
        text = self._text
        first = text[at : at + 1]
        if first == '"':
            end = self._string_end(at)
            node, problems = string_node(self.source, at, end, self.form, depth)
            self.in_strings.extend((at, problem) for problem in problems)
            return node, self._skip(end)
        if first in ("{", "["):
            if depth >= MAX_DEPTH:
                raise self._fail(
                    at, "Nesting too deep", f"More than {MAX_DEPTH} levels of JSON lie inside one another here."
                )
            return self._object(at, depth + 1) if first == "{" else self._array(at, depth + 1)
        if number := _NUMBER.match(text, at):
            return Number(start=at, end=number.end()), self._skip(number.end())
        word = _WORD.match(text, at)
        if word:
            end = word.end()
            if word[0] == "null":
                return Null(start=at, end=end), self._skip(end)
            if word[0] in ("true", "false"):
                return Bool(start=at, end=end, value=word[0] == "true"), self._skip(end)
            raise self._fail(
                at,
                "JSON value expected",
                f'{word[0]} is no JSON value. Put text in double quotes, and an expression in "${{ }}".',
                end,
            )
        raise self._unexpected(at, "a value")

    def _string_end(self, at: int) -> int:
        found = _STRING.match(self._text, at)
        if found is None:
            line_end = self._text.find("\n", at)
            raise self._fail(
                at,
                "JSON string is not sound",
                'A JSON string ends with " on its own line; its escapes are \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX. '
                "Close it, or write \\\\ for a backslash.",
                line_end if line_end > at else len(self._text),
            )
        return found.end()

    def _object(self, at: int, depth: int) -> tuple[ObjectCons, int]:
        text = self._text
        start = at
        items: list[ObjectItem] = []
        at = self._skip(at + 1)
        end = at
        try:
            while text[at : at + 1] != "}":
                if text[at : at + 1] != '"':
                    raise self._unexpected(at, "a property name in double quotes")
                key_end = self._string_end(at)
                key, problems = key_node(self.source, at, key_end, self.form, depth)
                self.in_strings.extend((at, problem) for problem in problems)
                colon = self._skip(key_end)
                if text[colon : colon + 1] != ":":
                    raise self._unexpected(colon, "a colon after the property name")
                value, next_at = self._value(self._skip(colon + 1), depth)
                items.append(ObjectItem(start=at, end=value.end, key=key, value=value))
                end = value.end
                if self._broken:
                    break
                at = self._separator(next_at, "}")
            else:
                end = at + 1
        except _BrokenError:
            pass
        return ObjectCons(start=start, end=end, items=tuple(items)), self._skip(end)

    def _array(self, at: int, depth: int) -> tuple[TupleCons, int]:
        text = self._text
        start = at
        items: list[Expression] = []
        at = self._skip(at + 1)
        end = at
        try:
            while text[at : at + 1] != "]":
                value, next_at = self._value(at, depth)
                items.append(value)
                end = value.end
                if self._broken:
                    break
                at = self._separator(next_at, "]")
            else:
                end = at + 1
        except _BrokenError:
            pass
        return TupleCons(start=start, end=end, items=tuple(items)), self._skip(end)

    def _separator(self, at: int, closing: str) -> int:
        """Return the offset after a comma, or of the closing bracket; a comma before the bracket is refused."""
        mark = self._text[at : at + 1]
        if mark == closing:
            return at
        if mark != ",":
            raise self._unexpected(at, f"a comma or {closing}")
        after = self._skip(at + 1)
        if self._text[after : after + 1] == closing:
            raise self._fail(at, "Trailing comma", "JSON has no comma after the last item. Remove it.")
        return after

    def _unexpected(self, at: int, expected: str) -> _BrokenError:
        found = self._text[at : at + 1]
        if not found:
            return self._fail(at, "JSON ends too early", f"The text ends where {expected} should be.", at)
        shown = f"{found} is" if found.isprintable() else "A character is"
        hint = " JSON has no comments; use a property named // instead." if found in "/#" else ""
        return self._fail(at, "JSON syntax error", f"{shown} where {expected} should be.{hint}")
