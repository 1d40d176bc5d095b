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
    shown = _cut(text)
    if not shown.strip():
        return ""
    if "\\|" in shown:
        return prose(text)  # in a table, no escape gives a bar behind a backslash inside a code span
    shown = shown.replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _cut(text: str) -> str:
    shown = printable(text)
    return shown if len(shown) <= MAX_LENGTH else shown[:MAX_LENGTH] + "…"
