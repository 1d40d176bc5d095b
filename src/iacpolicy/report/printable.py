"""Make untrusted text safe for terminals, logs and readers.

Control characters move cursors and hide text. Bidirectional overrides show a line in a different order
(https://www.unicode.org/reports/tr36/). Some CI runners execute `##[…]` or `##vso[…]` anywhere in a line.
"""

import re
from unicodedata import combining, east_asian_width

from iacpolicy.core.lazy_regex import lazy_pattern

_HARMFUL = lazy_pattern(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_COMMAND = lazy_pattern(r"##(?=\[|vso\[|teamcity\[)", re.IGNORECASE)
_COMMAND_LINE = lazy_pattern(r"^([ \t]*(?:\x1b\[[0-9;]*m)?):(?=:)", re.MULTILINE)
_NAMES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
MAX_LENGTH = 4_000


def printable(text: str) -> str:
    """Return the text on one line, with every harmful character as an escape; text over `MAX_LENGTH` is cut."""
    if len(text) > MAX_LENGTH:
        text = f"{text[:MAX_LENGTH]}… ({len(text) - MAX_LENGTH} more characters)"
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    return _COMMAND.sub("# #", _HARMFUL.sub(_spell, text))


def without_commands(text: str) -> str:
    """Return a report in which no line begins with `::`, which GitHub's runner would execute as a command."""
    return _COMMAND_LINE.sub(r"\1: ", text)


def when(condition: str) -> str:
    """Return a condition that begins with `when` or `if`."""
    text = printable(condition)
    return text if text.startswith(("when ", "if ")) else f"when {text}"


def whole_line(text: str) -> str:
    """Return a source line for an excerpt, printable, with each tab as one space so that columns stay aligned."""
    return printable(text.replace("\t", " "))


def width(text: str) -> int:
    """Return the number of terminal columns that the text fills."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _spell(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    if character in _NAMES:
        return _NAMES[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
