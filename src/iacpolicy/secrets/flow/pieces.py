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

MAX_LEAVES = 2_000
MAX_COMBINATIONS = 12
MAX_PIECES = 5_000


class Any_(Enum):  # noqa: N801 - the key of an unknown element
    """The key of an element that the syntax does not show."""

    ELEMENT = "*"


ELEMENT = Any_.ELEMENT
Step = str | int | Any_
Steps = tuple[Step, ...]


class Piece(msgspec.Struct, frozen=True, gc=False):
    """One literal, or without a source a part that is no literal; `trace` is its last step so far.

    `written` is the text of the literal where a function changed it to `text`. `is_file` says that it is a whole file.
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

    def with_step(self, kind: OriginKind, name: str, source: SourceFile, start: int, end: int) -> "Piece":
        """Return the piece with one more step in its trace; `replace` takes several times as long."""
        trace = Origin(kind, name, source, start, end, (self.trace,) if self.trace is not None else ())
        return Piece(
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


UNKNOWN_PIECE = Piece(UNKNOWN)


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """A string in a value: the path to it, and the pieces that it is made of, in order.

    `label` is the name in the same object (`{name = "X", value = …}`), or the key in a map that a loop iterates.
    `made` is the text after functions changed it, None if the text is that of the pieces. `document_at` is the number
    of steps before those inside a JSON document. `is_declared` is set by `sensitive()`.
    """

    steps: Steps
    pieces: tuple[Piece, ...]
    label: str | None = None
    made: str | None = None
    document_at: int | None = None
    is_declared: bool = False

    @property
    def text(self) -> str:
        """The text of all pieces; a part that is no literal is `UNKNOWN`."""
        return "".join(p.text for p in self.pieces)

    def under(self, *steps: Step) -> "Leaf":
        """Return the string inside a collection, under a path."""
        at = None if self.document_at is None else self.document_at + len(steps)
        return Leaf((*steps, *self.steps), self.pieces, self.label, self.made, at, self.is_declared)

    def with_step(self, kind: OriginKind, name: str, source: SourceFile, start: int, end: int) -> "Leaf":
        """Return the string with one more step in the traces of its pieces."""
        with_step = tuple([p if p.source is None else p.with_step(kind, name, source, start, end) for p in self.pieces])
        return Leaf(self.steps, with_step, self.label, self.made, self.document_at, self.is_declared)


Leaves = tuple[Leaf, ...]


def bounded(leaves: Iterable[Leaf]) -> Leaves:
    """Return the first `MAX_LEAVES`."""
    found: list[Leaf] = []
    for leaf in leaves:
        found.append(leaf)
        if len(found) >= MAX_LEAVES:
            break
    return tuple(found)


def select(leaves: Leaves, step: Step) -> Leaves:
    """Return the strings in the elements that a key may select, without that key."""
    found: list[Leaf] = []
    for leaf in leaves:
        if not leaf.steps:
            continue
        first = leaf.steps[0]
        if first == step or first is ELEMENT or step is ELEMENT or (isinstance(step, int) and isinstance(first, int)):
            if isinstance(first, int) and isinstance(step, int) and first != step:
                continue
            found.append(inside(leaf, remember=step is ELEMENT))
    return tuple(found)


def inside(leaf: Leaf, *, remember: bool) -> Leaf:
    """Return a string without the first key of its path; with `remember`, the key becomes its label."""
    first = leaf.steps[0]
    label = leaf.label
    if remember and isinstance(first, str) and label is None:
        label = first
    at = None if leaf.document_at is None else max(0, leaf.document_at - 1)
    return Leaf(leaf.steps[1:], leaf.pieces, label, leaf.made, at, leaf.is_declared)


def strings(leaves: Leaves) -> Leaves:
    """Return the strings that are whole values, not parts of a collection."""
    return tuple(leaf for leaf in leaves if not leaf.steps)


def combined(parts: Iterable[Leaves]) -> Iterator[Leaf]:
    """Yield the strings that concatenate one option of each part, at most `MAX_COMBINATIONS`."""
    made: list[list[Piece]] = [[]]
    is_declared = False
    label: str | None = None
    for part in parts:
        options = [_pieces(leaf) for leaf in strings(part)] or [(UNKNOWN_PIECE,)]
        is_declared = is_declared or any(leaf.is_declared for leaf in part)
        if len(options) == 1:
            for pieces in made:
                pieces.extend(options[0])
        else:
            made = [[*before, *option] for before in made for option in options][:MAX_COMBINATIONS]
    for pieces in made:
        yield Leaf((), tuple(pieces[:MAX_PIECES]), label=label, is_declared=is_declared)


def _pieces(leaf: Leaf) -> tuple[Piece, ...]:
    return leaf.pieces if leaf.made is None or len(leaf.pieces) != 1 else _remade(leaf.pieces[0], leaf.made)


def _remade(piece: Piece, text: str) -> tuple[Piece, ...]:
    return (replace(piece, text=text, written=piece.text if piece.written is None else piece.written),)
