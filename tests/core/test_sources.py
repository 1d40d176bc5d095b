"""Files, offsets, spans and diagnostics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core.diagnostics import Level, error, note, warning
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start

TEXTS = st.text("ab\r\n\u2028é😀", max_size=20)


@given(TEXTS, st.data())
def test_positions_count_lines_and_code_points(text: str, data: st.DataObject) -> None:
    """The position of an offset is its line by line feeds, and its column in code points."""
    offset = data.draw(st.integers(0, len(text)))
    before = text[:offset]
    line, column = SourceFile("a.tf", text).position(offset)
    assert line == before.count("\n") + 1
    assert column == len(before) - (before.rfind("\n") + 1) + 1


@given(TEXTS)
def test_lines_make_the_text(text: str) -> None:
    """All lines together are the text, but for the carriage returns at their ends."""
    source = SourceFile("a.tf", text)
    lines = [source.line(number) for number in range(1, len(source.line_starts) + 1)]
    assert lines == [line.rstrip("\r") for line in text.split("\n")]
    assert source.line(0) == source.line(len(lines) + 1) == ""


@given(TEXTS, st.data())
def test_spans_are_ordered_as_offsets(text: str, data: st.DataObject) -> None:
    """Spans of one file sort by their start."""
    source = SourceFile("a.tf", text)
    starts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4)))
    spans = [source.span(start, len(text)) for start in starts]
    assert spans == sorted(spans)


def test_span_text() -> None:
    """A span is shown as its path and line, and a whole file is at its first line."""
    assert str(Span("a.tf", 3, 2, 4, 1)) == "a.tf:3"
    assert file_start("a.tf") == Span("a.tf", 1, 1, 1, 1)


@pytest.mark.parametrize(("make", "level"), [(error, Level.ERROR), (warning, Level.WARNING), (note, Level.NOTE)])
def test_diagnostics(make: type, level: Level) -> None:
    """Each constructor makes a diagnostic of its level, which can be compared and hashed."""
    made = make("Summary", "Detail.", file_start("a.tf"))
    assert made.severity is level
    assert made == make("Summary", "Detail.", file_start("a.tf"))
    assert len({made, make("Summary")}) == 2
