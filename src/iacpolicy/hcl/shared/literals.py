"""Literal text in templates: the extent of strip markers, and the indentation that a `<<-` heredoc loses.

Terraform's scanner cuts literal text of heredocs and template files at line ends, and a strip marker trims only the
piece next to it. Indentation is measured after that, over the pieces that then still begin a line. A piece of white
space and a line end does not count. A part that is not literal counts as no indentation. (Measured with Terraform 1.11;
the specification does not define it.)
"""

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from iacpolicy.hcl.ast import TemplatePart, Text, TextForm
from iacpolicy.hcl.shared.text import split_lines

Tag = TypeVar("Tag")


class TemplateRange(NamedTuple, Generic[Tag]):
    """A range of a template; literal text where `node` is None."""

    start: int
    end: int
    node: Tag | None
    strip_start: bool = False
    strip_end: bool = False


def pieces(
    text: str, row: Sequence[TemplateRange[Any]], form: TextForm, flush: bool
) -> dict[int, tuple[TemplatePart, ...]]:
    """Return the `Text` nodes of each literal range, by its start."""
    by_line = form in (TextForm.HEREDOC, TextForm.JSON)
    indent = _indentation(text, row) if flush else 0
    result: dict[int, tuple[TemplatePart, ...]] = {}
    at_line_start = True
    for text_range in row:
        if text_range.node is not None:
            at_line_start = False
            continue
        found: list[TemplatePart] = []
        for start, end, trim_start, trim_end in _cut(text, text_range, by_line):
            found.append(
                Text(
                    start=start,
                    end=end,
                    form=form,
                    indent=indent,
                    at_line_start=at_line_start and indent > 0,
                    trim_start=trim_start,
                    trim_end=trim_end,
                )
            )
            at_line_start = _trimmed(text, start, end, trim_start, trim_end).endswith("\n")
        result[text_range.start] = tuple(found)
    return result


def _cut(text: str, text_range: TemplateRange[Any], by_line: bool) -> list[tuple[int, int, bool, bool]]:
    """Cut a range so that each strip marker has a piece of its own: (start, end, trim start, trim end)."""
    start, end, _, strip_start, strip_end = text_range
    first_line = text.find("\n", start, end) + 1 if by_line and (strip_start or strip_end) else 0
    if not first_line or first_line == end:
        return [(start, end, strip_start, strip_end)]
    cuts: list[tuple[int, int, bool, bool]] = []
    if strip_start:
        cuts.append((start, first_line, True, False))
        start = first_line
    last_line = text.rfind("\n", start, end - 1) + 1 if strip_end else end
    last_line = max(last_line, start)
    if last_line > start:
        cuts.append((start, last_line, False, False))
    if last_line < end:
        cuts.append((last_line, end, False, strip_end))
    return cuts


def _trimmed(text: str, start: int, end: int, trim_start: bool, trim_end: bool) -> str:
    piece = text[start:end]
    if trim_start:
        piece = piece.lstrip()
    return piece.rstrip() if trim_end else piece


def _indentation(text: str, row: Sequence[TemplateRange[Any]]) -> int:
    least: int | None = None
    at_line_start = True
    for text_range in row:
        if text_range.node is not None:
            if at_line_start:
                return 0
            continue
        for start, end, trim_start, trim_end in _cut(text, text_range, True):
            for line in split_lines(_trimmed(text, start, end, trim_start, trim_end)) or [""]:
                if at_line_start:
                    content = line.lstrip()
                    if content or not line.endswith("\n"):
                        spaces = len(line) - len(content)
                        least = spaces if least is None else min(least, spaces)
                at_line_start = line.endswith("\n")
    return least or 0
