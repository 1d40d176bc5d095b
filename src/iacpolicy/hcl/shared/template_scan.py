"""Finds the interpolations and the tags of directives in bare template text, without parsing what is in them."""

from collections.abc import Iterator
from typing import Final

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.hcl.shared.lexing import STRING_STEP

_INTRODUCER: Final = lazy_pattern(r"\$\$+\{|%%+\{|[$%]\{")
_CODE_STEP: Final = lazy_pattern(r'[^"{}]+|["{}]')


def tags(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Return the ranges of each `${ }` and `%{ }`; an unclosed one extends to the end."""
    at = start
    while found := _INTRODUCER.search(text, at, end):
        at = found.end()
        if at - found.start() == 2:
            at = _closing(text, at, end)
            yield found.start(), at


def _closing(text: str, at: int, end: int) -> int:
    """Return the offset after the brace that closes the code at an offset."""
    # What is open: code up to a brace, or a quoted string up to its quote.
    opened = ["}"]
    while opened and at < end:
        in_string = opened[-1] == '"'
        step = (STRING_STEP if in_string else _CODE_STEP).match(text, at, end)
        if step is None:
            return end
        at = step.end()
        mark = step[0]
        if mark == opened[-1]:
            opened.pop()
        elif in_string:
            if mark in ("${", "%{"):
                opened.append("}")
        elif mark in ('"', "{"):
            opened.append('"' if mark == '"' else "}")
    return at
