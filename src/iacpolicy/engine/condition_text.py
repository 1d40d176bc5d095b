"""Conditions of possible findings in the user's words."""

from collections.abc import Iterable, Sequence

from iacpolicy.engine.constraints import Constraints
from iacpolicy.engine.worlds import Decision
from iacpolicy.evaluate.values.terms import Apply, Cause, Symbol, Term, reasons, symbols

MAX_PATHS = 3
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def condition_text(ways: Sequence[Sequence[Decision]]) -> str:
    """When a possible finding holds, and where the missing inputs would be said.

    For example: when `var.min < 1`; it has no value in workspace `production` (variables.tf:3). What holds of every
    instance that there may be says so: if any exist. Each way is one of several that are joined by "or".
    """
    texts: dict[str, None] = {}
    places: dict[str, None] = {}
    ways = _widest([without_implied(way) for way in ways])
    for told in ways[:MAX_PATHS]:
        texts.setdefault(_clauses(told))
        for leaf in (leaf for decision in told for leaf in symbols(decision.atom)):
            for reason in leaf.reasons:
                place = f" ({reason.location})" if reason.location is not None else ""
                if reason.cause in (Cause.VARIABLE, Cause.EXISTENCE):
                    places.setdefault(f"{reason.text}{place}")
    text = " or ".join(_without_repeated_words(list(texts)))
    if len(ways) > MAX_PATHS:
        text += ", and in other ways"
    return f"{text}; {'; '.join(places)}" if places else text


def _widest(ways: list[list[Decision]]) -> list[list[Decision]]:
    """The ways without those that go along another: of `n == 0` and `n < 7`, the second says it all."""
    kept = list(ways)
    for way in ways:
        known = Constraints()
        if all(known.assume(d.atom, d.answer) for d in way) and any(
            all(known.implied(d.atom) is d.answer for d in other) for other in kept if other is not way
        ):
            kept.remove(way)
    return kept


def _clauses(decisions: Iterable[Decision]) -> str:
    parts: list[str] = []
    existence: list[str] = []
    for decision in decisions:
        (existence if _is_existence(decision.atom) else parts).append(_phrase(decision))
    clauses = ((word, " and ".join(dict.fromkeys(some))) for word, some in (("if", existence), ("when", parts)))
    return ", ".join(f"{word} {clause}" for word, clause in clauses if clause)


def _without_repeated_words(texts: list[str]) -> list[str]:
    """`when a`, `when b` as `when a`, `b`."""
    return texts[:1] + [text.removeprefix("when ") if texts[0].startswith("when ") else text for text in texts[1:]]


def without_implied(decisions: Iterable[Decision]) -> list[Decision]:
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
    if isinstance(atom, Symbol) and " " in atom.text:
        return atom.text if decision.answer else f"not ({atom.text})"
    return f"`{atom.text}`" if decision.answer else f"`{atom.text}` is false"


def _is_existence(atom: Term) -> bool:
    return isinstance(atom, Symbol) and any(r.cause is Cause.EXISTENCE for r in reasons(atom))
