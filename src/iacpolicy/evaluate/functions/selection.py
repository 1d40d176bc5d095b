"""Functions that select or count elements: `element`, `lookup`, `coalesce`, `length`, `contains`.

https://developer.hashicorp.com/terraform/language/functions/coalesce.
"""

from iacpolicy.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    friendly_name,
)
from iacpolicy.evaluate.functions.common import is_open_set, same, whole
from iacpolicy.evaluate.functions.frame import Function, Parameter, undecided
from iacpolicy.evaluate.functions.graphemes import clusters
from iacpolicy.evaluate.values import numbers
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.convert import convert, unify
from iacpolicy.evaluate.values.element_steps import through
from iacpolicy.evaluate.values.errors import ConversionError, FunctionError
from iacpolicy.evaluate.values.member_access import one_of
from iacpolicy.evaluate.values.value import Value, rest_of


def _length(value: Value) -> Value:
    type_, data = value.type, value.data
    if not (type_ in (STRING, DYNAMIC) or isinstance(type_, ListType | SetType | MapType | TupleType | ObjectType)):
        raise FunctionError("argument must be a string, a collection type, or a structural type", 0)
    if isinstance(data, str):
        return _count(len(clusters(data)))
    if isinstance(type_, TupleType):
        return _count(len(type_.elements))
    if isinstance(type_, ObjectType):
        return _count(len(type_.attributes))
    if value.is_unknown or is_open_set(value):
        return undecided("length", NUMBER, value)
    return _count(len(data))


def _count(number: int) -> Value:
    return values.number(numbers.count(number))


def _element(items: Value, index: Value) -> Value:
    position = _element_index(items, index, len(items.data) if isinstance(items.data, tuple) else 0)
    return through(items, items.data[position])


def _element_index(items: Value, index: Value, length: int) -> int:
    if not isinstance(items.type, ListType | TupleType):
        raise FunctionError(f"cannot read elements from {friendly_name(items.type)}", 0)
    position = whole(index, 1)
    if not length:
        raise FunctionError("cannot use element function with an empty list", 0)
    if position < 0 and isinstance(items.type, TupleType) and position % length:
        raise FunctionError("a tuple has no negative index", 1)  # Terraform crashes here
    return position % length


def _element_type(items: Value, index: Value) -> Type:
    if items.type is DYNAMIC:
        return DYNAMIC
    if isinstance(items.type, TupleType):
        if index.is_unknown:
            return DYNAMIC
        return items.type.elements[_element_index(items, index, len(items.type.elements))]
    if isinstance(items.type, ListType):
        return items.type.element
    raise FunctionError(f"cannot read elements from {friendly_name(items.type)}", 0)


def _lookup(collection: Value, key: Value, *default: Value) -> Value:
    type_ = DYNAMIC if rest_of(collection.data) is not None else _lookup_type(collection, key, *default)
    marks = collection.marks | key.marks
    if key.is_unknown:
        chosen = one_of(collection, key, convert(default[0], type_)) if default and type_ is not DYNAMIC else None
        return chosen.marked(marks) if chosen is not None else undecided("lookup", type_, collection, key, *default)
    found: Value | None = collection.data.get(key.data)
    if found is not None:
        return through(collection, found).marked(marks)
    if rest_of(collection.data) is not None:
        return undecided("lookup", DYNAMIC, collection, key, *default).marked(marks)
    if not default:
        raise FunctionError(f'lookup failed to find key "{key.data}"')
    return convert(default[0], type_).marked(marks)


def _lookup_type(collection: Value, key: Value, *default: Value) -> Type:
    if len(default) > 1:
        raise FunctionError(f"lookup() takes two or three arguments, got {2 + len(default)}")
    match collection.type:
        case ObjectType():
            if not key.is_settled:
                return DYNAMIC
            attribute = collection.type.get(key.data)
            if attribute is not None:
                return attribute
            if default:
                return default[0].type
            raise FunctionError(f'the given object has no attribute "{key.data}"', 0)
        case MapType(element):
            if default:
                try:
                    convert(default[0], element)
                except ConversionError:
                    raise FunctionError("the default value must have the same type as the map elements", 2) from None
            return element
        case _ if collection.type is DYNAMIC:
            return DYNAMIC
    raise FunctionError("lookup() requires a map as the first argument", 0)


