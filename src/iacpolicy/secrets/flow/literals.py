"""The literals that a value can contain, as the syntax shows it, each with its path in the value."""

from collections.abc import Iterable, Iterator
from enum import Enum

import msgspec
from msgspec.structs import replace

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl.ast import TextForm
from iacpolicy.secrets.secret import SecretSource
from iacpolicy.secrets.text.classify import UNKNOWN

MAX_STRINGS = 2_000
MAX_COMBINATIONS = 12
MAX_PIECES = 5_000


class UnknownKey(Enum):
    """The key of an element that the syntax does not show."""

    ELEMENT = "*"


ELEMENT = UnknownKey.ELEMENT
PathKey = str | int | UnknownKey
ValuePath = tuple[PathKey, ...]


class LiteralPiece(msgspec.Struct, frozen=True, gc=False):
    """One literal, or without a source a part that is no literal; `trace` is its last step so far.

    `written` is the text of the literal where a function changed it to `text`. `is_file` is set if it is a whole file.
    `secret` is the source of a part that is no literal but a secret.
    """

    text: str
    source: SourceFile | None = None
    start: int = 0
    end: int = 0
    form: TextForm = TextForm.QUOTED
    indent: int = 0
    is_heredoc: bool = False
    trace: Origin | None = None
    written: str | None = None
    is_file: bool = False
    secret: SecretSource | None = None

    def with_step(self, kind: OriginKind, name: str, source: SourceFile, start: int, end: int) -> "LiteralPiece":
        """Return the piece with one more step in its trace; `replace` takes several times as long."""
        trace = Origin(kind, name, source, start, end, (self.trace,) if self.trace is not None else ())
        return LiteralPiece(
            self.text,
            self.source,
            self.start,
            self.end,
            self.form,
            self.indent,
            self.is_heredoc,
            trace,
            self.written,
            self.is_file,
            self.secret,
        )


UNKNOWN_PIECE = LiteralPiece(UNKNOWN)


class LiteralString(msgspec.Struct, frozen=True, gc=False):
    """A string in a value: the path to it, and the pieces that it is made of, in order.

    `label` is the name in the same object (`{name = "X", value = …}`), or the key in a map that a loop iterates.
    `made` is the text after functions changed it, None if the text is that of the pieces. `document_at` is the number
    of keys in the path before those inside a JSON document. `is_declared` is set by `sensitive()`.
    """

    path: ValuePath
    pieces: tuple[LiteralPiece, ...]
    label: str | None = None
    made: str | None = None
    document_at: int | None = None
    is_declared: bool = False

    @property
    def text(self) -> str:
        """The text of all pieces; a part that is no literal is `UNKNOWN`."""
        return "".join(p.text for p in self.pieces)

    def under(self, *path: PathKey) -> "LiteralString":
        """Return the string inside a collection, under a path."""
        at = None if self.document_at is None else self.document_at + len(path)
        return LiteralString((*path, *self.path), self.pieces, self.label, self.made, at, self.is_declared)

    def with_step(self, kind: OriginKind, name: str, source: SourceFile, start: int, end: int) -> "LiteralString":
        """Return the string with one more step in the traces of its pieces."""
        pieces = tuple([p if p.source is None else p.with_step(kind, name, source, start, end) for p in self.pieces])
        return LiteralString(self.path, pieces, self.label, self.made, self.document_at, self.is_declared)


LiteralStrings = tuple[LiteralString, ...]


def bounded(strings: Iterable[LiteralString]) -> LiteralStrings:
    """Return the first `MAX_STRINGS`."""
    found: list[LiteralString] = []
    for string in strings:
        found.append(string)
        if len(found) >= MAX_STRINGS:
            break
    return tuple(found)


def select(strings: LiteralStrings, key: PathKey) -> LiteralStrings:
    """Return the strings in the elements that a key may select, without that key."""
    found: list[LiteralString] = []
    for string in strings:
        if not string.path:
            continue
        first = string.path[0]
        if first == key or first is ELEMENT or key is ELEMENT or (isinstance(key, int) and isinstance(first, int)):
            if isinstance(first, int) and isinstance(key, int) and first != key:
                continue
            found.append(without_first_key(string, remember=key is ELEMENT))
    return tuple(found)


def without_first_key(string: LiteralString, *, remember: bool) -> LiteralString:
    """Return a string without the first key of its path; with `remember`, the key becomes its label."""
    first = string.path[0]
    label = string.label
    if remember and isinstance(first, str) and label is None:
        label = first
    at = None if string.document_at is None else max(0, string.document_at - 1)
    return LiteralString(string.path[1:], string.pieces, label, string.made, at, string.is_declared)


def whole_strings(strings: LiteralStrings) -> LiteralStrings:
    """Return the strings that are whole values, not parts of a collection."""
    return tuple(string for string in strings if not string.path)


def concatenated(parts: Iterable[LiteralStrings]) -> Iterator[LiteralString]:
    """Yield the strings that concatenate one option of each part, at most `MAX_COMBINATIONS`."""
    made: list[list[LiteralPiece]] = [[]]
    is_declared = False
    label: str | None = None
    for part in parts:
        options = [_pieces(string) for string in whole_strings(part)] or [(UNKNOWN_PIECE,)]
        is_declared = is_declared or any(string.is_declared for string in part)
        if len(options) == 1:
            for pieces in made:
                pieces.extend(options[0])
        else:
            made = [[*before, *option] for before in made for option in options][:MAX_COMBINATIONS]
    for pieces in made:
        yield LiteralString((), tuple(pieces[:MAX_PIECES]), label=label, is_declared=is_declared)


def _pieces(string: LiteralString) -> tuple[LiteralPiece, ...]:
    return (
        string.pieces if string.made is None or len(string.pieces) != 1 else _with_text(string.pieces[0], string.made)
    )


def _with_text(piece: LiteralPiece, text: str) -> tuple[LiteralPiece, ...]:
    return (replace(piece, text=text, written=piece.text if piece.written is None else piece.written),)


def path_text(path: ValuePath) -> str:
    """Return a path into a value as text, such as `a[0].b`."""
    text = ""
    for key in path:
        if key is ELEMENT:
            text += "[*]"
        elif isinstance(key, int):
            text += f"[{key}]"
        elif isinstance(key, str) and key.replace("-", "_").isidentifier():
            text += f".{key}" if text else key
        else:
            text += f'["{key}"]'
    return text
