"""Implications of the answers in one world for other conditions.

Conditions restrict subjects: terms such as `var.min` or `length(var.zones)`. Answers narrow a subject to an interval,
to one value or to a finite set, or exclude values. A condition that follows from them is not asked again. Any other
condition keeps one answer in the whole world.
"""

from itertools import islice, product
from math import prod
from typing import Any, TypeAlias

import msgspec

from iacpolicy.engine.intervals import EVERYTHING, Interval, both, interval_of, of_knowledge
from iacpolicy.engine.knowledge import NO_VALUE, Knowledge, Plain, decided, narrow, of_a_length, only_value, relations
from iacpolicy.engine.pairs import Equalities, Orders, Pair, pair_of
from iacpolicy.engine.text_implications import implied_text, listed_by_pattern
from iacpolicy.engine.trial_values import subjects, truth
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.term_queries import is_length
from iacpolicy.evaluate.values.terms import Apply, Constant, Symbol, Term, symbols

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MAX_TRIED = 64
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class Constraints(msgspec.Struct):
    """The answers of one world so far, by condition and by subject.

    `on_fact` has the answered conditions on each missing fact. `lengths` has the keys of subjects that are lengths; all
    copies share it.
    """

    answers: dict[str, bool] = msgspec.field(default_factory=dict)
    subjects: dict[str, Knowledge] = msgspec.field(default_factory=dict)
    equalities: Equalities = msgspec.field(default_factory=Equalities)
    orders: Orders = msgspec.field(default_factory=Orders)
    on_fact: dict[str, tuple[tuple[Term, bool], ...]] = msgspec.field(default_factory=dict)
    lengths: set[str] = msgspec.field(default_factory=set)

    def copy(self) -> "Constraints":
        known = {k: v.copy() for k, v in self.subjects.items()}
        return Constraints(
            dict(self.answers), known, self.equalities.copy(), self.orders.copy(), dict(self.on_fact), self.lengths
        )

    def implied(self, atom: Term) -> bool | None:
        """Return the answer to a simple condition that the answers so far imply, None if they imply none."""
        known = self.answers.get(atom.key)
        if known is not None:
            return known
        relation = relation_of(atom)
        if relation is not None:
            subject, operator, value = relation
            knowledge = self._known(self._name(subject))
            found = decided(knowledge, operator, value) if knowledge is not None else None
            if found is None:
                found = self._by_parts(atom, operator, value)
            return found if found is not None else self._by_values(atom, relation)
        pair = pair_of(atom)
        if pair is None:
            return self._by_values(atom, None)
        holds = self.answers.get(pair.key)
        if holds is None:
            holds = self._compared(pair)
        if holds is None:
            holds = self._by_orders(atom, pair)
        return None if holds is None else holds is not pair.is_negated

    def _by_parts(self, atom: Term, operator: str, value: Plain) -> bool | None:
        """Return the answer to a comparison of a composed term with a number, by the intervals of its operands."""
        if not isinstance(value, Number) or not isinstance(atom, Apply):
            return None
        part = next(o for o in atom.operands if not isinstance(o, Constant))
        if not isinstance(part, Apply) and not self.orders:
            return None
        interval = interval_of(part, self._interval)
        return None if interval is EVERYTHING else decided(interval.knowledge, operator, value)

    def _interval(self, term: Term) -> Interval:
        """Return the interval of a subject, narrowed by the subjects that are known to be above or below it."""
        name = self._name(term)
        found = of_knowledge(self._known(name))
        for other, is_below, is_strict in self.orders.around(name):
            theirs = of_knowledge(self._known(other))
            bound = theirs.low if is_below else theirs.high
            if bound is not None:
                limit = bound._replace(is_open=bound.is_open or is_strict)
                found = both(found, Interval(limit, None) if is_below else Interval(None, limit))
        return found

    def _by_orders(self, atom: Term, pair: Pair) -> bool | None:
        """Return the answer to a comparison of two subjects by known orders or by their intervals."""
        assert isinstance(atom, Apply)
        found = self.orders.compared(self._name(pair.left), self._name(pair.right))
        if found is not None:
            return found if pair.operator == "<" else False if found or self._is_above(pair) else None
        low, high = (interval_of(operand, self._interval) for operand in (pair.left, pair.right))
        if low.high is not None and high.low is not None and low.high.at <= high.low.at:
            is_less = low.high.at < high.low.at or low.high.is_open or high.low.is_open
            if is_less:
                return pair.operator == "<"
        if low.low is not None and high.high is not None and low.low.at >= high.high.at:
            is_greater = low.low.at > high.high.at or low.low.is_open or high.high.is_open
            if pair.operator == "<" or is_greater:
                return False
        return None

    def _is_above(self, pair: Pair) -> bool:
        return self.orders.compared(self._name(pair.right), self._name(pair.left)) is True

    def _by_values(self, atom: Term, relation: "Relation | None") -> bool | None:
        """Return the answer to a condition that all remaining values of its subjects give."""
        known = {s.key: d for s in subjects(atom) if (d := self._domain(s)) is not None}
        if isinstance(atom, Apply) and known and prod(len(d) for d in known.values()) <= MAX_TRIED:
            answers = {truth(atom, dict(zip(known, tried, strict=True))) for tried in product(*known.values())}
            if len(answers) == 1 and (answer := answers.pop()) is not None:
                return answer
        found = implied_text(atom, self._answers_on_fact(atom))
        if found is not None or relation is None:
            return found
        return self._by_answers_on_fact(atom, relation)

    def _domain(self, subject: Term) -> tuple[Plain, ...] | None:
        knowledge = self._known(self._name(subject))
        if knowledge is None:
            return None
        if knowledge.domain is not None:
            return tuple(knowledge.domain) if len(knowledge.domain) <= MAX_TRIED else None
        value = only_value(knowledge)
        return None if value is NO_VALUE else (value,)

    def _answers_on_fact(self, atom: Term) -> tuple[tuple[Term, bool], ...]:
        """Return the answers on the only missing fact of a condition; none if it has several."""
        found = list(islice(symbols(atom), 2))
        return self.on_fact.get(self._name(found[0]), ()) if len(found) == 1 else ()

    def _by_answers_on_fact(self, atom: Term, relation: "Relation") -> bool | None:
        """Return the answer if all values contradict an earlier one: `startswith(var.s, "a")`, then `var.s == "b"`."""
        on_fact = self._answers_on_fact(atom)
        subject, operator, value = relation
        if not on_fact or operator not in ("==", "!=", "in", "not in"):
            return None
        candidates = value if operator in ("in", "not in") else (value,)
        if len(candidates) > MAX_TRIED or any(_agrees(on_fact, subject.key, c) for c in candidates):
            return None
        return operator in ("!=", "not in")

    def assume(self, atom: Term, answer: bool) -> bool:
        """Record an answer; return False if it contradicts the answers so far."""
        implied = self.implied(atom)
        if implied is not None:
            return implied is answer
        self.answers[atom.key] = answer
        return self._restrict_subjects(atom, answer) and self._restrict_domain(atom, answer)

    def _restrict_subjects(self, atom: Term, answer: bool) -> bool:
        """Restrict the subjects of a condition by its answer; return False if no value is left."""
        relation = relation_of(atom)
        if relation is not None:
            subject, operator, value = relation
            name = self._name(subject)
            return self._narrow(name, operator if answer else _negated(operator), value)
        pair = pair_of(atom)
        if pair is None:
            return True
        holds = answer is not pair.is_negated
        self.answers[pair.key] = holds
        if pair.operator == "<":
            one, two = self._name(pair.left), self._name(pair.right)
            self.orders = self.orders.with_order(*((one, two, True) if holds else (two, one, False)))
            return True
        return self._relate(pair, are_same=holds)

    def _restrict_domain(self, atom: Term, answer: bool) -> bool:
        """Record an answer on the only fact of a condition, and drop the values of the fact that contradict it."""
        found = list(islice(symbols(atom), 2))
        if len(found) != 1:
            return True
        fact = found[0]
        name = self._name(fact)
        if not isinstance(atom, Symbol):
            self.on_fact[name] = (*self.on_fact.get(name, ()), (atom, answer))
        knowledge = self.subjects.get(name)
        if knowledge is None or knowledge.domain is None or len(knowledge.domain) > MAX_TRIED:
            return True
        on_fact = self.on_fact.get(name, ())
        knowledge.domain = frozenset(d for d in knowledge.domain if _agrees(on_fact, fact.key, d))
        return bool(knowledge.domain)

    def _known(self, name: str) -> Knowledge | None:
        return self.subjects.get(name) or (of_a_length() if name in self.lengths else None)

    def _name(self, subject: Term) -> str:
        """Return the one name of all subjects that equal this one."""
        if is_length(subject):
            self.lengths.add(subject.key)
        return self.equalities.name(subject.key)

    def _narrow(self, name: str, operator: str, value: Plain) -> bool:
        """Restrict a subject by a relation to a constant, and the subjects that are known to differ from it."""
        knowledge = self.subjects.setdefault(name, self._known(name) or Knowledge())
        before = only_value(knowledge)
        if not narrow(knowledge, operator, value):
            return False
        after = only_value(knowledge)
        if after is NO_VALUE or after == before:
            return True
        return all(self._narrow(other, "!=", after) for other in self.equalities.partners(name))

    def _compared(self, pair: Pair) -> bool | None:
        """Return the answer to a comparison of two subjects that the restrictions of each imply."""
        one, two = self._name(pair.left), self._name(pair.right)
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

    def _relate(self, pair: Pair, *, are_same: bool) -> bool:
        """Record that two subjects are equal, or that they differ; return False if no value is left."""
        one, two = self._name(pair.left), self._name(pair.right)
        if not are_same:
            self.equalities.part(one, two)
            pairs = ((self._known(one), two), (self._known(two), one))
            values = [(only_value(k) if k is not None else NO_VALUE, name) for k, name in pairs]
            return all(value is NO_VALUE or self._narrow(name, "!=", value) for value, name in values)
        second = self._known(two)
        self.equalities.join(one, two)
        self.orders = self.orders.renamed(two, one)
        self.subjects.pop(two, None)
        return second is None or all(self._narrow(one, operator, value) for operator, value in relations(second))


