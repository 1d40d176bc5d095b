"""Known prefix, suffix and length of an unknown string.

They are read from the term: `"prefix-${x}"` is never empty, for every `x`.

"""

from typing import Any
from unicodedata import combining

from iacpolicy.evaluate.values.numbers import Number, from_int
from iacpolicy.evaluate.values.terms import Apply, Constant, Term
from iacpolicy.terraform.function_facts import KnownText, facts_of

MAX_DEPTH = 8
_LIST = 5  # the rank of a list in content keys; the rank of an object is one more


def have_other_text(left: Term, right: Term) -> bool:
    """Report that two strings cannot be equal because their known prefixes or suffixes differ."""
    return _differ(left, right) or _differ(right, left)


def _differ(left: Term, right: Term) -> bool:
    a, b = known_prefix(left), known_prefix(right)
    shared = min(len(a), len(b))
    y, z = known_suffix(left), known_suffix(right)
    end = min(len(y), len(z))
    if a[:shared] != b[:shared] or y[len(y) - end :] != z[len(z) - end :]:
        return True
    if not isinstance(left, Constant) or not isinstance(left.value, str):
        return False
    return len(left.value) < max(len(b), len(z)) or (not left.value and _is_never_empty(right))


def _is_never_empty(term: Term) -> bool:
    """Report whether a part of a string is known, even if adjacent characters may combine with it."""
    if not isinstance(term, Apply) or term.operator != "template":
        return False
    return any(isinstance(o, Constant) and o.value != "" for o in term.operands)


def known_prefix(term: Term, depth: int = 0) -> str:
    """Return the known prefix of a string, empty if it is unknown."""
    if isinstance(term, Constant):
        return term.value if isinstance(term.value, str) else ""
    if not isinstance(term, Apply) or depth > MAX_DEPTH:
        return ""
    if term.operator == "template":
        return _before_open(known_prefix(term.operands[0], depth + 1))
    if term.operator == "?:":
        return _common(*(known_prefix(o, depth + 1) for o in term.operands[1:]))
    match _known_text(term):
        case KnownText.SAME:
            return known_prefix(term.operands[0], depth + 1)
        case KnownText.FORMAT:
            first = term.operands[0]
            text = first.value if isinstance(first, Constant) and isinstance(first.value, str) else ""
            return _before_open(text.partition("%")[0])
        case KnownText.JSON:
            return _bracket(term.operands[0], '[{"')
        case KnownText.NONE:
            return ""


def known_suffix(term: Term, depth: int = 0) -> str:
    """Return the known suffix of a string, empty if it is unknown."""
    if isinstance(term, Constant):
        return term.value if isinstance(term.value, str) else ""
    if not isinstance(term, Apply) or depth > MAX_DEPTH:
        return ""
    if term.operator == "template":
        return _after_open(known_suffix(term.operands[-1], depth + 1))
    if term.operator == "?:":
        return _common(*(known_suffix(o, depth + 1)[::-1] for o in term.operands[1:]))[::-1]
    match _known_text(term):
        case KnownText.SAME:
            return known_suffix(term.operands[0], depth + 1)
        case KnownText.JSON:
            return _bracket(term.operands[0], ']}"')
        case KnownText.FORMAT | KnownText.NONE:
            return ""


def _known_text(call: Apply) -> KnownText:
    facts = facts_of(call.operator)
    return facts.known_text if facts is not None and call.operands else KnownText.NONE


def is_beyond(term: Term, symbol: str, number: Number) -> bool | None:
    """Return the answer to `term symbol number` that the bounds of a length imply, None if they imply none."""
    if not isinstance(term, Apply) or term.operator != "length":
        return None
    low, high = _length_bounds(term.operands[0])
    least, most = from_int(low), None if high is None else from_int(high)
    above, below = least > number, most is not None and most < number
    if symbol in ("<", ">="):
        above = least >= number
    if symbol in ("<=", ">"):
        below = most is not None and most <= number
    if not (above or below):
        return None
    return {"==": False, ">": above, ">=": above, "<": below, "<=": below}[symbol]


def _length_bounds(term: Term) -> tuple[int, int | None]:
    if known_prefix(term) or known_suffix(term) or _is_never_empty(term):
        return 1, None
    rank, content = _content(term)
    return (min(1, len(content)), len(content)) if rank == _LIST else (0, None)


def _content(term: Term) -> tuple[int, Any]:
    """Return the rank and the elements of a collection that is partly known."""
    if isinstance(term, Apply) and term.operator == "parts":
        term = term.operands[-1]
    if isinstance(term, Constant) and isinstance(term.value, tuple):
        return term.value[0], term.value[1]
    return 0, ()


def _bracket(term: Term, brackets: str) -> str:
    """Return the first or last character of a value in JSON: of a list, an object or a string."""
    if isinstance(term, Apply) and term.operator == "template":
        return brackets[2]
    rank, _ = _content(term)
    return brackets[rank - _LIST] if rank in (_LIST, _LIST + 1) else ""


def _before_open(text: str) -> str:
    """Return a known prefix without the characters that the next one may combine with in Unicode NFC."""
    if not text or (text[-1].isascii() and not text[-1].isalpha() and text[-1] not in "<=>"):
        return text
    end = len(text) - 1
    while end and combining(text[end]):
        end -= 1
    return text[:end]


def _after_open(text: str) -> str:
    """Return a known suffix without the characters that the previous one may combine with."""
    start = 0
    while start < len(text) and not text[start].isascii():
        start += 1
    return text[start:]


def _common(left: str, right: str) -> str:
    """Return the common prefix of two strings."""
    end = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    return left[:end]
