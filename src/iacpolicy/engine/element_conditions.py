"""Conditions of a `validation` on every element of a collection: `alltrue([for port in var.ports : port > 1023])`.

An element is a fact of its own (`var.ports[0]`, `each.value`), and so is `contains(var.ports, 80)`. The condition on
all elements holds for each of them.
https://developer.hashicorp.com/terraform/language/expressions/custom-conditions
"""

from collections.abc import Iterator
from typing import NamedTuple

from iacpolicy.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, ObjectType, SetType, TupleType
from iacpolicy.engine.trial_values import plain_value
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError
from iacpolicy.evaluate.values.identities import (
    AttributeStep,
    ElementAt,
    FactIdentity,
    IndexStep,
    PathStep,
    UnknownIndexStep,
    identity_of,
)
from iacpolicy.evaluate.values.member_access import element_type
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import (
    Apply,
    Constant,
    Symbol,
    SymbolicName,
    Term,
    apply,
    fact_symbol,
    reasons,
    symbol,
)
from iacpolicy.evaluate.values.value import Unknown, Value, unknown
from iacpolicy.hcl import ast
from iacpolicy.policy.attributes.truth import FALSE_TERM, either, negation
from iacpolicy.terraform.function_facts import KEEP_ELEMENTS

MAX_CONDITIONS = 64
ZERO = Number(0)
_ITEM = ast.Name(start=0, end=0, name="an element")  # not a valid name in the language


class ElementCondition(NamedTuple):
    """A condition on every element of a collection: `value` holds where `condition` does; None for `value` is false.

    `names` are the key and value names of the `for`. `is_keyed` is set for a map or an object.
    """

    collection: Term
    is_keyed: bool
    type: "ListType | SetType | MapType | ObjectType | TupleType | None"
    names: tuple[str | None, str]
    value: ast.Expression | None
    condition: ast.Expression | None
    context: Context

    def of(self, key: Term, element: Term | Value) -> Term:
        """Return the condition on one element."""
        if not isinstance(element, Value):
            kind = element_type(self.type) if self.type is not None else DYNAMIC
            element = unknown(kind, element)
        key_name, value_name = self.names
        bound = {value_name: element}
        if key_name is not None:
            bound[key_name] = unknown(STRING if self.is_keyed else NUMBER, key)
            if isinstance(self.type, SetType):
                bound[key_name] = element
        context = self.context.bound(bound, f"every {key.key}")
        required = _truth(self.value, context) if self.value is not None else FALSE_TERM
        return either(negation(_truth(self.condition, context)), required) if self.condition is not None else required


def _truth(node: ast.Expression, context: Context) -> Term:
    return term_of(convert(evaluate(node, context), BOOL))


def conditions_on_all(node: ast.Expression, context: Context) -> Iterator[ElementCondition]:
    """Yield the conditions on every element that the condition of a validation requires."""
    pending = [(node, True)]
    for _ in range(MAX_CONDITIONS):
        if not pending:
            return
        part, holds = pending.pop()
        match part:
            case ast.Parens(value=inner):
                pending.append((inner, holds))
            case ast.Unary(operator="!", operand=inner):
                pending.append((inner, not holds))
            case ast.Binary(operator="&&", left=left, right=right) if holds:
                pending += [(left, True), (right, True)]
            case ast.Binary(operator="||", left=left, right=right) if not holds:
                pending += [(left, False), (right, False)]
            case ast.Call(name="alltrue", arguments=(loop,)) if holds:
                yield from _of_loop(loop, False, context)
            case ast.Call(name="anytrue", arguments=(loop,)) if not holds:
                yield from _of_loop(loop, True, context)
            case ast.Call(name="contains", arguments=(collection, item)) if not holds:
                other = ast.Binary(start=part.start, end=part.end, operator="!=", left=_ITEM, right=item)
                yield from _on_each(collection, (None, _ITEM.name), other, None, context)
            case ast.Binary() if holds and (counted := _counted_as_empty(part, context)) is not None:
                yield from _of_empty_result(counted, context)
            case _:
                pass


def _counted_as_empty(node: ast.Binary, context: Context) -> ast.Expression | None:
    """Return X of `length(X) == 0` or `0 == length(X)`, None for any other comparison."""
    for one, other in ((node.left, node.right), (node.right, node.left)) if node.operator == "==" else ():
        match one, other:
            case ast.Call(name="length", arguments=(counted,)), ast.Number() if evaluate(other, context).data == ZERO:
                return counted
    return None


def _of_loop(loop: ast.Expression, is_opposite: bool | None, context: Context) -> Iterator[ElementCondition]:
    """Yield the condition of a `for` on its elements: its value, its negation, or (None) that it keeps no element."""
    while isinstance(loop, ast.Parens):
        loop = loop.value
    if not isinstance(loop, ast.ForTuple):
        return
    value: ast.Expression | None = loop.value
    if is_opposite:
        value = ast.Unary(start=loop.start, end=loop.end, operator="!", operand=loop.value)
    elif is_opposite is None:
        value = None
    yield from _on_each(loop.collection, (loop.key_name, loop.value_name), value, loop.condition, context)


