"""Where a part of a JSON text stands."""

import json
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core.places.json_places import locate
from iacpolicy.core.sources import SourceFile

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=15,
)


def _ways(document: object, way: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Every scalar of a document with the way to it."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from _ways(value, (*way, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from _ways(value, (*way, index))
    else:
        yield way, document


@given(DOCUMENTS, st.sampled_from([None, 1, 3]))
def test_the_text_at_a_place_is_the_value(document: object, indent: int | None) -> None:
    """What stands at the place, its key left aside, is what the way leads to."""
    text = json.dumps(document, indent=indent)
    source = SourceFile("a.json", text)
    for way, value in _ways(document):
        span = locate(source, way)
        start = source.line_starts[span.line - 1] + span.column - 1
        end = source.line_starts[span.end_line - 1] + span.end_column - 1
        written = text[start:end]
        if way and isinstance(way[-1], str):
            written = written[len(json.dumps(way[-1])) :].lstrip(" :")
        assert json.loads(written) == value


def test_what_is_not_there_stands_at_the_beginning() -> None:
    """A way that leads nowhere, or a text that is cut, ends at the first line."""
    for text, way in (('{"a": [1]}', ("a", 3)), ('{"a"', ("a", "b")), ("", ("a",)), ("[1]", ("a",)), ("[[[", (0, 0))):
        assert locate(SourceFile("a.json", text), way).line == 1


def test_depth_does_not_matter() -> None:
    """The text is scanned, not recursed into."""
    source = SourceFile("a.json", '{"deep": ' + "[" * 200_000 + "]" * 200_000 + ',\n"x": 1}')
    assert locate(source, ("x",)).line == 2
