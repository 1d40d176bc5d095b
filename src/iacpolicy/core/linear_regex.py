"""Regular expressions on RE2, which matches in time linear in the text.

Patterns out of a scanned repository are compiled here and never by `re`, whose matching may take exponential time.
"""

from functools import lru_cache
from typing import Any


class PatternError(ValueError):
    """A pattern that RE2 refuses; the text is RE2's reason."""


@lru_cache(maxsize=4_096)
def linear_regex(pattern: str | bytes, *, ignores_case: bool = False, dot_matches_newline: bool = False) -> Any:
    """Return the pattern compiled by RE2; it has the methods of a compiled pattern of `re`.

    Raises:
        PatternError: RE2 does not accept the pattern, or it is too large.
    """
    import re2  # takes milliseconds to import, and many scans need none of it

    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignores_case
    options.dot_nl = dot_matches_newline
    try:
        return re2.compile(pattern, options=options)
    except re2.error as problem:
        reason = problem.args[0] if problem.args else ""
        raise PatternError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)) from None
