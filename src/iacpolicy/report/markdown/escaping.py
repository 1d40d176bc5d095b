"""Escape untrusted text for Markdown, so that it has no markup, link or mention and does not end a table cell.

https://github.github.com/gfm/; GitHub finds mentions (`@name`), references (`#1`) and bare addresses after it removes
the markup, so only a character between their parts prevents them.
"""

import re

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.report.printable import printable

MAX_LENGTH = 500

_MARKUP = lazy_pattern(r"([\\`*_{}\[\]()+!|~^$#-])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ACTIVE = lazy_pattern(r"([@#:]|www)(?=[\w/.]|&)", re.IGNORECASE)
_GAP = "&#8203;"


def prose(text: str) -> str:
    """Return text for a table cell or a list item."""
    escaped = re.sub("[&<>]", lambda m: _ENTITIES[m.group()], _cut(text))
    escaped = _MARKUP.sub(r"\\\1", escaped)
    return _ACTIVE.sub(rf"\1{_GAP}", escaped)


def code(text: str) -> str:
    """Return text as a code span, in which only the delimiter and the bar of a table need an escape."""
    words = _cut(text)
    if not words.strip():
        return ""
    if "\\|" in words:
        return prose(text)  # in a table, no escape gives a bar behind a backslash inside a code span
    words = words.replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if words[0] in "` " or words[-1] in "` " else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def _cut(text: str) -> str:
    words = printable(text)
    return words if len(words) <= MAX_LENGTH else words[:MAX_LENGTH] + "…"