def _agrees(on_fact: tuple[tuple[Term, bool], ...], subject: str, value: Plain) -> bool:
    """Report whether all answers are possible if a subject has a value."""
    return all(truth(atom, {subject: value}) is not (not answer) for atom, answer in on_fact)


Relation: TypeAlias = tuple[Term, str, Plain]


def relation_of(atom: Term) -> Relation | None:
    """Return a condition as (subject, operator, constant), None if it has another form.

    Operators are those of the language. `in` and `not in` represent `contains` of a constant list, and a pattern that
    lists its strings.
    """
    if not isinstance(atom, Apply):
        return (atom, "==", True)
    listed = listed_by_pattern(atom)
    if listed is not None:
        return (listed[0], "in", listed[1])
    operands = atom.operands
    if atom.operator in _OPPOSITE and len(operands) == 2:
        left, right = operands
        if isinstance(right, Constant) and not isinstance(left, Constant):
            return (left, atom.operator, right.value)
        if isinstance(left, Constant) and not isinstance(right, Constant):
            return (right, _MIRRORED[atom.operator], left.value)
        return None
    if atom.operator == "contains" and len(operands) == 2:
        items, subject = operands
        if isinstance(items, Constant) and not isinstance(subject, Constant):
            members = _members(items.value)
            if members is not None:
                return (subject, "in", members)
        return None
    return None


def _members(value: Any) -> frozenset[Plain] | None:
    """Return the elements of a constant collection from its content key, None for any other constant."""
    match value:
        case (5, tuple() as elements):
            return frozenset(e[1] for e in elements if e[0] in (1, 2, 3))
        case _:
            return None


def _negated(operator: str) -> str:
    return {"in": "not in", "not in": "in"}.get(operator) or _OPPOSITE[operator]
