"""Regular expressions on RE2, which matches in time linear in the text.

Patterns from a scanned repository are compiled by RE2 and never by `re`, which may take exponential time.
"""

from functools import lru_cache
from typing import Any

MAX_PATTERN = 10_000


class PatternError(ValueError):
    """The pattern is refused; the text is RE2's reason, or the limit."""


@lru_cache(maxsize=4_096)
def linear_regex(pattern: str | bytes, *, ignores_case: bool = False, dot_matches_newline: bool = False) -> Any:
    """Return the pattern compiled by RE2; it has the methods of a compiled pattern of `re`.

    Raises:
        PatternError: RE2 refuses the pattern, it is longer than `MAX_PATTERN`, or it has `\\C`. `\\C` matches a part of
            a character, and Go refuses it.
    """
    import re2  # takes milliseconds to import, and many scans need none of it

    text = pattern.decode("utf-8", "replace") if isinstance(pattern, bytes) else pattern
    if len(text) > MAX_PATTERN:
        raise PatternError(f"a pattern may have at most {MAX_PATTERN} characters (limit: length of patterns)")
    if _matches_any_byte(text):
        raise PatternError("invalid escape sequence in \\C")
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignores_case
    options.dot_nl = dot_matches_newline
    try:
        return re2.compile(pattern, options=options)
    except re2.error as problem:
        reason = problem.args[0] if problem.args else ""
        raise PatternError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from None


def _matches_any_byte(pattern: str) -> bool:
    r"""Report whether a pattern has the escape `\C`, which RE2 accepts and Go does not."""
    position = pattern.find("\\")
    while position >= 0:
        following = pattern[position + 1 : position + 2]
        if following == "C":
            return True
        if following == "Q":
            end = pattern.find("\\E", position)
            position = end if end >= 0 else len(pattern)
        position = pattern.find("\\", position + 2)
    return False
