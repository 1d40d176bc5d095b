"""What a world's answers imply for other conditions.

Conditions are about subjects: terms such as `var.min` or `length(var.zones)`. Answers narrow a subject to an interval,
to one value, or to a finite set, or exclude values; a condition that these decide is not asked again. What no rule
here understands is a condition of its own, with one answer all through a world.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from iacpolicy.evaluate.numbers import Number
from iacpolicy.evaluate.terms import Apply, Constant, Term

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
MAX_DOMAIN = 64

Plain: TypeAlias = Any


@dataclass(slots=True)
class Knowledge:
    """What is known of one subject; `domain` is the finite set of values it can have, None where it is not finite."""

    low: Number | None = None
    low_open: bool = False
    high: Number | None = None
    high_open: bool = False
    domain: frozenset[Plain] | None = None
    excluded: frozenset[Plain] = frozenset()
    whole: bool = False

    def copy(self) -> "Knowledge":
        return Knowledge(self.low, self.low_open, self.high, self.high_open, self.domain, self.excluded, self.whole)


@dataclass(slots=True)
class Constraints:
    """The answers of one world so far: by condition, and by subject."""

    answers: dict[str, bool] = field(default_factory=dict)
    subjects: dict[str, Knowledge] = field(default_factory=dict)

    def copy(self) -> "Constraints":
        return Constraints(dict(self.answers), {k: v.copy() for k, v in self.subjects.items()})

    def implied(self, atom: Term) -> bool | None:
        """Whether the answers so far decide a condition that is no conjunction, disjunction or negation."""
        known = self.answers.get(atom.key)
        if known is not None:
            return known
        relation = relation_of(atom)
        if relation is None:
            return None
        subject, operator, value = relation
        knowledge = self.subjects.get(subject) or _from_nature(subject)
        return None if knowledge is None else _decided(knowledge, operator, value)

    def assume(self, atom: Term, answer: bool) -> bool:
        """Record an answer; False where it contradicts what is known."""
        implied = self.implied(atom)
        if implied is not None:
            return implied is answer
        self.answers[atom.key] = answer
        relation = relation_of(atom)
        if relation is None:
            return True
        subject, operator, value = relation
        knowledge = self.subjects.get(subject) or _from_nature(subject) or Knowledge()
        self.subjects[subject] = knowledge
        return _narrow(knowledge, operator if answer else _negated(operator), value)


Relation: TypeAlias = tuple[str, str, Plain]


def relation_of(atom: Term) -> Relation | None:
    """A condition as (subject, operator, constant), where it has that form.

    Operators are those of the language, and `in` and `not in` for `contains` of a constant list.
    """
    if not isinstance(atom, Apply):
        return (atom.key, "==", True)
    operands = atom.operands
    if atom.operator in _OPPOSITE and len(operands) == 2:
        left, right = operands
        if isinstance(right, Constant) and not isinstance(left, Constant):
            return (left.key, atom.operator, _plain(right.value))
        if isinstance(left, Constant) and not isinstance(right, Constant):
            return (right.key, _MIRRORED[atom.operator], _plain(left.value))
        return None
    if atom.operator == "contains" and len(operands) == 2:
        items, subject = operands
        if isinstance(items, Constant) and not isinstance(subject, Constant):
            members = _members(items.value)
            if members is not None:
                return (subject.key, "in", members)
        return None
    return None


def _members(value: Any) -> frozenset[Plain] | None:
    """The elements of a constant collection, from its content key."""
    match value:
        case (5, tuple() as elements):
            return frozenset(_plain(e[1]) for e in elements if e[0] in (1, 2, 3))
        case _:
            return None


def _plain(value: Any) -> Plain:
    """A constant as something hashable in which numbers and their texts are told apart."""
    return value


def _from_nature(subject: str) -> Knowledge | None:
    """What is known of a subject without any answer: a length is a whole number of 0 or more."""
    if subject.startswith("length("):
        return Knowledge(low=Number(0), whole=True)
    return None


def _negated(operator: str) -> str:
    return {"in": "not in", "not in": "in"}.get(operator) or _OPPOSITE[operator]


def _decided(knowledge: Knowledge, operator: str, value: Plain) -> bool | None:
    """Whether all values that the subject can still have give one answer."""
    if knowledge.domain is not None:
        answers = {_holds(candidate, operator, value) for candidate in knowledge.domain}
        answers.discard(None)
        return answers.pop() if len(answers) == 1 else None
    if operator in ("in", "not in"):
        if value <= knowledge.excluded:
            return operator == "not in"
        if isinstance(value, frozenset) and all(isinstance(v, Number) for v in value):
            inside = [v for v in value if _decided(knowledge, "==", v) is not False]
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


def _narrow(knowledge: Knowledge, operator: str, value: Plain) -> bool:
    """Take in one relation that holds; False where nothing is left."""
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
