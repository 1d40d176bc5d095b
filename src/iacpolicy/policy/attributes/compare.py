"""Comparisons of values that may be unknown or depend on conditions; the results are conditions."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from iacpolicy.core.types import BOOL, NUMBER, STRING, Primitive
from iacpolicy.evaluate.values.choices import term_of
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.operators import equal
from iacpolicy.evaluate.values.rendering import constant
from iacpolicy.evaluate.values.schema_values import from_json
from iacpolicy.evaluate.values.terms import MAX_NODES, Cause, Symbol, Term, apply
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, first_unsettled
from iacpolicy.policy.attributes import world
from iacpolicy.policy.attributes.truth import FALSE_TERM, TRUE_TERM, both, conditional, either, negation

MAX_WEIGHT = MAX_NODES // 2
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def to_value(data: Any) -> Value:
    """Return a plain Python value (or a `Value`) as a value of the language."""
    if isinstance(data, Value):
        return data
    if isinstance(data, str | bool | int | float):
        return _scalar(data, type(data).__name__)
    if isinstance(data, set | frozenset):
        return from_json(sorted(data))
    if isinstance(data, tuple):
        return from_json(list(data))
    return from_json(data)


@lru_cache(maxsize=10_000)
def _scalar(data: Any, _kind: str) -> Value:
    """Return a text, number or bool as a value; the kind keeps 1 and True apart in the cache."""
    return from_json(data)


def compare(left: Value | None, operator: str, right: Value | None) -> Term:
    """Return the condition `left operator right`; a comparison with null or an absent value is false.

    Strings that represent numbers and bools are converted to the type of the other side, as in the language.
    """
    if left is None or right is None:
        return FALSE_TERM
    one, two = left.data, right.data
    kind = type(one)
    if kind is type(two) and (kind is str or kind is Number or kind is bool):
        if operator == "==":
            return TRUE_TERM if one == two else FALSE_TERM
        if operator == "!=":
            return FALSE_TERM if one == two else TRUE_TERM
        if kind is Number:
            return TRUE_TERM if _ORDER[operator](one, two) else FALSE_TERM
    left = _reduced(left)
    if isinstance(left.data, Choice):
        chosen = left.data
        return conditional(
            chosen.condition, compare(chosen.then, operator, right), compare(chosen.otherwise, operator, right)
        )
    if isinstance(right.data, Choice):
        return compare(right, _MIRRORED[operator], left)
    if left.data is None or right.data is None:
        return FALSE_TERM
    if operator in ("==", "!="):
        same = _equal(left, right)
        return negation(same) if operator == "!=" else same
    return _ordered(left, operator, right)


def _reduced(value: Value) -> Value:
    """Return the value, or its arm in the current world if it has too many arms for a term."""
    while isinstance(value.data, Choice) and _weight(value) > MAX_WEIGHT:
        choice = value.data
        value = choice.then if world.current().decide(choice.condition) else choice.otherwise
    return value


def _weight(value: Value) -> int:
    """Return the approximate number of nodes in the term of a comparison with a value."""
    data = value.data
    if isinstance(data, Choice):
        return 1 + data.condition.nodes + _weight(data.then) + _weight(data.otherwise)
    return 3 + (data.term.nodes if isinstance(data, Unknown) else 0)


def _equal(left: Value, right: Value) -> Term:
    a, b = _in_one_type(left, right)
    if isinstance(a.data, Unknown) and isinstance(b.data, Unknown) and a.data.term.key == b.data.term.key:
        return TRUE_TERM
    if isinstance(a.data, Unknown) and isinstance(b.data, Unknown) and _are_two_ids(a.data.term, b.data.term):
        return FALSE_TERM
    if isinstance(a.data, Unknown) or isinstance(b.data, Unknown):
        known_last = (b, a) if isinstance(b.data, Unknown) and not isinstance(a.data, Unknown) else (a, b)
        return apply("==", term_of(known_last[0]), term_of(known_last[1]))
    if isinstance(a.data, tuple) and isinstance(b.data, tuple):
        return _equal_all(list(a.data), list(b.data))
    if isinstance(a.data, dict) and isinstance(b.data, dict):
        if set(a.data) != set(b.data):
            return FALSE_TERM
        return _equal_all(list(a.data.values()), [b.data[k] for k in a.data])
    result = equal(a, b)
    return TRUE_TERM if result.data is True else FALSE_TERM


def _are_two_ids(left: Term, right: Term) -> bool:
    """Report that two unknowns are the ids of different resources, which are never equal."""
    return (
        isinstance(left, Symbol)
        and isinstance(right, Symbol)
        and left.key != right.key
        and all(r.cause is Cause.COMPUTED for r in (*left.reasons, *right.reasons))
        and left.identity.attribute in ("id", "arn")
        and left.identity.attribute == right.identity.attribute
        and not left.identity.represents_many
        and not right.identity.represents_many
    )


def _equal_all(left: list[Value], right: list[Value]) -> Term:
    if len(left) != len(right):
        return FALSE_TERM
    result: Term = TRUE_TERM
    for a, b in zip(left, right, strict=True):
        both_null = a.data is None and b.data is None
        result = both(result, TRUE_TERM if both_null else compare(a, "==", b))
        if result is FALSE_TERM:
            return result
    return result


def _in_one_type(left: Value, right: Value) -> tuple[Value, Value]:
    """Return both sides in one primitive type if one converts to the type of the other."""
    a, b = left.type, right.type
    if a == b or not (isinstance(a, Primitive) and isinstance(b, Primitive)):
        return left, right
    target = NUMBER if NUMBER in (a, b) else BOOL if BOOL in (a, b) else STRING
    try:
        return convert(left, target), convert(right, target)
    except ConversionError:
        return left, right


def _ordered(left: Value, operator: str, right: Value) -> Term:
    try:
        a, b = convert(left, NUMBER), convert(right, NUMBER)
    except ConversionError:
        return FALSE_TERM
    if isinstance(a.data, Number) and isinstance(b.data, Number):
        return TRUE_TERM if _ORDER[operator](a.data, b.data) else FALSE_TERM
    if isinstance(a.data, Number):
        return apply(_MIRRORED[operator], term_of(b), constant(a))
    return apply(operator, term_of(a), term_of(b))


_ORDER: dict[str, Callable[[Number, Number], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def is_null(value: Value | None) -> Term:
    """Return the condition that a value is null or absent; an unknown value counts as not null."""
    if value is None or value.data is None:
        return TRUE_TERM
    value = _reduced(value)
    if isinstance(value.data, Choice):
        return conditional(value.data.condition, is_null(value.data.then), is_null(value.data.otherwise))
    return FALSE_TERM


def contains(value: Value | None, wanted: Value) -> Term:
    """Return the condition that a list or set has an element, a map a key, or a string a part."""
    if value is None or value.data is None:
        return FALSE_TERM
    data = _reduced(value).data
    if isinstance(data, Choice):
        return conditional(data.condition, contains(data.then, wanted), contains(data.otherwise, wanted))
    if isinstance(data, Unknown):
        function = "strcontains" if value.type == STRING else "contains"
        return apply(function, data.term, term_of(wanted))
    if isinstance(data, str):
        return TRUE_TERM if isinstance(wanted.data, str) and wanted.data in data else FALSE_TERM
    if isinstance(data, dict):
        return TRUE_TERM if wanted.data in data else FALSE_TERM
    result: Term = FALSE_TERM
    if isinstance(data, tuple):
        for element in data:
            result = either(result, compare(element, "==", wanted))
    return result


def plain(value: Value) -> Any:
    """Return a known value as plain Python: whole numbers as int, others as float, sets as lists.

    Raises:
        ValueError: a part is unknown.
    """
    if first_unsettled(value) is not None:
        raise ValueError("value is not wholly known")
    data = value.data
    if isinstance(data, Number):
        return int(data) if data.is_integer else float(data)
    if isinstance(data, tuple):
        return [plain(v) for v in data]
    if isinstance(data, dict):
        return {k: plain(v) for k, v in data.items()}
    return data
