"""A source line with a mark under a span."""

from collections.abc import Mapping

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span
from iacpolicy.report.printable import whole_line, width

MAX_COLUMNS = 160
LEAD = 40


def excerpt(span: Span, sources: Mapping[str, SourceFile]) -> tuple[str, str] | None:
    """Return the line and the marks under it, with equal indentation; None if the file or the line does not exist.

    A span of several lines is marked on its first line, up to the end of the line. A long line is cut around the span.
    """
    source = sources.get(span.path)
    if source is None:
        return None
    line = source.line(span.line).rstrip()
    if not line.strip():
        return None
    start = min(max(span.column - 1, 0), len(line))
    end = len(line) if span.end_line > span.line else min(max(span.end_column - 1, start), len(line))
    indent = len(line) - len(line.lstrip())
    start = max(start, min(indent, end))  # a span from the start of a line does not mark its indentation
    cut = max(start - LEAD, 0) if len(line) > MAX_COLUMNS else 0
    first = min(max(indent, cut), start)
    last = min(len(line), first + MAX_COLUMNS)
    before, marked = whole_line(line[first:start]), whole_line(line[start : min(end, last)])
    after = whole_line(line[min(end, last) : last])
    if first > indent:
        before = "…" + before
    if last < len(line):
        after += "…"
    marks = " " * width(before) + "^" * max(width(marked), 1)
    return before + marked + after, marks
