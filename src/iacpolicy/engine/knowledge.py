"""Restrictions of the value of one subject: an interval, a finite set of values, or excluded values."""

from typing import Any, TypeAlias

import msgspec

from iacpolicy.evaluate.values.numbers import Number

Plain: TypeAlias = Any


class Knowledge(msgspec.Struct):
    """Restrictions of one subject; `domain` is its finite set of possible values, None if that is not finite.

    `whole` is set for a whole number.
    """

    low: Number | None = None
    low_open: bool = False
    high: Number | None = None
    high_open: bool = False
    domain: frozenset[Plain] | None = None
    excluded: frozenset[Plain] = frozenset()
    whole: bool = False

    def copy(self) -> "Knowledge":
        return Knowledge(self.low, self.low_open, self.high, self.high_open, self.domain, self.excluded, self.whole)


def of_a_length() -> Knowledge:
    """Return the restrictions of a length: a whole number of 0 or more."""
    return Knowledge(low=Number(0), whole=True)


NO_VALUE = object()


def only_value(knowledge: Knowledge) -> Plain:
    """Return the only value that a subject can still have, else `NO_VALUE`."""
    if knowledge.domain is not None:
        return next(iter(knowledge.domain)) if len(knowledge.domain) == 1 else NO_VALUE
    switches = [e for e in knowledge.excluded if isinstance(e, bool)]
    if len(switches) == 1:
        return not switches[0]
    if knowledge.low is not None and knowledge.low == knowledge.high:
        return knowledge.low
    return NO_VALUE


def relations(knowledge: Knowledge) -> list[tuple[str, Plain]]:
    """Return all restrictions of a subject as (operator, value)."""
    found: list[tuple[str, Plain]] = []
    if knowledge.domain is not None:
        found.append(("in", knowledge.domain))
    if knowledge.excluded:
        found.append(("not in", knowledge.excluded))
    if knowledge.low is not None:
        found.append((">" if knowledge.low_open else ">=", knowledge.low))
    if knowledge.high is not None:
        found.append(("<" if knowledge.high_open else "<=", knowledge.high))
    return found


def decided(knowledge: Knowledge, operator: str, value: Plain) -> bool | None:
    """Return the answer that all remaining values of the subject give, None if they differ."""
    if knowledge.domain is not None:
        answers = {_holds(candidate, operator, value) for candidate in knowledge.domain}
        answers.discard(None)
        return answers.pop() if len(answers) == 1 else None
    if operator in ("in", "not in"):
        if value <= knowledge.excluded:
            return operator == "not in"
        if isinstance(value, frozenset) and all(isinstance(v, Number) for v in value):
            inside = [v for v in value if decided(knowledge, "==", v) is not False]
            if not inside:
                return operator == "not in"
        return None
    if operator in ("==", "!="):
        if value in knowledge.excluded or (isinstance(value, Number) and _outside(knowledge, value)):
            return operator == "!="
        if isinstance(value, bool) and (not value) in knowledge.excluded:
            return operator == "=="
        return None
    if not isinstance(value, Number):
        return None
    return _by_interval(knowledge, operator, value)


def _by_interval(knowledge: Knowledge, operator: str, value: Number) -> bool | None:
    low, high = knowledge.low, knowledge.high
    if operator == "<":
        if high is not None and (high < value or (high == value and knowledge.high_open)):
            return True
        if low is not None and low >= value:
            return False
        return None
    if operator == "<=":
        if high is not None and high <= value:
            return True
        if low is not None and (low > value or (low == value and knowledge.low_open)):
            return False
        return None
    below = _by_interval(knowledge, "<=" if operator == ">" else "<", value)
    return None if below is None else not below


def _outside(knowledge: Knowledge, value: Number) -> bool:
    low, high = knowledge.low, knowledge.high
    if low is not None and (value < low or (value == low and knowledge.low_open)):
        return True
    return high is not None and (value > high or (value == high and knowledge.high_open))


def _holds(candidate: Plain, operator: str, value: Plain) -> bool | None:
    match operator:
        case "==":
            return type(candidate) is type(value) and bool(candidate == value)
        case "!=":
            return not (type(candidate) is type(value) and candidate == value)
        case "in":
            return candidate in value
        case "not in":
            return candidate not in value
    if not (isinstance(candidate, Number) and isinstance(value, Number)):
        return None
    return {"<": candidate < value, "<=": candidate <= value, ">": candidate > value, ">=": candidate >= value}[
        operator
    ]


def narrow(knowledge: Knowledge, operator: str, value: Plain) -> bool:
    """Add a relation that holds; return False if no value is left."""
    match operator:
        case "==":
            left = frozenset({value})
            if knowledge.domain is not None:
                left &= knowledge.domain
            elif value in knowledge.excluded or (isinstance(value, Number) and _outside(knowledge, value)):
                left = frozenset()
            knowledge.domain = left
        case "in":
            members = frozenset(value) if knowledge.domain is None else frozenset(value) & knowledge.domain
            members = frozenset(
                m
                for m in members
                if m not in knowledge.excluded and not (isinstance(m, Number) and _outside(knowledge, m))
            )
            knowledge.domain = members
        case "!=":
            knowledge.excluded |= {value}
        case "not in":
            knowledge.excluded |= frozenset(value)
        case _ if isinstance(value, Number):
            _bound(knowledge, operator, value)
    if knowledge.whole:
        _round(knowledge)
    if knowledge.domain is not None:
        knowledge.domain = frozenset(
            d
            for d in knowledge.domain
            if d not in knowledge.excluded and not (isinstance(d, Number) and _outside(knowledge, d))
        )
        return bool(knowledge.domain)
    if {True, False} <= {e for e in knowledge.excluded if isinstance(e, bool)}:
        return False
    low, high = knowledge.low, knowledge.high
    if low is not None and high is not None:
        if low > high or (low == high and (knowledge.low_open or knowledge.high_open)):
            return False
        if low == high and low in knowledge.excluded:
            return False
    return True


def _bound(knowledge: Knowledge, operator: str, value: Number) -> None:
    is_open = operator in ("<", ">")
    if operator in ("<", "<="):
        if knowledge.high is None or value < knowledge.high or (value == knowledge.high and is_open):
            knowledge.high, knowledge.high_open = value, is_open
    elif knowledge.low is None or value > knowledge.low or (value == knowledge.low and is_open):
        knowledge.low, knowledge.low_open = value, is_open


def _round(knowledge: Knowledge) -> None:
    """Move the bounds of a whole number to the next possible whole numbers: above 0 it is 1 or more."""
    one = Number(1)
    for _ in range(len(knowledge.excluded) + 2):
        low, high = knowledge.low, knowledge.high
        if low is not None and low.is_integer and (knowledge.low_open or low in knowledge.excluded):
            knowledge.low, knowledge.low_open = low + one, False
        if high is not None and high.is_integer and (knowledge.high_open or high in knowledge.excluded):
            knowledge.high, knowledge.high_open = high - one, False
