"""The places in files of the literals that a range of a string comes from."""

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl.ast import TextForm
from iacpolicy.secrets.flow.literals import LiteralPiece, LiteralString
from iacpolicy.secrets.text.tokens import TextRange


class LiteralRange(msgspec.Struct, frozen=True, gc=False):
    """The part of one literal that belongs to a secret: its text, and offsets in its file."""

    piece: LiteralPiece
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        assert self.piece.source is not None
        return self.piece.source.span(self.start, self.end)


def literal_ranges_of(string: LiteralString, text_range: TextRange) -> list[LiteralRange]:
    """Return the literals of a range of a string's text, in order."""
    found: list[LiteralRange] = []
    at = 0
    for piece in string.pieces:
        start, end = max(text_range[0] - at, 0), min(text_range[1] - at, len(piece.text))
        if piece.source is not None and start < end:
            found.append(literal_range_of(piece, start, end))
        at += len(piece.text)
    return found


def literal_range_of(piece: LiteralPiece, start: int, end: int) -> LiteralRange:
    """Return the place of a range of a piece in its file; the whole piece where that is unknown."""
    assert piece.source is not None
    if piece.written is not None:
        return LiteralRange(piece, piece.written, piece.start, piece.end)
    raw = piece.source.text[piece.start : piece.end]
    text = piece.text[start:end]
    if raw == piece.text:
        return LiteralRange(piece, text, piece.start + start, piece.start + end)
    if piece.form is TextForm.HEREDOC:
        return _in_lines(piece, raw, text, start)
    at = raw.find(text)
    if at >= 0 and raw.find(text, at + 1) < 0:
        return LiteralRange(piece, text, piece.start + at, piece.start + at + len(text))
    return LiteralRange(piece, text, piece.start, piece.end)


def trace_from(piece: LiteralPiece, start: int, end: int) -> Origin | None:
    """Return the trace of a piece; where it begins with a whole file, it begins at a range of that file instead."""
    steps: list[Origin] = []
    step = piece.trace
    while step is not None:
        steps.append(step)
        step = step.parents[0] if step.parents else None
    if not steps:
        return None
    first = steps.pop()
    if first.kind is not OriginKind.FUNCTION or first.source is not piece.source or first.end:
        return piece.trace
    trace = Origin(first.kind, first.name, first.source, start, end)
    for step in reversed(steps):
        trace = Origin(step.kind, step.name, step.source, step.start, step.end, (trace,))
    return trace


def _in_lines(piece: LiteralPiece, raw: str, text: str, start: int) -> LiteralRange:
    """Return the place of a range of a heredoc, whose lines in the file can have more indentation."""
    first = piece.text.count("\n", 0, start)
    column = start - (piece.text.rfind("\n", 0, start) + 1)
    lines = raw.split("\n")
    shown = piece.text.split("\n")
    first = min(first, len(lines) - 1)
    last = min(first + text.count("\n"), len(lines) - 1)
    begin = sum(len(line) + 1 for line in lines[:first])
    pieces_in_range = max(0, len(lines[first]) - len(shown[first])) if first < len(shown) else 0
    begin += min(pieces_in_range + column, len(lines[first]))
    if last == first:
        finish = begin + len(text)
    else:
        tail = text.rpartition("\n")[2]
        indent = max(0, len(lines[last]) - len(shown[last])) if last < len(shown) else 0
        finish = sum(len(line) + 1 for line in lines[:last]) + min(indent + len(tail), len(lines[last]))
    return LiteralRange(piece, text, piece.start + begin, piece.start + min(finish, len(raw)))
