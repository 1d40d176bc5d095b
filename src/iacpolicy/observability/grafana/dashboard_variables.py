"""Grafana's variables in PromQL, and their replacement before parsing.

https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/
"""

import re
from collections.abc import Iterator
from typing import Final

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.observability.marks import ANY, MARK, OPEN
from iacpolicy.observability.monitors import ReplacedVariables

_VARIABLE: Final = lazy_pattern(
    r"\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(?:\.[\w.]+)?(?::[^{}]*)?\}|\[\[([A-Za-z_]\w*)(?::\w+)?\]\]"
)
_STOPS: Final = lazy_pattern(r"[\"'`\[\]#$\ue000]")
_IN_LABELS: Final = lazy_pattern(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\Z", re.IGNORECASE)
_IS_CALLED: Final = lazy_pattern(r"\s*\(|\s+(?:by|without)\b", re.IGNORECASE)
_UNIT: Final = lazy_pattern(r"(?:ms|[smhdwy])\b")
# A variable outside strings and durations may be a number, a name or an operator; each of them is tried.
_STAND_INS: Final = ("1", "x", "sum")


def candidates(text: str, variables: ReplacedVariables) -> Iterator[str]:
    """Return the possible texts of a query, most likely first; only one without a variable."""
    seen: set[str] = set()
    for stand_in in _STAND_INS:
        found = _replaced(text, variables, stand_in)
        if found in seen:
            return
        seen.add(found)
        yield found


def names(text: str) -> Iterator[str]:
    """Yield the names of the variables in a text."""
    for found in _VARIABLE.finditer(text):
        yield found[1] or found[2] or found[3]


def _replaced(text: str, variables: ReplacedVariables, stand_in: str) -> str:
    """Return a text with variables and unknown parts replaced; inside strings they stay as marks."""
    out: list[str] = []
    at = 0
    quote = ""
    depth = 0
    while True:
        stop = _STOPS.search(text, at)
        if stop is None:
            out.append(text[at:])
            return "".join(out)
        out.append(text[at : stop.start()])
        here = stop.start()
        found = _part(text, here, variables)
        if found is not None:
            if quote:
                out.append(found[0] if found[0].startswith(OPEN) else ANY)
            else:
                out.append(_outside(text, found, depth > 0, stand_in))
            at = found.end()
            continue
        sign = text[here]
        at = here + 1
        if quote:
            if sign == quote and not _is_escaped(text, here, quote):
                quote = ""
        elif sign in "\"'`":
            quote = sign
        elif sign == "#":
            end = text.find("\n", here)
            at = len(text) if end < 0 else end
        elif sign in "[]":
            depth += 1 if sign == "[" else -1
        out.append(text[here:at])


def _part(text: str, at: int, variables: ReplacedVariables) -> re.Match[str] | None:
    """Return the variable or the unknown part that begins at an offset."""
    mark = MARK.match(text, at)
    if mark is not None:
        return mark
    if variables is ReplacedVariables.NONE:
        return None
    found = _VARIABLE.match(text, at)
    if found is None or variables is ReplacedVariables.ALL:
        return found
    name = found[1] or found[2] or found[3]
    return found if name.startswith("__") else None


def _outside(text: str, found: re.Match[str], in_range: bool, stand_in: str) -> str:
    """Return the replacement of a part outside strings."""
    end = found.end()
    if in_range:
        return "5" if _UNIT.match(text, end) else "5m"
    before, after = text[found.start() - 1 : found.start()], text[end : end + 1]
    if re.match(r"[\w:]", before) or re.match(r"[A-Za-z_:{\[]", after):
        return "x"
    if _IN_LABELS.search(text, max(0, found.start() - 200), found.start()):
        return "x"
    return "sum" if _IS_CALLED.match(text, end) else stand_in


def _is_escaped(text: str, at: int, quote: str) -> bool:
    """Report whether the quote at an offset is escaped and belongs to the string; a backtick never does."""
    if quote == "`":
        return False
    backslashes = 0
    while at > backslashes and text[at - 1 - backslashes] == "\\":
        backslashes += 1
    return backslashes % 2 == 1
