"""From a stretch of a string back to the file it is written in."""

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl.ast import TextForm
from iacpolicy.secrets.flow.pieces import Leaf, Piece
from iacpolicy.secrets.text.tokens import TextRange


class Part(msgspec.Struct, frozen=True, gc=False):
    """What of one literal belongs to a secret: the text, and offsets in its file."""

    piece: Piece
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        assert self.piece.source is not None
        return self.piece.source.span(self.start, self.end)


def parts_of(leaf: Leaf, stretch: TextRange) -> list[Part]:
    """The literals that a stretch of a leaf's text is made of, in order."""
    found: list[Part] = []
    at = 0
    for piece in leaf.pieces:
        start, end = max(stretch[0] - at, 0), min(stretch[1] - at, len(piece.text))
        if piece.source is not None and start < end:
            found.append(part_of(piece, start, end))
        at += len(piece.text)
    return found


def part_of(piece: Piece, start: int, end: int) -> Part:
    """Where in its file a stretch of a piece is written; the whole piece where that cannot be told."""
    assert piece.source is not None
    if piece.written is not None:
        return Part(piece, piece.written, piece.start, piece.end)
    raw = piece.source.text[piece.start : piece.end]
    text = piece.text[start:end]
    if raw == piece.text:
        return Part(piece, text, piece.start + start, piece.start + end)
    if piece.form is TextForm.HEREDOC:
        return _in_lines(piece, raw, text, start)
    at = raw.find(text)
    if at >= 0 and raw.find(text, at + 1) < 0:
        return Part(piece, text, piece.start + at, piece.start + at + len(text))
    return Part(piece, text, piece.start, piece.end)


def way_from(piece: Piece, start: int, end: int) -> Origin | None:
    """The way of a piece; where it begins with the reading of a whole file, it begins at a stretch of that file."""
    hops: list[Origin] = []
    hop = piece.way
    while hop is not None:
        hops.append(hop)
        hop = hop.parents[0] if hop.parents else None
    if not hops:
        return None
    first = hops.pop()
    if first.kind is not OriginKind.FUNCTION or first.source is not piece.source or first.end:
        return piece.way
    way = Origin(first.kind, first.name, first.source, start, end)
    for hop in reversed(hops):
        way = Origin(hop.kind, hop.name, hop.source, hop.start, hop.end, (way,))
    return way


def _in_lines(piece: Piece, raw: str, text: str, start: int) -> Part:
    """A heredoc's lines are those of the file, less their indentation."""
    first = piece.text.count("\n", 0, start)
    column = start - (piece.text.rfind("\n", 0, start) + 1)
    lines = raw.split("\n")
    shown = piece.text.split("\n")
    first = min(first, len(lines) - 1)
    last = min(first + text.count("\n"), len(lines) - 1)
    begin = sum(len(line) + 1 for line in lines[:first])
    cut = max(0, len(lines[first]) - len(shown[first])) if first < len(shown) else 0
    begin += min(cut + column, len(lines[first]))
    if last == first:
        finish = begin + len(text)
    else:
        tail = text.rpartition("\n")[2]
        indent = max(0, len(lines[last]) - len(shown[last])) if last < len(shown) else 0
        finish = sum(len(line) + 1 for line in lines[:last]) + min(indent + len(tail), len(lines[last]))
    return Part(piece, text, piece.start + begin, piece.start + min(finish, len(raw)))
