"""What a value can be made of, as far as the syntax shows it: its literals, each at its place in the value."""

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


class Any_(Enum):  # noqa: N801 - the step to an element whose key is not known
    """A step into a collection by a key that the syntax does not show."""

    ELEMENT = "*"


ELEMENT = Any_.ELEMENT
Step = str | int | Any_
Steps = tuple[Step, ...]


class Piece(msgspec.Struct, frozen=True, gc=False):
    """One literal, or (without a source) a part that no literal makes; `way` is its last hop so far.

    `written` is what the literal says where a function has made another `text` of it; `is_file` says that it is a whole
    file that is read. `secret` is what a part without a literal is, where that is a secret.
    """

    text: str
    source: SourceFile | None = None
    start: int = 0
    end: int = 0
    form: TextForm = TextForm.QUOTED
    indent: int = 0
    is_heredoc: bool = False
    way: Origin | None = None
    written: str | None = None
    is_file: bool = False
    secret: SecretSource | None = None

    def moved(self, kind: OriginKind, name: str, source: SourceFile, start: int, end: int) -> "Piece":
        """The same piece after one more hop; `replace` takes several times as long."""
        way = Origin(kind, name, source, start, end, (self.way,) if self.way is not None else ())
        return Piece(
            self.text,
            self.source,
            self.start,
            self.end,
            self.form,
            self.indent,
            self.is_heredoc,
            way,
            self.written,
            self.is_file,
            self.secret,
        )


UNKNOWN_PIECE = Piece(UNKNOWN)


class Leaf(msgspec.Struct, frozen=True, gc=False):
    """A string in a value: the steps to it, and the literals it is put together from, in order.

    `label` is a name given beside it (`{name = "X", value = …}`) or the key it had before a loop took it from its map.
    `made` is its text after functions changed it, None where the pieces together are the text. `document_at` says
    how many of the steps lead to a JSON document of which the rest are keys. `is_declared` is set by `sensitive()`.
    """

    steps: Steps
    pieces: tuple[Piece, ...]
    label: str | None = None
    made: str | None = None
    document_at: int | None = None
    is_declared: bool = False

    @property
    def text(self) -> str:
        """The pieces together; a part that no literal makes is `UNKNOWN`."""
        return "".join(p.text for p in self.pieces)

    def under(self, *steps: Step) -> "Leaf":
        """The same leaf in a collection around it."""
        at = None if self.document_at is None else self.document_at + len(steps)
        return Leaf((*steps, *self.steps), self.pieces, self.label, self.made, at, self.is_declared)

    def hop(self, kind: OriginKind, name: str, source: SourceFile, start: int, end: int) -> "Leaf":
        """The same leaf after one more hop of its way."""
        moved = tuple([p if p.source is None else p.moved(kind, name, source, start, end) for p in self.pieces])
        return Leaf(self.steps, moved, self.label, self.made, self.document_at, self.is_declared)


Leaves = tuple[Leaf, ...]


def bounded(leaves: Iterable[Leaf]) -> Leaves:
    """At most `MAX_LEAVES`, each once."""
    found: list[Leaf] = []
    for leaf in leaves:
        found.append(leaf)
        if len(found) >= MAX_LEAVES:
            break
    return tuple(found)


def select(leaves: Leaves, step: Step) -> Leaves:
    """The leaves of the elements that a step may mean, without that step."""
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
    """A leaf without its first step; a key that a loop takes it by is remembered as its label."""
    first = leaf.steps[0]
    label = leaf.label
    if remember and isinstance(first, str) and label is None:
        label = first
    at = None if leaf.document_at is None else max(0, leaf.document_at - 1)
    return Leaf(leaf.steps[1:], leaf.pieces, label, leaf.made, at, leaf.is_declared)


def strings(leaves: Leaves) -> Leaves:
    """The leaves that are strings themselves, not parts of a collection."""
    return tuple(leaf for leaf in leaves if not leaf.steps)


def combined(parts: Iterable[Leaves]) -> Iterator[Leaf]:
    """Strings put together from parts, each of which can be one of several; bounded."""
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