def _contains(collection: Value, wanted: Value) -> Value:
    if not isinstance(collection.type, ListType | SetType | TupleType):
        raise FunctionError("argument must be list, tuple, or set", 0)
    marks = values.deep_marks(collection) | values.deep_marks(wanted)
    open_ = False
    for item in collection.data:
        found = same(wanted, item)
        if found:
            return Value(BOOL, True, marks)
        open_ = open_ or found is None
    return undecided("contains", BOOL, collection, wanted).marked(marks) if open_ else Value(BOOL, False, marks)


def _coalesce(*candidates: Value) -> Value:
    type_ = _coalesce_type(*candidates)
    marks = 0
    for index, candidate in enumerate(candidates):
        try:
            value = convert(candidate, type_)
        except ConversionError as problem:
            raise FunctionError(problem.detail, index) from None
        marks |= value.marks
        if value.is_unknown or value.is_choice:
            return undecided("coalesce", type_, *candidates[index:])
        if value.data is not None and value.data != "":
            return value
    raise FunctionError("no non-null, non-empty-string arguments")


def _coalesce_type(*candidates: Value) -> Type:
    type_ = unify([c.type for c in candidates])
    if type_ is None and any(c.type is DYNAMIC for c in candidates):
        return DYNAMIC  # as in Terraform, a value without a type is compared once it is known
    if type_ is None:
        raise FunctionError("all arguments must have the same type")
    return type_


def _coalescelist(*lists: Value) -> Value:
    type_ = _coalescelist_type(*lists)
    for index, one in enumerate(lists):
        if one.is_unknown:
            return undecided("coalescelist", type_, *lists[index:])
        if one.data:
            return one
    raise FunctionError("no non-null arguments")


def _coalescelist_type(*lists: Value) -> Type:
    if not lists:
        raise FunctionError("at least one argument is required")
    for index, one in enumerate(lists):
        if not isinstance(one.type, ListType | TupleType) and not one.is_unknown:
            raise FunctionError("coalescelist arguments must be lists or tuples", index)
    return lists[0].type if all(one.type == lists[0].type for one in lists) else DYNAMIC


def _one(collection: Value) -> Value:
    type_ = _one_type(collection)
    if is_open_set(collection):
        return undecided("one", type_, collection)
    if len(collection.data) > 1:
        raise FunctionError("must be a list, set, or tuple value with either zero or one elements", 0)
    return collection.data[0] if collection.data else values.null(type_)


def _one_type(collection: Value) -> Type:
    match collection.type:
        case ListType(element) | SetType(element):
            return element
        case TupleType(elements) if len(elements) <= 1:
            return elements[0] if elements else DYNAMIC
        case _ if collection.type is DYNAMIC:
            return DYNAMIC
    raise FunctionError("must be a list, set, or tuple value with either zero or one elements", 0)


_MIXED = Parameter("vals", DYNAMIC, null=True, unknown=True)

FUNCTIONS = (
    Function("coalesce", (), _coalesce_type, _coalesce, variadic=_MIXED),
    Function("coalescelist", (), _coalescelist_type, _coalescelist, variadic=_MIXED),
    Function(
        "contains",
        (Parameter("list", DYNAMIC, partial=True), Parameter("value", DYNAMIC, partial=True)),
        BOOL,
        _contains,
    ),
    Function(
        "element",
        (Parameter("list", DYNAMIC, partial=True), Parameter("index", NUMBER)),
        _element_type,
        _element,
    ),
    Function("length", (Parameter("value", DYNAMIC, unknown=True, partial=True),), NUMBER, _length),
    Function(
        "lookup",
        (Parameter("inputMap", DYNAMIC, partial=True), Parameter("key", STRING, unknown=True)),
        _lookup_type,
        _lookup,
        variadic=Parameter("default", DYNAMIC, null=True, unknown=True, partial=True),
        keeps_marks=False,
    ),
    Function("one", (Parameter("list", DYNAMIC, partial=True),), _one_type, _one),
)
