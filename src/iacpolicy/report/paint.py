"""Colour by ANSI's basic escapes, or none."""

from collections.abc import Callable

Paint = Callable[[str, str], str]

_CODES = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "error": "1;31",
    "warning": "33",
    "note": "36",
    "undecided": "35",
    "path": "1",
    "mark": "1;31",
    "dim": "2",
    "good": "32",
}


def painter(color: bool) -> Paint:
    """A function that puts a text in the style of a name; without colour it gives the text as it is."""
    return _colored if color else _plain


def _colored(style: str, text: str) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def _plain(style: str, text: str) -> str:
    return text
