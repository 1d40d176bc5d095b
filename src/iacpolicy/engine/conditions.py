"""Conditions of possible findings in the user's words."""

from collections.abc import Iterable

from iacpolicy.engine.constraints import Constraints
from iacpolicy.engine.worlds import Decision
from iacpolicy.evaluate.terms import Apply, Cause, Leaf, Term, leaves, reasons

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def condition_text(decisions: Iterable[Decision]) -> str:
    """When a possible finding holds, and where the missing inputs would be said.

    For example: when `var.min < 1`; it has no value in workspace `production` (variables.tf:3). What holds of every
    instance that there may be says so: if any exist.
    """
    parts: list[str] = []
    existence: list[str] = []
    places: dict[str, None] = {}
    for decision in telling(decisions):
        exists = _is_existence(decision.atom)
        (existence if exists else parts).append(_phrase(decision))
        for leaf in leaves(decision.atom):
            for reason in leaf.reasons:
                place = f" ({reason.location})" if reason.location is not None else ""
                if reason.cause in (Cause.VARIABLE, Cause.EXISTENCE):
                    places.setdefault(f"{reason.text}{place}")
    clauses = ((word, " and ".join(dict.fromkeys(some))) for word, some in (("if", existence), ("when", parts)))
    text = ", ".join(f"{word} {clause}" for word, clause in clauses if clause)
    return f"{text}; {'; '.join(places)}" if places else text


def telling(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions without those that the others imply: of `not n < 1` and `n > 9`, the second says it all."""
    kept = list(decisions)
    for decision in list(kept):
        others = Constraints()
        consistent = all(others.assume(d.atom, d.answer) for d in kept if d is not decision)
        if consistent and others.implied(decision.atom) is decision.answer:
            kept.remove(decision)
    return kept


def _phrase(decision: Decision) -> str:
    atom = decision.atom
    if _is_existence(atom):
        return "any exist" if decision.answer else "none exist"
    if isinstance(atom, Apply) and atom.operator in _OPPOSITE:
        return f"`{atom.text}`" if decision.answer else f"`{atom.text}` is false"
    if isinstance(atom, Leaf) and " " in atom.text:
        return atom.text if decision.answer else f"not ({atom.text})"
    return f"`{atom.text}`" if decision.answer else f"`{atom.text}` is false"


def _is_existence(atom: Term) -> bool:
    return isinstance(atom, Leaf) and any(r.cause is Cause.EXISTENCE for r in reasons(atom))
