"""Texts of the conditions of possible findings."""

from collections.abc import Iterable, Sequence

from iacpolicy.engine.constraints import Constraints
from iacpolicy.engine.worlds import Decision
from iacpolicy.evaluate.values.terms import Apply, Cause, Symbol, Term, reasons, symbols

MAX_PATHS = 3
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def condition_text(paths: Sequence[Sequence[Decision]]) -> str:
    """Return when a possible finding occurs, and where the missing inputs are declared.

    For example: when `var.min < 1`; it has no value in workspace `production` (variables.tf:3). A condition on symbolic
    instances begins with "if any exist". Alternative paths are joined by "or".
    """
    texts: dict[str, None] = {}
    places: dict[str, None] = {}
    distinct = _without_implied_paths([without_implied(path) for path in paths])
    for path in distinct[:MAX_PATHS]:
        texts.setdefault(_clauses(path))
        for one in (one for decision in path for one in symbols(decision.atom)):
            for reason in one.reasons:
                place = f" ({reason.location})" if reason.location is not None else ""
                if reason.cause in (Cause.VARIABLE, Cause.EXISTENCE):
                    places.setdefault(f"{reason.text}{place}")
    text = " or ".join(_without_repeated_words(list(texts)))
    if len(distinct) > MAX_PATHS:
        text += ", or under other conditions"
    return f"{text}; {'; '.join(places)}" if places else text


def _without_implied_paths(paths: list[list[Decision]]) -> list[list[Decision]]:
    """Return the paths without those that imply another one: `n == 0` implies `n < 7`, so only the second is kept."""
    kept = list(paths)
    for path in paths:
        known = Constraints()
        if all(known.assume(d.atom, d.answer) for d in path) and any(
            all(known.implied(d.atom) is d.answer for d in other) for other in kept if other is not path
        ):
            kept.remove(path)
    return kept


def _clauses(decisions: Iterable[Decision]) -> str:
    parts: list[str] = []
    existence: list[str] = []
    for decision in decisions:
        (existence if _is_existence(decision.atom) else parts).append(_phrase(decision))
    clauses = ((word, " and ".join(dict.fromkeys(some))) for word, some in (("if", existence), ("when", parts)))
    return ", ".join(f"{word} {clause}" for word, clause in clauses if clause)


def _without_repeated_words(texts: list[str]) -> list[str]:
    """Return `when a`, `when b` as `when a`, `b`."""
    return texts[:1] + [text.removeprefix("when ") if texts[0].startswith("when ") else text for text in texts[1:]]


def without_implied(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions without those that others imply: `n > 9` implies `not n < 1`, so only the first is kept."""
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
