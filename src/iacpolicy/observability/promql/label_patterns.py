"""Regular expressions of label matchers as in Prometheus: RE2, anchored at both ends."""

import re
from functools import lru_cache
from typing import Any, Final

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.linear_regex import PatternError, linear_regex
from iacpolicy.observability.marks import ANY, MARK
from iacpolicy.observability.promql.parse import Matcher

_LIST: Final = lazy_pattern(r"[\w:/@ |-]*")
_IMPROBABLE: Final = "\uf8ff\uf8fe"


def matches(matcher: Matcher, text: str) -> bool:
    """Report whether a label's text matches the value of a matcher, without regard to negation.

    A variable of Grafana matches any text; an unknown part matches only itself.
    """
    if matcher.operator in ("=", "!="):
        if ANY not in matcher.value:
            return matcher.value == text
        return is_match(".*".join(re.escape(part) for part in matcher.value.split(ANY)), text)
    return is_match(matcher.value.replace(ANY, ".*"), text)


def is_open(matcher: Matcher) -> bool:
    """Report whether a matcher matches every value of its label."""
    return not MARK.fullmatch(matcher.value.replace(ANY, "")) and matches(matcher, _IMPROBABLE)


def is_match(pattern: str, text: str) -> bool:
    """Report whether a pattern matches a whole text; a pattern that RE2 refuses matches nothing."""
    listed = alternatives(pattern)
    if listed is not None:
        return text in listed
    compiled = _compiled(pattern)
    return compiled is not None and compiled.fullmatch(text) is not None


@lru_cache(maxsize=10_000)
def alternatives(pattern: str) -> frozenset[str] | None:
    """Return the texts of a pattern that is a plain list of texts, else None."""
    return frozenset(pattern.split("|")) if _LIST.fullmatch(pattern) else None


def _compiled(pattern: str) -> Any:
    try:
        return linear_regex(pattern, dot_matches_newline=True)
    except PatternError:
        return None
