"""Places of parts of a JSON text."""

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


def _paths(document: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Yield every scalar of a document with its path."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from _paths(value, (*path, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            yield from _paths(value, (*path, index))
    else:
        yield path, document


@given(DOCUMENTS, st.sampled_from([None, 1, 3]))
def test_the_text_at_a_place_is_the_value(document: object, indent: int | None) -> None:
    """The text at a place, without its key, is the value at the path."""
    text = json.dumps(document, indent=indent)
    source = SourceFile("a.json", text)
    for path, value in _paths(document):
        span = locate(source, path)
        start = source.line_starts[span.line - 1] + span.column - 1
        end = source.line_starts[span.end_line - 1] + span.end_column - 1
        written = text[start:end]
        if path and isinstance(path[-1], str):
            written = written[len(json.dumps(path[-1])) :].lstrip(" :")
        assert json.loads(written) == value


def test_what_is_not_there_stands_at_the_beginning() -> None:
    """A path without a value, or a truncated text, gives the first line."""
    for text, path in (('{"a": [1]}', ("a", 3)), ('{"a"', ("a", "b")), ("", ("a",)), ("[1]", ("a",)), ("[[[", (0, 0))):
        assert locate(SourceFile("a.json", text), path).line == 1


def test_depth_does_not_matter() -> None:
    """Deep text is scanned without recursion."""
    source = SourceFile("a.json", '{"deep": ' + "[" * 200_000 + "]" * 200_000 + ',\n"x": 1}')
    assert locate(source, ("x",)).line == 2
