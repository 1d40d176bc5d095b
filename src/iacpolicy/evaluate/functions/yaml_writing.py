"""YAML as Terraform writes it: strings in quotes, texts of several lines as literal blocks, lists not indented in maps.

PyYAML's emitter writes other text. Of 2,700 random values (Unicode line separators, byte order marks, long lines) it
wrote 280 differently from Terraform 1.11. It did so even with five of its methods overridden. This module writes all of
them as Terraform does.
"""

from iacpolicy.evaluate.functions.common import bounded
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.value import Value

_WIDTH = 80
_MAX_SIMPLE_KEY = 128
_BOM = "\ufeff"
_BREAKS = "\r\n\x85\u2028\u2029"
_ESCAPES = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}


def write(value: Value) -> str:
    """Return a known value as one YAML document.

    Raises:
        FunctionError: it is nested too deeply, or its text would be too long.
    """
    writer = _Writer()
    writer.node(value, -1, 0)
    writer.line()
    if not isinstance(value.data, str | tuple | dict):
        writer.put("...\n")  # the end of a document that is a plain scalar
    return "".join(writer.pieces)


class _Writer:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.column = 0
        self.length = 0

    def put(self, piece: str) -> None:
        self.pieces.append(piece)
        self.length += len(piece)
        bounded(self.length)
        newline = piece.rfind("\n")
        self.column = self.column + len(piece) if newline < 0 else len(piece) - newline - 1

    def line(self, indent: int = 0) -> None:
        """Start a new line unless this one is empty, and indent it."""
        if self.column:
            self.put("\n")
        self.put(" " * indent)

    def node(self, value: Value, indent: int, depth: int) -> None:
        """Write a value; `indent` is the column of the enclosing collection, -1 at the top."""
        if depth > values.MAX_DEPTH:
            raise FunctionError(
                f"the value is nested more than {values.MAX_DEPTH} levels deep (limit: depth of values)"
            )
        data = value.data
        inner = max(indent, 0) + 2 if indent >= 0 else 0
        if isinstance(data, str):
            self.string(data, max(indent, 0) + 2, simple_key=False)
        elif not isinstance(data, tuple | dict):
            self.put(_plain(data))
        elif not data:
            self.put("[]" if isinstance(data, tuple) else "{}")
        elif isinstance(data, tuple):
            self.sequence(data, inner, depth)
        else:
            self.mapping(data, inner, depth)

    def sequence(self, items: tuple[Value, ...], indent: int, depth: int) -> None:
        for index, item in enumerate(items):
            if index:
                self.line(indent)
            self.put("- ")
            self.node(item, indent, depth + 1)

    def mapping(self, pairs: dict[str, Value], indent: int, depth: int) -> None:
        for index, (key, value) in enumerate(pairs.items()):
            if index:
                self.line(indent)
            if any(char in _BREAKS for char in key) or len(key.encode()) > _MAX_SIMPLE_KEY:
                self.put("? ")
                self.string(key, indent + 2, simple_key=False)
                self.line(indent)
                self.put(": ")
                self.node(value, indent, depth + 1)
                continue
            self.string(key, indent, simple_key=True)
            self.put(":")
            self.mapped(value, indent, depth)

    def mapped(self, value: Value, indent: int, depth: int) -> None:
        """Write the value of a simple key."""
        data = value.data
        if not isinstance(data, tuple | dict) or not data:
            self.put(" ")
            self.node(value, indent, depth + 1)
        elif isinstance(data, tuple):
            self.line(indent)
            self.sequence(data, indent, depth + 1)
        else:
            self.line(indent + 2)
            self.mapping(data, indent + 2, depth + 1)

    def string(self, content: str, indent: int, simple_key: bool) -> None:
        if "\n" in content and not simple_key and _may_be_block(content):
            self.literal(content, indent)
        else:
            self.quoted(content, indent, folds=not simple_key)

    def literal(self, content: str, indent: int) -> None:
        hint = "2" if content[0] == " " or content[0] in _BREAKS else ""
        if content[-1] not in _BREAKS:
            chomp = "-"
        else:
            chomp = "+" if len(content) == 1 or content[-2] in _BREAKS else ""
        self.put(f"|{hint}{chomp}\n")
        for line in content.splitlines(keepends=True):
            self.put(line if line[0] in _BREAKS else " " * indent + line)
        if content[-1] in _BREAKS:
            self.column = 0

    def quoted(self, content: str, indent: int, folds: bool) -> None:
        self.put('"')
        pending: list[str] = []
        escapes_all = content.startswith(_BOM)  # as Go's emitter does after a byte order mark
        folds = folds and not escapes_all
        column, after_space = self.column, False
        for index, char in enumerate(content):
            if char == " " and folds and not after_space and column > _WIDTH and 0 < index < len(content) - 1:
                pending.append("\n" + " " * indent)
                column = indent
                if content[index + 1] == " ":
                    pending.append("\\")
                    column += 1
            else:
                pending.append(_escaped(char, escapes_all))
                column += len(pending[-1])
            after_space = char == " "
        self.put("".join(pending))
        self.put('"')


def _plain(data: bool | Number | None) -> str:
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if data.is_infinite:
        return "-.inf" if data.mantissa < 0 else ".inf"
    return str(data)


def _may_be_block(content: str) -> bool:
    """Report whether a literal block keeps the text: all printable, no space before a break or at the end."""
    if content[-1] == " ":
        return False
    for index, char in enumerate(content):
        if not _is_printable(char):
            return False
        if char == " " and index + 1 < len(content) and content[index + 1] in _BREAKS:
            return False
    return True


def _is_printable(char: str) -> bool:
    return char == "\n" or " " <= char <= "~" or ("\xa0" <= char <= "\ufffd" and char != _BOM)


def _escaped(char: str, always: bool) -> str:
    special = _ESCAPES.get(char)
    if special is not None:
        return special
    if not always and _is_printable(char):
        return char
    if char == "\xa0":
        return "\\_"
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
