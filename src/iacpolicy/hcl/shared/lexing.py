"""Tokens that help to find the cause of a syntax error."""

import re
from typing import Final

from iacpolicy.core.lazy_regex import lazy_pattern

HEREDOC_START: Final = lazy_pattern(r"<<-?([A-Za-z_][\w-]*)\r?\n", re.ASCII)
COMMENT: Final = lazy_pattern(r"(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
STRING_STEP: Final = lazy_pattern(r'[^"\\$%\n]+|\\.|\$\{|%\{|["$%\n]', re.DOTALL)
ESCAPE: Final = lazy_pattern(r'\\(?:[nrt"\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})')


def heredoc_end(text: str, opening: re.Match[str], end: int) -> int | None:
    """Return the end of a heredoc's end marker, without its line end; None without a marker."""
    marker = re.compile(rf"^[ \t]*{re.escape(opening[1])}[ \t\r]*$(?=\n)", re.MULTILINE)
    found = marker.search(text, opening.end(), end)
    return found.end() if found else None
