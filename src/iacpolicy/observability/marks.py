"""Strings with unknown parts, as text with a mark for each of them.

Equal unknowns have equal marks, so a service's name and a matcher of the same parts have the same text. A mark consists
of characters that PromQL has only in strings.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.terms import Apply, Constant, Term
from iacpolicy.evaluate.values.value import Value

OPEN: Final = "\ue000"
CLOSE: Final = "\ue001"
MARK: Final = lazy_pattern(f"{OPEN}([0-9a-f]*){CLOSE}")
ANY: Final = OPEN + CLOSE
"""The mark of a variable of Grafana, whose value the viewer of the dashboard chooses."""


def marked(value: Value) -> tuple[str, Mapping[str, Term]]:
    """Return a string as text with marks, and the term of each mark."""
    if isinstance(value.data, str):
        return cleaned(value.data), {}
    parts: dict[str, Term] = {}
    return "".join(_piece(term, parts) for term in _pieces(term_of(value))), parts


def cleaned(text: str) -> str:
    """Return a text without characters that could be confused with marks."""
    return text.replace(OPEN, "").replace(CLOSE, "") if OPEN in text or CLOSE in text else text


def has_unknown(text: str) -> bool:
    """Report whether a part of a text is unknown; variables of Grafana do not count."""
    return any(found[1] for found in MARK.finditer(text))


def _pieces(term: Term) -> list[Term]:
    """Yield the parts of a string, with the parts of nested templates."""
    found: list[Term] = []
    pending = [term]
    while pending:
        current = pending.pop()
        if isinstance(current, Apply) and current.operator == "template":
            pending.extend(reversed(current.operands))
        else:
            found.append(current)
    return found


def _piece(term: Term, parts: dict[str, Term]) -> str:
    if isinstance(term, Constant):
        return cleaned(term.value) if isinstance(term.value, str) else term.text
    mark = OPEN + hashlib.sha256(term.key.encode()).hexdigest()[:16] + CLOSE
    parts[mark] = term
    return mark
