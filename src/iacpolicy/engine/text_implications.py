"""Implications between conditions on strings: prefixes, suffixes, and patterns that list a few strings."""

import re
from collections.abc import Iterable

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.evaluate.values.terms import Apply, Constant, Term

# `^(dev|prod)$` and `^dev$`: only literal characters.
_LISTED = lazy_pattern(r"\^(?:([\w -]+)|\((?:\?:)?([\w -]+(?:\|[\w -]+)*)\))\$", re.ASCII)
_ENDS = ("startswith", "endswith")


def implied_text(atom: Term, answers: Iterable[tuple[Term, bool]]) -> bool | None:
    """Return the answer to `startswith(text, "…")` or `endswith(text, "…")` that earlier answers on the text imply."""
    parts = _parts(atom)
    if parts is None:
        return None
    operator, subject, end = parts
    for other, answer in answers:
        known = _parts(other)
        if known is None or known[:2] != (operator, subject):
            continue
        theirs = known[2]
        if answer and _has(theirs, end, operator):
            return True
        if answer and not _has(end, theirs, operator):
            return False
        if not answer and _has(end, theirs, operator):
            return False
    return None


def listed_by_pattern(atom: Apply) -> tuple[Term, frozenset[str]] | None:
    """Return the tested string and all strings that meet the condition, None if no pattern lists them.

    Such conditions are `can(regex("^(a|b)$", text))` and `length(regexall("^(a|b)$", text)) > 0`.
    """
    call = _call(atom)
    if call is None or len(call.operands) != 2:
        return None
    pattern, text = call.operands
    if not isinstance(pattern, Constant) or not isinstance(pattern.value, str) or isinstance(text, Constant):
        return None
    found = _LISTED.fullmatch(pattern.value)
    return None if found is None else (text, frozenset((found[1] or found[2]).split("|")))


def _call(atom: Apply) -> Apply | None:
    """Return the call of `regex` or `regexall` whose success is the condition."""
    match atom:
        case Apply(operator="can", operands=(Apply(operator="regex") as call,)):
            return call
        case Apply(
            operator=">",
            operands=(Apply(operator="length", operands=(Apply(operator="regexall") as call,)), Constant(text="0")),
        ):
            return call
    return None


def _parts(atom: Term) -> tuple[str, str, str] | None:
    if isinstance(atom, Apply) and atom.operator in _ENDS and len(atom.operands) == 2:
        subject, end = atom.operands
        if isinstance(end, Constant) and isinstance(end.value, str):
            return atom.operator, subject.key, end.value
    return None


def _has(text: str, end: str, operator: str) -> bool:
    return text.startswith(end) if operator == "startswith" else text.endswith(end)
