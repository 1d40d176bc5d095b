"""Colour by basic ANSI escapes, or no colour."""

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
    """Return a function that formats text in a named style; without colour it returns the text unchanged."""
    return _colored if color else _plain


def _colored(style: str, text: str) -> str:
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m"


def _plain(style: str, text: str) -> str:
    return text
