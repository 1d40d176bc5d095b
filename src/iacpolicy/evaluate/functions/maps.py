"""Functions over maps and objects: `keys`, `values`, `merge`, `zipmap`, `transpose`.

https://developer.hashicorp.com/terraform/language/functions/keys.
"""

from iacpolicy.core.types import (
    DYNAMIC,
    STRING,
    ListType,
    MapType,
    ObjectType,
    TupleType,
    Type,
    friendly_name,
    object_type,
)
from iacpolicy.evaluate.functions.common import bounded_elements
from iacpolicy.evaluate.functions.frame import Function, Parameter, undecided
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.element_steps import through
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.refinements import is_never_null
from iacpolicy.evaluate.values.value import Value, is_wholly_known


def _keys(collection: Value) -> Value:
    type_ = _keys_type(collection)
    if isinstance(collection.type, ObjectType):
        return value.tuple_of(value.string(name) for name, _ in collection.type.attributes)
    if collection.is_unknown:
        return undecided("keys", type_, collection)
    return value.list_of(STRING, (value.string(name) for name in sorted(collection.data)))


def _keys_type(collection: Value) -> Type:
    match collection.type:
        case ObjectType(attributes):
            return TupleType((STRING,) * len(attributes))
        case MapType():
            return ListType(STRING)
        case _ if collection.type is DYNAMIC:
            return DYNAMIC
    raise FunctionError("must be a map or an object", 0)


def _values(collection: Value) -> Value:
    type_ = _values_type(collection)
    plain = collection.unmarked()
    ordered = tuple(through(plain, collection.data[name]) for name in sorted(collection.data))
    if isinstance(type_, ListType):
        return value.list_of(type_.element, ordered)
    return value.tuple_of(ordered)


def _values_type(collection: Value) -> Type:
    match collection.type:
        case ObjectType(attributes):
            return TupleType(tuple(t for _, t in sorted(attributes)))
        case MapType(element):
            return ListType(element)
        case _ if collection.type is DYNAMIC:
            return DYNAMIC
    raise FunctionError("values() requires a map as the first argument", 0)


def _merge(*maps: Value) -> Value:
    type_ = _merge_type(*maps)
    if any(one.is_unknown for one in maps):
        may_be_null = any(one.is_unknown and not is_never_null(one.data.term) for one in maps)
        is_open = may_be_null and any(one.type != maps[0].type for one in maps)
        return undecided("merge", DYNAMIC if is_open else type_, *maps)
    merged: dict[str, Value] = {}
    for one in maps:
        if one.data is not None:
            plain = one.unmarked()
            merged.update({name: through(plain, part) for name, part in one.data.items()})
    bounded_elements(len(merged))
    if isinstance(type_, MapType):
        return value.map_of(type_.element, merged)
    return value.object_of(merged)


def _merge_type(*maps: Value) -> Type:
    known = True
    attributes: dict[str, Type] = {}
    if any(one.type is DYNAMIC for one in maps):
        known = False
    for index, one in enumerate(maps):
        match one.type:
            case _ if one.type is DYNAMIC:
                pass
            case ObjectType(parts):
                if one.data is not None:
                    attributes.update(parts)
            case MapType(element):
                if one.is_unknown:
                    known = False
                elif one.data is not None:
                    attributes.update(dict.fromkeys(one.data, element))
            case _:
                raise FunctionError(f"arguments must be maps or objects, got {friendly_name(one.type)}", index)
    if maps and all(one.type == maps[0].type for one in maps):
        return maps[0].type
    return object_type(attributes) if known else DYNAMIC


def _zipmap(keys: Value, items: Value) -> Value:
    type_ = _zipmap_type(keys, items)
    marks = value.deep_marks(keys)
    if not is_wholly_known(keys):
        return undecided("zipmap", type_, keys, items).marked(marks)
    if len(keys.data) != len(items.data):
        raise FunctionError(f"number of keys ({len(keys.data)}) does not match number of values ({len(items.data)})")
    pairs = {}
    for key, item in zip(keys.data, items.data, strict=True):
        if key.data is None:
            raise FunctionError("a key must not be null", 0)
        pairs[key.data] = item
    if isinstance(items.type, ListType):
        return value.map_of(items.type.element, pairs).marked(marks)
    return value.object_of(pairs).marked(marks)


def _zipmap_type(keys: Value, items: Value) -> Type:
    match items.type:
        case ListType(element):
            return MapType(element)
        case TupleType(elements):
            if not is_wholly_known(keys):
                return DYNAMIC
            if len(keys.data) != len(elements):
                raise FunctionError(
                    f"number of keys ({len(keys.data)}) does not match number of values ({len(elements)})"
                )
            return object_type({str(k.data): t for k, t in zip(keys.data, elements, strict=True)})
        case _ if items.type is DYNAMIC:
            return DYNAMIC
    raise FunctionError("values argument must be a list or tuple value", 1)


def _transpose(lists: Value) -> Value:
    result_type = MapType(ListType(STRING))
    marks = value.deep_marks(lists)
    if not is_wholly_known(lists):
        return undecided("transpose", result_type, lists).marked(marks)
    found: dict[str, list[Value]] = {}
    count = 0
    for name, items in lists.data.items():
        if items.data is None:
            raise FunctionError("input must not contain null lists", 0)
        for item in items.data:
            if item.data is None:
                raise FunctionError("input must not contain null strings", 0)
            found.setdefault(item.data, []).append(convert(value.string(name), STRING))
            count += 1
    bounded_elements(count)
    return value.map_of(ListType(STRING), {k: value.list_of(STRING, v) for k, v in found.items()}).marked(marks)


FUNCTIONS = (
    Function("keys", (Parameter("inputMap", DYNAMIC, unknown=True, partial=True),), _keys_type, _keys),
    Function(
        "merge", (), _merge_type, _merge, variadic=Parameter("maps", DYNAMIC, null=True, unknown=True, partial=True)
    ),
    Function(
        "transpose",
        (Parameter("values", MapType(ListType(STRING)), partial=True),),
        MapType(ListType(STRING)),
        _transpose,
    ),
    Function("values", (Parameter("mapping", DYNAMIC, partial=True),), _values_type, _values),
    Function(
        "zipmap",
        (Parameter("keys", ListType(STRING), partial=True), Parameter("values", DYNAMIC, partial=True)),
        _zipmap_type,
        _zipmap,
    ),
)
