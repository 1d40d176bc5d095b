"""Patterns of paths as Go's `path.Match` reads them, which the Supabase CLI uses."""

import re
from collections.abc import Iterable
from functools import lru_cache


def matching(pattern: str, paths: Iterable[str]) -> list[str]:
    """The paths that a pattern matches, in their order; a pattern that is malformed matches none."""
    expression = _expression(pattern)
    return [path for path in paths if expression.fullmatch(path)] if expression is not None else []


@lru_cache(maxsize=256)
def _expression(pattern: str) -> re.Pattern[str] | None:
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            if parts[-1:] != ["[^/]*+"]:
                parts.append("[^/]*+" if at == len(pattern) else "[^/]*")
        elif char == "?":
            parts.append("[^/]")
        elif char == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                return None
            negated = pattern[at] == "^"
            inside = pattern[at + negated : end].replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
            parts.append(f"(?!/)[{'^' if negated else ''}{inside}]")
            at = end + 1
        else:
            if char == "\\" and at < len(pattern):
                char = pattern[at]
                at += 1
            parts.append(re.escape(char))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:
        return None