def _of_empty_result(counted: ast.Expression, context: Context) -> Iterator[ElementCondition]:
    """Yield the condition on elements where a `for` keeps none of them, or `setsubtract` leaves none."""
    while isinstance(counted, ast.Parens):
        counted = counted.value
    match counted:
        case ast.Call(name="setsubtract", arguments=(collection, allowed)):
            within = ast.Call(start=counted.start, end=counted.end, name="contains", arguments=(allowed, _ITEM))
            yield from _on_each(collection, (None, _ITEM.name), within, None, context)
        case _:
            yield from _of_loop(counted, None, context)


def _on_each(
    over: ast.Expression,
    names: tuple[str | None, str],
    value: ast.Expression | None,
    condition: ast.Expression | None,
    context: Context,
) -> Iterator[ElementCondition]:
    try:
        collection = evaluate(over, context)
    except EvaluationError:
        return
    if isinstance(collection.data, Unknown):
        type_ = collection.type
        known = type_ if isinstance(type_, ListType | SetType | MapType | ObjectType | TupleType) else None
        is_keyed = isinstance(known, MapType | ObjectType)
        yield ElementCondition(_bare(collection.data.term), is_keyed, known, names, value, condition, context)


def _bare(term: Term, *, loops: bool = False) -> Term:
    """Return a collection without the functions that keep its elements.

    With `loops`, also without each `for` whose elements are some of the collection's: what holds of all elements of the
    collection then holds of those.
    """
    while isinstance(term, Apply):
        is_function = term.operator in KEEP_ELEMENTS and len(term.operands) == 1
        if not is_function and not (loops and term.keeps_elements):
            break
        term = term.operands[0]
    return term


class ElementConditions:
    """All conditions on elements of one cell."""

    def __init__(self, conditions: Iterator[ElementCondition]) -> None:
        self._by_collection: dict[str, list[ElementCondition]] = {}
        for condition in conditions:
            self._by_collection.setdefault(condition.collection.key, []).append(condition)

    def of(self, fact: Term) -> Iterator[Term]:
        """Yield the conditions that hold for an element, for a part of one, or for a call of `contains`."""
        if not self._by_collection:
            return
        if isinstance(fact, Apply) and fact.operator == "contains" and len(fact.operands) == 2:
            whole, item = fact.operands
            value = plain_value(item.value) if isinstance(item, Constant) else None
            if value is not None:
                for condition in self._by_collection.get(_bare(whole).key, ()):
                    if not condition.is_keyed:
                        yield from _condition_on(condition, apply("[]", whole, item), value, fact)
            return
        for collection, key, element in _elements(fact, self._by_collection):
            for condition in self._by_collection.get(collection, ()):
                if key is not None:
                    yield from _condition_on(condition, key, element, None)
                elif condition.is_keyed:  # the fact is a key, and its element is unknown
                    unknown_element = fact_symbol(ElementAt(collection, element.key, element.text), *reasons(element))
                    yield from _condition_on(condition, element, unknown_element, None)
                else:
                    yield from _condition_on(condition, element, element, None)


def _condition_on(
    condition: ElementCondition, key: Term, element: Term | Value, only_if: Term | None
) -> Iterator[Term]:
    try:
        term = condition.of(key, element)
    except (EvaluationError, ConversionError):
        return
    if only_if is not None:
        term = either(negation(only_if), term)
    if not isinstance(term, Constant):
        yield term


def _elements(
    fact: Term, collections: dict[str, list[ElementCondition]]
) -> Iterator[tuple[str, Term | None, Symbol | Apply]]:
    """Yield the elements that a fact is, or is a part of: collection, key (None where that is the fact), and term."""
    if isinstance(fact, Apply):
        if fact.operator == "[]" and len(fact.operands) == 2 and fact.operands[0].key in collections:
            yield fact.operands[0].key, fact.operands[1], fact
        return
    if not isinstance(fact, Symbol):
        return
    match fact.identity.fact:
        case SymbolicName(name="each.key" | "each.value" as name, address=address, collection=collection):
            if name == "each.key" and isinstance(collection, Apply) and collection.keeps_elements:
                return  # the keys that a `for` makes
            element = fact_symbol(fact.identity.fact, *fact.reasons)
            named = fact_symbol(SymbolicName("each.key", address, collection), *fact.reasons)
            yield _bare(collection, loops=True).key, None if name == "each.key" else named, element
            return
    identity = identity_of(fact.identity.fact)
    elements: dict[str, tuple[PathStep, FactIdentity]] = {}
    for step in fact.identity.path:
        whole, identity = identity, identity.part(step)
        elements[whole.key] = (step, identity)
    for collection_key in collections:
        if collection_key in elements:
            step, identity = elements[collection_key]
            key = _key_of(step)
            if key is not None:
                yield collection_key, key, symbol(identity, fact.reasons)


def _key_of(step: PathStep) -> Term | None:
    """Return the key of the element that a step leads to, None for a splat."""
    match step:
        case AttributeStep(name=name):
            return Constant(name, f'"{name}"')
        case IndexStep(index=index, literal=literal):
            return Constant(index, literal)
        case UnknownIndexStep(index=unknown_index):
            return symbol(unknown_index, ())
    return None
