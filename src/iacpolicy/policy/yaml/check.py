"""Runs a YAML policy over a resource, in the same worlds and with the same attributes as a policy in Python.

A path over several nested blocks or elements means all of them: `require` must be true in each, `forbid` in none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from iacpolicy.core.types import ListType, ObjectType, SetType, TupleType
from iacpolicy.evaluate.values.value import Choice, Value
from iacpolicy.policy.api import Graph, Resource, Violation
from iacpolicy.policy.attributes.attribute import Attribute
from iacpolicy.policy.yaml.operators import holds, words_of
from iacpolicy.policy.yaml.rule_set import (
    EACH,
    Condition,
    Conditions,
    Connected,
    Either,
    Negated,
    Path,
    PolicyRule,
    Quantified,
    RuleSet,
    Tested,
    shown,
)

Scope = Resource | Attribute


@dataclass(frozen=True, slots=True)
class Hit:
    """A place at which a rule is broken, and the words for the message."""

    at: Attribute | Resource
    words: str


class YamlCheck:
    """The `check` of a YAML policy."""

    def __init__(self, body: RuleSet) -> None:
        self.body = body

    def __call__(self, resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
        """Yield a violation for each place at which a rule is broken."""
        run = _Run(resource, graph, options)
        if not all(run.is_met(condition, resource) for condition in self.body.where):
            return
        for rule in self.body.rules:
            for hit in run.broken(rule):
                yield Violation(rule.message or hit.words, at=hit.at, cause=_cause(rule), fix=rule.fix)


def _cause(rule: PolicyRule) -> str:
    """Return a text that distinguishes rules with the same place, independent of their order in the file."""
    parts: list[str] = [rule.mode]
    pending: list[Condition] = [rule.condition]
    while pending:
        match pending.pop():
            case Tested(path, tests):
                parts += [shown(path), *(t.operator for t in tests)]
            case Quantified(quantifier, path, where):
                parts += [quantifier, shown(path)]
                pending += where
            case Connected(type_, where):
                parts.append(type_)
                pending += where
            case Either(inner):
                pending += inner
            case Negated(condition):
                parts.append("not")
                pending.append(condition)
    return " ".join(parts)


@dataclass(frozen=True, slots=True)
class _Run:
    resource: Resource
    graph: Graph
    options: Mapping[str, Any]

    def broken(self, rule: PolicyRule) -> Iterator[Hit]:
        """Yield the places at which a rule is broken."""
        if rule.mode == "require":
            return self.failing(rule.condition, self.resource)
        return self.meeting(rule.condition, self.resource)

    def is_met(self, condition: Condition, scope: Scope) -> bool:
        """Report that a condition is true at some place of a scope."""
        return next(self.meeting(condition, scope), None) is not None

    def failing(self, condition: Condition, scope: Scope) -> Iterator[Hit]:
        """Yield the places at which a required condition is false."""
        match condition:
            case Tested(path, tests):
                words = words_of(condition, self.options, is_forbidden=False)
                for attribute in reached(scope, path):
                    if not all(holds(test, attribute, self.options) for test in tests):
                        yield Hit(attribute, words)
            case Quantified("all", path, where):
                for element in elements(scope, path):
                    yield from self._first_failing(where, element)
            case Quantified(_, path, where):
                if not any(self._all_met(where, element) for element in elements(scope, path)):
                    yield Hit(_at(scope, path), f"no `{shown(path)}` meets the conditions")
            case Connected(type_, where):
                yield from self._unconnected(type_, where)
            case Either(inner):
                hits = [next(self.failing(one, scope), None) for one in inner]
                if all(hit is not None for hit in hits):
                    present = [hit for hit in hits if hit is not None]
                    yield replace(present[0], words=", or ".join(dict.fromkeys(hit.words for hit in present)))
            case Negated(inner_condition):
                yield from self.meeting(inner_condition, scope)

    def meeting(self, condition: Condition, scope: Scope) -> Iterator[Hit]:
        """Yield the places at which a forbidden condition is true."""
        match condition:
            case Tested(path, tests):
                words = words_of(condition, self.options, is_forbidden=True)
                for attribute in reached(scope, path):
                    if all(holds(test, attribute, self.options) for test in tests):
                        yield Hit(attribute, words)
            case Quantified("any", path, where):
                for element in elements(scope, path):
                    yield from self._first_if_all_true(where, element)
            case Quantified(_, path, where):
                found = list(elements(scope, path))
                if found and all(self._all_met(where, element) for element in found):
                    yield Hit(_at(scope, path), f"every `{shown(path)}` meets the conditions, which is forbidden")
            case Connected(type_, where):
                words = f"a {type_} is connected to it, which is forbidden"
                for other in self.graph.connected(self.resource, type_):
                    yield from self._first_if_all_true(where, other) if where else (Hit(other, words),)
            case Either(inner):
                for one in inner:
                    yield from self.meeting(one, scope)
            case Negated(inner_condition):
                yield from self.failing(inner_condition, scope)

    def _all_met(self, where: Conditions, scope: Scope) -> bool:
        return all(self.is_met(condition, scope) for condition in where)

    def _first_failing(self, where: Conditions, scope: Scope) -> Iterator[Hit]:
        for condition in where:
            hit = next(self.failing(condition, scope), None)
            if hit is not None:
                yield hit
                return

    def _first_if_all_true(self, where: Conditions, scope: Scope) -> Iterator[Hit]:
        """Yield the place of the first condition if all conditions are true."""
        hits = [next(self.meeting(condition, scope), None) for condition in where]
        if hits and all(hit is not None for hit in hits):
            present = [hit for hit in hits if hit is not None]
            yield replace(present[0], words=" while ".join(dict.fromkeys(hit.words for hit in present)))

    def _unconnected(self, type_: str, where: Conditions) -> Iterator[Hit]:
        """Yield the wrong attribute of a connected resource, or the resource itself if none is connected."""
        others = list(self.graph.connected(self.resource, type_))
        if any(self._all_met(where, other) for other in others):
            return
        wrong = next((hit for other in others for hit in self._first_failing(where, other)), None)
        yield wrong or Hit(self.resource, f"no {type_} is connected to it")


def reached(scope: Scope, path: Path) -> list[Attribute]:
    """Return the attributes at a path, one for each block or element on it.

    The list is empty only if the path selects the elements of an empty value.
    """
    found: list[Attribute] = [scope[str(path[0])] if isinstance(scope, Resource) else scope[path[0]]]
    for key in path[1:]:
        if key == EACH:
            found = [element for attribute in found for element in parts(attribute)]
        elif isinstance(key, int):
            found = [attribute[key] for attribute in found]
        else:
            found = [inner[key] for attribute in found for inner in _spread(attribute)]
    return found


def elements(scope: Scope, path: Path) -> Iterator[Attribute]:
    """Yield the nested blocks or elements at a path."""
    for attribute in reached(scope, path):
        yield from parts(attribute)


def parts(attribute: Attribute) -> Iterator[Attribute]:
    """Yield the existing nested blocks, or the elements of a list, set or map; an object yields itself."""
    if attribute.is_null:
        return
    subject = attribute.subject
    if isinstance(subject, Value) and isinstance(subject.type, ObjectType):
        yield attribute
    else:
        yield from attribute


def _spread(attribute: Attribute) -> tuple[Attribute, ...]:
    """Return the blocks or elements that a name after an attribute selects from, else the attribute itself."""
    subject = attribute.subject
    is_several = isinstance(subject, tuple) or (isinstance(subject, Value) and _is_list(subject))
    return (tuple(attribute) if is_several else ()) or (attribute,)


def _is_list(value: Value) -> bool:
    pending = [value]
    while pending:
        data = pending.pop()
        if isinstance(data.type, ListType | SetType | TupleType):
            return True
        if isinstance(data.data, Choice):
            pending += (data.data.then, data.data.otherwise)
    return False


def _at(scope: Scope, path: Path) -> Attribute | Resource:
    """Return the place for a statement about all values at a path."""
    found = reached(scope, path)
    return found[0] if found else scope
