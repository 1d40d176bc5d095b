"""The literals inside JSON and YAML texts that a function decodes, each at its place in the text."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.secrets.flow.literal_places import literal_range_of
from iacpolicy.secrets.flow.pieces import MAX_LEAVES, Leaf, Leaves, Piece, Steps
from iacpolicy.secrets.text.classify import UNKNOWN

_UNKNOWN_IN_YAML = "\ue000"  # YAML does not allow the other placeholder; both are one character long
_MANY = 64


def decoded(leaves: Leaves) -> Leaves:
    """Return the parts of decoded texts; a value that was encoded before is its own parts again."""
    found: list[Leaf] = []
    for leaf in leaves:
        if leaf.steps:
            found.append(replace(leaf, document_at=None))
        elif leaf.made is None:
            found.extend(_parts(leaf))
        if len(found) >= MAX_LEAVES:
            break
    return tuple(found[:MAX_LEAVES])


def cut(leaf: Leaf, start: int, end: int) -> Iterator[Piece]:
    """Yield the pieces of a range of a string's text."""
    at = 0
    for piece in leaf.pieces:
        first, last = max(start - at, 0), min(end - at, len(piece.text))
        at += len(piece.text)
        if first >= last:
            continue
        text = piece.text[first:last]
        source = piece.source
        if source is None or text == piece.text:
            yield replace(piece, text=text, is_file=False)
            continue
        part = literal_range_of(piece, first, last)
        if source.text[part.start : part.end] == text:
            yield replace(piece, text=text, start=part.start, end=part.end, is_file=False)
        else:
            yield replace(piece, text=text, written=piece.text if piece.written is None else piece.written)


def _parts(leaf: Leaf) -> Iterator[Leaf]:
    text = leaf.text
    for steps, value, start, end in _scalars(text.replace(UNKNOWN, _UNKNOWN_IN_YAML)):
        decoded_text = value.replace(_UNKNOWN_IN_YAML, UNKNOWN)
        at = text.find(decoded_text, start, end) if decoded_text else -1
        if at >= 0:
            yield replace(leaf, steps=steps, pieces=tuple(cut(leaf, at, at + len(decoded_text))))
        elif UNKNOWN not in decoded_text:
            first = next((p for p in cut(leaf, start, end) if p.source is not None), None)
            if first is not None:
                written = text[start:end].strip("\"'")
                yield replace(leaf, steps=steps, pieces=(replace(first, text=decoded_text, written=written),))


@lru_cache(maxsize=_MANY)
def _scalars(text: str) -> tuple[tuple[Steps, str, int, int], ...]:
    """Return the scalars of the first document: the path, the text, and the start and end of each."""
    from iacpolicy.core.places import yaml_marks  # slow to import

    documents = yaml_marks.read(SourceFile("", text))
    if isinstance(documents, Diagnostic) or not documents:
        return ()
    found: list[tuple[Steps, str, int, int]] = []
    pending: list[tuple[Any, Steps]] = [(documents[0], ())]
    while pending and len(found) < MAX_LEAVES:
        node, steps = pending.pop()
        if isinstance(node, yaml_marks.Scalar):
            found.append((steps, node.text, node.start, node.end))
        elif isinstance(node, yaml_marks.Mapping):
            pending.extend((value, (*steps, key.text)) for key, value in reversed(node.pairs))
        else:
            pending.extend((item, (*steps, at)) for at, item in reversed(tuple(enumerate(node.items))))
    return tuple(found)
