"""Places in YAML, and refused texts."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.places.yaml_marks import Mapping, Node, Scalar, Sequence, read
from iacpolicy.core.sources import SourceFile


def _read(text: str) -> tuple[Node, ...]:
    found = read(SourceFile("a.yaml", text))
    assert not isinstance(found, Diagnostic), found
    return found


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {key.text: _plain(value) for key, value in node.pairs}


def test_marks_are_offsets_of_the_text() -> None:
    """The place of a part is the place of its text, also after characters outside ASCII."""
    text = "größe: [1, zwei]\nname: 'drei'\n"
    document = _read(text)[0]
    assert isinstance(document, Mapping)
    key, value = document.pair("name") or (None, None)
    assert key is not None
    assert isinstance(value, Scalar)
    assert (text[key.start : key.end], text[value.start : value.end]) == ("name", "'drei'")


def test_documents_and_aliases() -> None:
    """Every document is read, and an alias has the value of its anchor."""
    found = _read("a: &x [1, 2]\nb: *x\n---\nc: 3\n")
    assert [_plain(node) for node in found] == [{"a": ["1", "2"], "b": ["1", "2"]}, {"c": "3"}]


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8)
DOCUMENT = st.recursive(
    TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=12
)


@given(DOCUMENT)
def test_what_was_written_is_read(document: object) -> None:
    """Texts, lists and maps written by PyYAML are read back unchanged."""
    text = yaml.safe_dump(document, allow_unicode=True, default_style='"')
    assert [_plain(node) for node in _read(text)] == [document]


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (LAUGHS, "aliases"),
        ("a: &a [*a]", "complete before"),
        ("a: *missing", "complete before"),
        ("[" * 50_000, "depth"),
        ("".join("  " * n + "a:\n" for n in range(150)), "depth of YAML"),
        ("- x\n" * 300_000, "aliases"),
        ("x" * 2_100_000, "size of YAML"),
        ("a: 'open", "unexpected end"),
        ("a: b: c", "mapping values"),
        ("a: \t- b\n\x07", "control characters"),
        ("!!python/object/apply:os.system ['true']: x: y", ""),
    ],
)
@pytest.mark.timeout(60)
def test_refused(text: str, word: str) -> None:
    """Invalid or too large YAML gives a diagnostic with its place, in bounded time."""
    found = read(SourceFile("a.yaml", text))
    assert isinstance(found, Diagnostic)
    assert word in found.detail or "nesting" in found.detail
    assert found.location is not None


def test_a_tag_makes_no_object() -> None:
    """A tag that would call Python elsewhere is ignored."""
    assert _plain(_read("!!python/object/apply:os.system ['true']")[0]) == ["true"]
