"""The literals inside of JSON, YAML and CSV that a function takes apart, each at its place in the text."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.secrets.flow.literal_places import part_of
from iacpolicy.secrets.flow.pieces import MAX_LEAVES, Leaf, Leaves, Piece, Steps
from iacpolicy.secrets.text.classify import UNKNOWN

_UNKNOWN_IN_YAML = "\ue000"  # YAML has no place for the other sign, and both are one character
_MANY = 64


def decoded(leaves: Leaves) -> Leaves:
    """What `jsondecode` and `yamldecode` make of texts; of what was encoded before, its parts again."""
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
    """The pieces of a stretch of a leaf's text."""
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
        part = part_of(piece, first, last)
        if source.text[part.start : part.end] == text:
            yield replace(piece, text=text, start=part.start, end=part.end, is_file=False)
        else:
            yield replace(piece, text=text, written=piece.text if piece.written is None else piece.written)


def _parts(leaf: Leaf) -> Iterator[Leaf]:
    text = leaf.text
    for steps, value, start, end in _scalars(text.replace(UNKNOWN, _UNKNOWN_IN_YAML)):
        told = value.replace(_UNKNOWN_IN_YAML, UNKNOWN)
        at = text.find(told, start, end) if told else -1
        if at >= 0:
            yield replace(leaf, steps=steps, pieces=tuple(cut(leaf, at, at + len(told))))
        elif UNKNOWN not in told:
            first = next((p for p in cut(leaf, start, end) if p.source is not None), None)
            if first is not None:
                written = text[start:end].strip("\"'")
                yield replace(leaf, steps=steps, pieces=(replace(first, text=told, written=written),))


@lru_cache(maxsize=_MANY)
def _scalars(text: str) -> tuple[tuple[Steps, str, int, int], ...]:
    """The scalars of the first document: the steps to each, its text, and where it is written."""
    from iacpolicy.core.places import yaml_marks  # YAML is not loaded for repositories that take none apart

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
