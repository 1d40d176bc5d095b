"""Functions over sets: https://developer.hashicorp.com/terraform/language/functions/setproduct."""

from collections.abc import Sequence
from itertools import product
from math import prod

from iacpolicy.core.types import DYNAMIC, ListType, SetType, TupleType, Type, friendly_name
from iacpolicy.evaluate.functions.common import bounded_elements, element_type, is_open_set
from iacpolicy.evaluate.functions.frame import Function, Parameter, undecided
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.convert import convert, unify
from iacpolicy.evaluate.values.errors import ConversionError, FunctionError
from iacpolicy.evaluate.values.value import Value, content_key, is_wholly_known


def _shared_type(*sets: Value) -> SetType:
    """Return the set type that all arguments convert to; an empty set without a type converts to any."""
    if any(s.is_unknown and element_type(s.type) is DYNAMIC for s in sets):
        return SetType(DYNAMIC)
    types = [element_type(s.type) for s in sets if s.data != () or element_type(s.type) is not DYNAMIC]
    shared = unify(types)
    if shared is None:
        raise FunctionError("given sets must all have compatible element types")
    return SetType(shared)


def _converted(type_: Type, sets: Sequence[Value]) -> list[Value]:
    try:
        return [convert(s, type_) for s in sets]
    except ConversionError as problem:
        raise FunctionError(problem.detail) from None


def _setunion(*sets: Value) -> Value:
    type_ = _shared_type(*sets)
    bounded_elements(sum(len(s.data) for s in sets))
    return value.set_of(type_.element, (item for s in _converted(type_, sets) for item in s.data))


def _setintersection(*sets: Value) -> Value:
    type_ = _shared_type(*sets)
    if not all(map(is_wholly_known, sets)):
        return undecided("setintersection", type_, *sets)
    first, *others = _converted(type_, sets)
    keys = [{content_key(item) for item in s.data} for s in others]
    return value.set_of(type_.element, (i for i in first.data if all(content_key(i) in k for k in keys)))


def _setsubtract(minuend: Value, subtrahend: Value) -> Value:
    type_ = _shared_type(minuend, subtrahend)
    if not (is_wholly_known(minuend) and is_wholly_known(subtrahend)):
        return undecided("setsubtract", type_, minuend, subtrahend)
    first, second = _converted(type_, (minuend, subtrahend))
    gone = {content_key(item) for item in second.data}
    return value.set_of(type_.element, (item for item in first.data if content_key(item) not in gone))


def _setproduct(*sets: Value) -> Value:
    type_ = _setproduct_type(*sets)
    assert isinstance(type_, ListType | SetType)
    if any(map(is_open_set, sets)):
        return undecided("setproduct", type_, *sets)
    if any(not s.data for s in sets):
        return Value(type_, ())
    bounded_elements(prod(len(s.data) for s in sets) * len(sets))
    assert isinstance(type_.element, TupleType)
    columns = [[convert(i, t) for i in s.data] for s, t in zip(sets, type_.element.elements, strict=True)]
    rows = [value.tuple_of(row) for row in product(*columns)]
    return value.list_of(type_.element, rows) if isinstance(type_, ListType) else value.set_of(type_.element, rows)


def _setproduct_type(*sets: Value) -> Type:
    if len(sets) < 2:
        raise FunctionError("at least two arguments are required")
    parts: list[Type] = []
    is_set = False
    for index, one in enumerate(sets):
        if one.type is DYNAMIC:
            return DYNAMIC
        if not isinstance(one.type, ListType | SetType | TupleType):
            raise FunctionError(f"a set or a list is required, not {friendly_name(one.type)}", index)
        if isinstance(one.type, TupleType) and unify(one.type.elements) is None:
            raise FunctionError("all elements must be of the same type", index)
        is_set = is_set or isinstance(one.type, SetType)
        parts.append(element_type(one.type))
    return SetType(TupleType(tuple(parts))) if is_set else ListType(TupleType(tuple(parts)))


_ANY_SET = SetType(DYNAMIC)

FUNCTIONS = (
    Function(
        "setintersection",
        (Parameter("first_set", _ANY_SET, partial=True),),
        _shared_type,
        _setintersection,
        variadic=Parameter("other_sets", _ANY_SET, partial=True),
    ),
    Function("setproduct", (), _setproduct_type, _setproduct, variadic=Parameter("sets", DYNAMIC, partial=True)),
    Function(
        "setsubtract",
        (Parameter("a", _ANY_SET, partial=True), Parameter("b", _ANY_SET, partial=True)),
        _shared_type,
        _setsubtract,
    ),
    Function(
        "setunion",
        (Parameter("first_set", _ANY_SET, partial=True),),
        _shared_type,
        _setunion,
        variadic=Parameter("other_sets", _ANY_SET, partial=True),
    ),
)
