"""What a world's answers imply for other conditions.

Conditions are about subjects: terms such as `var.min` or `length(var.zones)`. Answers narrow a subject to an interval,
to one value, or to a finite set, or exclude values; a condition that these decide is not asked again. What no rule
here understands is a condition of its own, with one answer all through a world.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from iacpolicy.engine.knowledge import NO_VALUE, Knowledge, Plain, decided, from_nature, narrow, only_value, relations
from iacpolicy.engine.pairs import Equalities, Pair, pair_of
from iacpolicy.evaluate.terms import Apply, Constant, Term

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(slots=True)
class Constraints:
    """The answers of one world so far: by condition, and by subject."""

    answers: dict[str, bool] = field(default_factory=dict)
    subjects: dict[str, Knowledge] = field(default_factory=dict)
    equalities: Equalities = field(default_factory=Equalities)

    def copy(self) -> "Constraints":
        subjects = {k: v.copy() for k, v in self.subjects.items()}
        return Constraints(dict(self.answers), subjects, self.equalities.copy())

    def implied(self, atom: Term) -> bool | None:
        """Whether the answers so far decide a condition that is no conjunction, disjunction or negation."""
        known = self.answers.get(atom.key)
        if known is not None:
            return known
        relation = relation_of(atom)
        if relation is not None:
            subject, operator, value = relation
            knowledge = self._known(self.equalities.name(subject))
            return None if knowledge is None else decided(knowledge, operator, value)
        pair = pair_of(atom)
        if pair is None:
            return None
        holds = self.answers.get(pair.key)
        if holds is None:
            holds = self._compared(pair)
        return None if holds is None else holds is not pair.is_negated

    def assume(self, atom: Term, answer: bool) -> bool:
        """Record an answer; False where it contradicts what is known."""
        implied = self.implied(atom)
        if implied is not None:
            return implied is answer
        self.answers[atom.key] = answer
        relation = relation_of(atom)
        if relation is not None:
            subject, operator, value = relation
            name = self.equalities.name(subject)
            return self._narrowed(name, operator if answer else _negated(operator), value)
        pair = pair_of(atom)
        if pair is None:
            return True
        holds = answer is not pair.is_negated
        self.answers[pair.key] = holds
        return pair.operator != "==" or self._related(pair, holds)

    def _known(self, name: str) -> Knowledge | None:
        return self.subjects.get(name) or from_nature(name)

    def _narrowed(self, name: str, operator: str, value: Plain) -> bool:
        """Take in a relation to a constant, and what it says of the subjects that are known to differ."""
        knowledge = self.subjects.setdefault(name, self._known(name) or Knowledge())
        before = only_value(knowledge)
        if not narrow(knowledge, operator, value):
            return False
        after = only_value(knowledge)
        if after is NO_VALUE or after == before:
            return True
        return all(self._narrowed(other, "!=", after) for other in self.equalities.partners(name))

    def _compared(self, pair: Pair) -> bool | None:
        """What is known of two subjects by what is known of each."""
        one, two = self.equalities.name(pair.left), self.equalities.name(pair.right)
        if one == two:
            return pair.operator == "=="
        if pair.operator == "==" and self.equalities.differ(one, two):
            return False
        first, second = self._known(one), self._known(two)
        if first is None or second is None:
            return None
        value = only_value(second)
        if value is not NO_VALUE:
            return decided(first, pair.operator, value)
        value = only_value(first)
        if value is not NO_VALUE:
            return decided(second, _MIRRORED[pair.operator], value)
        return None

    def _related(self, pair: Pair, are_same: bool) -> bool:
        """Take in that two subjects are the same, or that they are not."""
        one, two = self.equalities.name(pair.left), self.equalities.name(pair.right)
        if not are_same:
            self.equalities.part(one, two)
            pairs = ((self._known(one), two), (self._known(two), one))
            values = [(only_value(k) if k is not None else NO_VALUE, name) for k, name in pairs]
            return all(value is NO_VALUE or self._narrowed(name, "!=", value) for value, name in values)
        second = self._known(two)
        self.equalities.join(one, two)
        self.subjects.pop(two, None)
        return second is None or all(self._narrowed(one, operator, value) for operator, value in relations(second))


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


def _negated(operator: str) -> str:
    return {"in": "not in", "not in": "in"}.get(operator) or _OPPOSITE[operator]
