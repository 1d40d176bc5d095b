"""Places of keys, compared with the document of `tomllib`."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core.places.toml_places import TomlError, key_places, read_toml
from iacpolicy.core.sources import SourceFile

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6)
SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), st.just(1.5), st.just('a "b" [c] {d} = # e\nf'))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=4)


def quoted(text: str) -> str:
    """A TOML basic string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def written(value: Any) -> str:
    """A value in TOML's inline form."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"""{value}"""' if "\n" in value else quoted(value)
        case list():
            return "[ # ]\n" + ",\n".join(written(item) for item in value) + "\n]"
        case dict():
            return f"{{ {', '.join(f'{quoted(k)} = {written(v)}' for k, v in value.items())} }}"
        case _:
            return str(value)


def keys(value: dict[str, Any], prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the paths of the keys in nested tables; values in arrays have no path."""
    for name, inner in value.items():
        yield (*prefix, name)
        if isinstance(inner, dict):
            yield from keys(inner, (*prefix, name))


@given(DOCUMENTS)
def test_every_key_has_the_place_of_its_name(document: dict[str, dict[str, Any]]) -> None:
    """Each key that `tomllib` reads has a place, at which its name is written."""
    lines = []
    for table, entries in document.items():
        lines.append(f"[{quoted(table)}] # [not.this]")
        lines += [f"{quoted(name)} = {written(value)} # = {{" for name, value in entries.items()]
    text = "\n".join(lines)
    assert tomllib.loads(text) == document
    source = SourceFile("x.toml", text)
    places = key_places(source)
    for key in keys(document):
        span = places[key]
        assert source.line(span.line)[span.column - 1 : span.end_column - 1] == quoted(key[-1])


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("a = 1\nb = \n", "Invalid value", 2, 5),
        ("a = [1", "Unclosed array", 1, 1),
        ("a = " + "[" * 5_000, "It nests too deeply", 1, 1),
    ],
)
def test_no_toml(text: str, reason: str, line: int, column: int) -> None:
    """A text that is no TOML is an error with a reason and its place."""
    with pytest.raises(TomlError) as caught:
        read_toml(SourceFile("a.toml", text))
    place = caught.value.place
    assert (caught.value.reason, place.line, place.column) == (reason, line, column)


def test_document() -> None:
    """A valid text gives its document."""
    assert read_toml(SourceFile("a.toml", "[a]\nb = [1, 2]\n")) == {"a": {"b": [1, 2]}}
