"""The range in which versions differ contains every new line."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.secrets.history.changed_ranges import NEAR, changed, parts_of
from iacpolicy.secrets.history.suspects import SuspectParts

# long enough together that the halving begins, and few enough different ones that lines come again
LINE = st.sampled_from(
    ["", "}", "  size = 1", 'password = "Vq7mKd2Lw9xTr"', "x" * (NEAR // 2), "é" * NEAR, "ab" * NEAR]
)
LINES = st.lists(LINE, max_size=12)


@given(LINES, LINES, LINES, LINES)
def test_lines_outside_of_the_range_are_old(first: list[str], old: list[str], new: list[str], last: list[str]) -> None:
    """A version equals the older one before and after the range, which has whole lines."""
    before, after = "\n".join([*first, *old, *last]), "\n".join([*first, *new, *last])
    begin, end = changed(before, after)
    assert 0 <= begin <= end <= len(after)
    assert begin == 0 or after[begin - 1] == "\n"
    assert end == len(after) or after[end] == "\n"
    assert before.startswith(after[:begin])
    assert before[begin:].endswith(after[end:])


@given(st.lists(LINES, max_size=6))
def test_a_line_is_new_once(versions: list[list[str]]) -> None:
    """Exactly the lines that no older version has are new, with their offsets."""
    suspects = SuspectParts(Catalogue())
    known: set[str] = set()
    for lines in versions:
        text = "\n".join(lines)
        new = suspects.know("a.tf", text)
        wanted = [line for line in text.split("\n") if line not in known]
        assert [line for _, line in new if line] == [line for line in wanted if line]
        assert all(text.startswith(line, at) for at, line in new)
        known.update(wanted)


@given(LINES)
def test_every_line_has_a_part(lines: list[str]) -> None:
    """The parts contain all fresh lines, and do not overlap."""
    text = "\n".join(["locals {", *lines, "}", 'name = "x"'])
    starts = [at for at in range(len(text)) if at == 0 or text[at - 1] == "\n"]
    parts = list(parts_of(text, starts))
    assert all(any(begin <= at < end for begin, end in parts) for at in starts)
    assert all(a[1] <= b[0] for a, b in pairwise(parts))
