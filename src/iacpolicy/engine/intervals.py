"""Intervals of numbers, computed from the intervals of their operands: `var.n + 1` where `var.n` is 0 or more."""

from collections.abc import Callable
from typing import NamedTuple

from iacpolicy.engine.knowledge import Knowledge
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import Apply, Constant, Term

MAX_DEPTH = 6


class Bound(NamedTuple):
    """One end of an interval; `is_open` is set if the interval excludes the number itself."""

    at: Number
    is_open: bool = False


class Interval(NamedTuple):
    """An interval; an end is None if it is unbounded there."""

    low: Bound | None = None
    high: Bound | None = None

    @property
    def knowledge(self) -> Knowledge:
        """Return the interval as restrictions of a subject."""
        low, high = self.low, self.high
        return Knowledge(
            low=low.at if low is not None else None,
            low_open=low is not None and low.is_open,
            high=high.at if high is not None else None,
            high_open=high is not None and high.is_open,
        )


EVERYTHING = Interval()
Known = Callable[[Term], Interval]


def of_knowledge(knowledge: Knowledge | None) -> Interval:
    """Return the interval that the restrictions of a subject allow."""
    if knowledge is None:
        return EVERYTHING
    if knowledge.domain is not None:
        numbers = [d for d in knowledge.domain if isinstance(d, Number)]
        if not numbers or len(numbers) != len(knowledge.domain):
            return EVERYTHING
        return Interval(Bound(min(numbers)), Bound(max(numbers)))
    low = Bound(knowledge.low, knowledge.low_open) if knowledge.low is not None else None
    return Interval(low, Bound(knowledge.high, knowledge.high_open) if knowledge.high is not None else None)


def both(one: Interval, two: Interval) -> Interval:
    """Return the intersection of two intervals."""
    return Interval(_tighter(one.low, two.low, is_low=True), _tighter(one.high, two.high, is_low=False))


def interval_of(term: Term, known: Known, depth: int = 0) -> Interval:
    """Return the interval of a term; `known` returns the interval of a single subject."""
    if isinstance(term, Constant):
        is_number = isinstance(term.value, Number) and not term.value.is_infinite
        return Interval(Bound(term.value), Bound(term.value)) if is_number else EVERYTHING  # type: ignore[arg-type]
    own = known(term)
    if not isinstance(term, Apply) or depth >= MAX_DEPTH:
        return own
    parts = [interval_of(operand, known, depth + 1) for operand in term.operands]
    return both(own, _made(term.operator, parts))


def _made(operator: str, parts: list[Interval]) -> Interval:
    match operator, parts:
        case "+", [one, two]:
            return Interval(_sum(one.low, two.low), _sum(one.high, two.high))
        case "-", [one, two]:
            return _made("+", [one, _negated(two)])
        case "neg", [one]:
            return _negated(one)
        case "*", [one, two]:
            factor, other = (one, two) if one.low is not None and one.low == one.high else (two, one)
            return _times(other, factor.low.at) if factor.low is not None and factor.low == factor.high else EVERYTHING
        case (("max" | "min"), [_, *_]):
            return _chosen(parts, is_max=operator == "max")
        case "abs", [one]:
            if one.low is not None and one.low.at >= Number(0):
                return one
            return Interval(Bound(Number(0)))
        case "tonumber", [one]:
            return one
    return EVERYTHING


def _chosen(parts: list[Interval], *, is_max: bool) -> Interval:
    """Return the interval of the greatest or the least of several numbers."""
    lows, highs = [p.low for p in parts], [p.high for p in parts]
    low = high = None
    for bound in lows if is_max else highs:
        if is_max:
            low = _tighter(low, bound, is_low=True)
        else:
            high = _tighter(high, bound, is_low=False)
    if is_max and all(b is not None for b in highs):
        high = max((b for b in highs if b is not None), key=lambda b: (b.at, not b.is_open))
    if not is_max and all(b is not None for b in lows):
        low = min((b for b in lows if b is not None), key=lambda b: (b.at, b.is_open))
    return Interval(low, high)


def _sum(one: Bound | None, two: Bound | None) -> Bound | None:
    return Bound(one.at + two.at, one.is_open or two.is_open) if one is not None and two is not None else None


def _negated(one: Interval) -> Interval:
    low, high = one.low, one.high
    return Interval(
        Bound(-high.at, high.is_open) if high is not None else None,
        Bound(-low.at, low.is_open) if low is not None else None,
    )


def _times(one: Interval, factor: Number) -> Interval:
    if factor == Number(0):
        return Interval(Bound(factor), Bound(factor))
    low, high = one if factor > Number(0) else (one.high, one.low)
    return Interval(
        Bound(low.at * factor, low.is_open) if low is not None else None,
        Bound(high.at * factor, high.is_open) if high is not None else None,
    )


def _tighter(one: Bound | None, two: Bound | None, *, is_low: bool) -> Bound | None:
    if one is None or two is None:
        return one if two is None else two
    if one.at == two.at:
        return Bound(one.at, one.is_open or two.is_open)
    return one if (one.at > two.at) is is_low else two
