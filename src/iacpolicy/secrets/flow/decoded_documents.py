"""The literals inside JSON and YAML texts that a function decodes, each at its place in the text."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.secrets.flow.literal_places import literal_range_of
from iacpolicy.secrets.flow.literals import MAX_STRINGS, LiteralPiece, LiteralString, LiteralStrings, ValuePath
from iacpolicy.secrets.text.classify import UNKNOWN

_UNKNOWN_IN_YAML = "\ue000"  # YAML does not allow the other placeholder; both are one character long
_MANY = 64


def decoded_strings(strings: LiteralStrings) -> LiteralStrings:
    """Return the parts of decoded texts; a value that was encoded before is its own parts again."""
    found: list[LiteralString] = []
    for string in strings:
        if string.path:
            found.append(replace(string, document_at=None))
        elif string.made is None:
            found.extend(_parts(string))
        if len(found) >= MAX_STRINGS:
            break
    return tuple(found[:MAX_STRINGS])


def pieces_in_range(string: LiteralString, start: int, end: int) -> Iterator[LiteralPiece]:
    """Yield the pieces of a range of a string's text."""
    at = 0
    for piece in string.pieces:
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


def _parts(string: LiteralString) -> Iterator[LiteralString]:
    text = string.text
    for path, value, start, end in _scalars(text.replace(UNKNOWN, _UNKNOWN_IN_YAML)):
        decoded_text = value.replace(_UNKNOWN_IN_YAML, UNKNOWN)
        at = text.find(decoded_text, start, end) if decoded_text else -1
        if at >= 0:
            yield replace(string, path=path, pieces=tuple(pieces_in_range(string, at, at + len(decoded_text))))
        elif UNKNOWN not in decoded_text:
            first = next((p for p in pieces_in_range(string, start, end) if p.source is not None), None)
            if first is not None:
                written = text[start:end].strip("\"'")
                yield replace(string, path=path, pieces=(replace(first, text=decoded_text, written=written),))


@lru_cache(maxsize=_MANY)
def _scalars(text: str) -> tuple[tuple[ValuePath, str, int, int], ...]:
    """Return the scalars of the first document: the path, the text, and the start and end of each."""
    from iacpolicy.core.places import yaml_marks  # slow to import

    documents = yaml_marks.read(SourceFile("", text))
    if isinstance(documents, Diagnostic) or not documents:
        return ()
    found: list[tuple[ValuePath, str, int, int]] = []
    pending: list[tuple[Any, ValuePath]] = [(documents[0], ())]
    while pending and len(found) < MAX_STRINGS:
        node, path = pending.pop()
        if isinstance(node, yaml_marks.Scalar):
            found.append((path, node.text, node.start, node.end))
        elif isinstance(node, yaml_marks.Mapping):
            pending.extend((value, (*path, key.text)) for key, value in reversed(node.pairs))
        else:
            pending.extend((item, (*path, at)) for at, item in reversed(tuple(enumerate(node.items))))
    return tuple(found)
