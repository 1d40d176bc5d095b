"""Functions over lists: https://developer.hashicorp.com/terraform/language/functions/chunklist."""

from iacpolicy.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, SetType, TupleType, Type, friendly_name
from iacpolicy.evaluate.functions.common import bounded_elements, element_type, is_open_set, same, whole
from iacpolicy.evaluate.functions.frame import Function, Parameter, undecided
from iacpolicy.evaluate.values import numbers, value
from iacpolicy.evaluate.values.choices import summary
from iacpolicy.evaluate.values.convert import convert, unify
from iacpolicy.evaluate.values.element_steps import elements
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.terms import Constant, apply
from iacpolicy.evaluate.values.value import Value, is_wholly_known, unknown

_ANY_LIST = ListType(DYNAMIC)


def _compact(items: Value) -> Value:
    if not is_wholly_known(items):
        return undecided("compact", ListType(STRING), items).marked(value.deep_marks(items))
    return value.list_of(STRING, (i for i in items.data if i.data)).marked(value.deep_marks(items))


def _concat(*lists: Value) -> Value:
    type_ = _concat_type(*lists)
    bounded_elements(sum(len(one.data) for one in lists if not one.is_unknown))
    if any(one.is_unknown for one in lists):
        return undecided("concat", type_, *lists)
    items = [item for one in lists for item in elements(one)]
    if isinstance(type_, ListType):
        return value.list_of(type_.element, (convert(item, type_.element) for item in items))
    return value.tuple_of(items)


def _concat_type(*lists: Value) -> Type:
    if not lists:
        raise FunctionError("at least one argument is required")
    types: list[Type] = []
    for index, one in enumerate(lists):
        if not isinstance(one.type, ListType | TupleType) and one.type is not DYNAMIC:
            raise FunctionError(f"all arguments must be lists or tuples; got {friendly_name(one.type)}", index)
    if all(isinstance(one.type, ListType) for one in lists):
        shared = unify([element_type(one.type) for one in lists])
        if shared is not None and (shared is not DYNAMIC or all(one.type == lists[0].type for one in lists)):
            return ListType(shared)
    for one in lists:
        if isinstance(one.type, TupleType):
            types.extend(one.type.elements)
        elif one.is_unknown:
            return DYNAMIC
        else:
            types.extend([element_type(one.type)] * len(one.data))
    return TupleType(tuple(types))


def _flatten(collection: Value) -> Value:
    _check_flatten(collection)
    if is_open_set(collection):
        return undecided("flatten", DYNAMIC, collection).marked(value.deep_marks(collection))
    found: list[Value] = []
    marks = 0
    pending: list[tuple[Value, int]] = [(item, 0) for item in reversed(elements(collection))]
    while pending:
        item, inherited = pending.pop()
        if item.is_choice or (item.is_unknown and _may_be_sequence(item.type)) or is_open_set(item):
            return undecided("flatten", DYNAMIC, collection).marked(value.deep_marks(collection))
        if isinstance(item.data, tuple) and isinstance(item.type, ListType | SetType | TupleType):
            marks |= item.marks
            pending.extend((inner, 0) for inner in reversed(elements(item)))
        else:
            found.append(item.marked(inherited))
        bounded_elements(len(found) + len(pending))
    return value.tuple_of(found).marked(marks)


def _may_be_sequence(type_: Type) -> bool:
    return type_ is DYNAMIC or isinstance(type_, ListType | SetType | TupleType)


def _check_flatten(collection: Value) -> None:
    if not _may_be_sequence(collection.type):
        raise FunctionError("can only flatten lists, sets and tuples", 0)


def _distinct(items: Value) -> Value:
    if not is_wholly_known(items):
        return undecided("distinct", items.type, items).marked(value.deep_marks(items))
    found: dict[object, Value] = {}
    for item in elements(items):
        found.setdefault(value.content_key(item), item)
    return Value(items.type, tuple(found.values()), value.deep_marks(items))


def _chunklist(items: Value, size: Value) -> Value:
    length = whole(size, 1)
    if length < 0:
        raise FunctionError("the size argument must be positive", 1)
    data = elements(items)
    if not data:
        return value.list_of(items.type, ())
    length = length or len(data)
    return value.list_of(
        items.type, (Value(items.type, data[start : start + length]) for start in range(0, len(data), length))
    )


def _chunklist_type(items: Value, size: Value) -> Type:
    return ListType(items.type)


def _slice(items: Value, start: Value, end: Value) -> Value:
    _check_slice(items)
    low, high = _slice_bounds(items, start, end, len(items.data))
    part = elements(items)[low:high]
    return value.tuple_of(part) if isinstance(items.type, TupleType) else Value(items.type, part)


def _check_slice(items: Value) -> None:
    if isinstance(items.type, SetType):
        raise FunctionError("cannot slice a set, because sets do not have indices; convert it to a list first", 0)
    if not isinstance(items.type, ListType | TupleType) and items.type is not DYNAMIC:
        raise FunctionError("must be a list or tuple value", 0)


def _slice_bounds(items: Value, start: Value, end: Value, length: int) -> tuple[int, int]:
    low, high = whole(start, 1), whole(end, 2)
    if low < 0:
        raise FunctionError("start index must not be less than zero", 1)
    if low > length:
        raise FunctionError("start index must not be greater than the length of the list", 1)
    if high > length:
        raise FunctionError("end index must not be greater than the length of the list", 2)
    if low > high:
        raise FunctionError("start index must not be greater than end index", 1)
    return low, high


def _slice_type(items: Value, start: Value, end: Value) -> Type:
    _check_slice(items)
    if not isinstance(items.type, TupleType):
        return items.type
    if start.is_unknown or end.is_unknown:
        return DYNAMIC
    low, high = _slice_bounds(items, start, end, len(items.type.elements))
    return TupleType(items.type.elements[low:high])


def _reverse(items: Value) -> Value:
    type_ = _reverse_type(items)
    if is_open_set(items):
        return undecided("reverse", type_, items)
    return Value(type_, tuple(reversed(elements(items))))


def _reverse_type(items: Value) -> Type:
    match items.type:
        case TupleType(elements):
            return TupleType(tuple(reversed(elements)))
        case ListType(element) | SetType(element):
            return ListType(element)
        case _ if items.type is DYNAMIC:
            return DYNAMIC
    raise FunctionError(f"can only reverse list or tuple values, not {friendly_name(items.type)}", 0)


def _sort(items: Value) -> Value:
    for index, item in enumerate(items.data):
        if item.data is None:
            raise FunctionError(f"given list element {index} is null; a null string cannot be sorted", 0)
    if not is_wholly_known(items):
        term = apply("sort", summary(items))
        places = (apply("[]", term, Constant(index, str(index))) for index in range(len(items.data)))
        return value.list_of(STRING, (unknown(STRING, place) for place in places)).marked(value.deep_marks(items))
    ordered = sorted(elements(items), key=lambda item: item.data)
    return value.list_of(STRING, ordered).marked(value.deep_marks(items))


def _index(items: Value, wanted: Value) -> Value:
    if not isinstance(items.type, ListType | TupleType):
        raise FunctionError("argument must be a list or tuple", 0)
    marks = value.deep_marks(items) | value.deep_marks(wanted)
    if not items.data:
        raise FunctionError("cannot search an empty list", 0)
    for position, item in enumerate(items.data):
        found = same(item, wanted)
        if found is None:
            return undecided("index", NUMBER, items, wanted).marked(marks)
        if found:
            return value.number(numbers.count(position)).marked(marks)
    raise FunctionError("item not found")


def _matchkeys(items: Value, keys: Value, searched: Value) -> Value:
    if unify([keys.type, searched.type]) is None:
        raise FunctionError("keys and searchset must be of the same type")
    if len(items.data) != len(keys.data):
        raise FunctionError("length of keys and values should be equal")
    marks = value.deep_marks(items) | value.deep_marks(keys) | value.deep_marks(searched)
    if not all(map(is_wholly_known, (items, keys, searched))):
        return undecided("matchkeys", items.type, items, keys, searched).marked(marks)
    shared = unify([element_type(keys.type), element_type(searched.type)]) or DYNAMIC
    wanted = {value.content_key(convert(item, shared)) for item in searched.data}
    pairs = zip(elements(items), keys.data, strict=True)
    kept = tuple(item for item, key in pairs if value.content_key(convert(key, shared)) in wanted)
    return Value(items.type, kept).marked(marks)


def _alltrue(flags: Value) -> Value:
    return _all_or_any("alltrue", flags, stops_at=False)


def _anytrue(flags: Value) -> Value:
    return _all_or_any("anytrue", flags, stops_at=True)


def _all_or_any(name: str, flags: Value, stops_at: bool) -> Value:
    marks = value.deep_marks(flags)
    open_ = False
    for flag in flags.data:
        if not flag.is_settled:
            open_ = True
            if not stops_at:  # as in Terraform: `alltrue` stops at the first unknown, `anytrue` goes on
                break
        elif bool(flag.data) is stops_at:
            return Value(BOOL, stops_at, marks)
    if open_:
        return undecided(name, BOOL, flags).marked(marks)
    return Value(BOOL, not stops_at, marks)


_LIST = Parameter("list", _ANY_LIST, partial=True)
_STRINGS = Parameter("list", ListType(STRING), partial=True)
_ANY = Parameter("list", DYNAMIC, partial=True)
_FLAGS = Parameter("list", ListType(BOOL), partial=True)


def _same_type(items: Value, *_: Value) -> Type:
    return items.type


FUNCTIONS = (
    Function("alltrue", (_FLAGS,), BOOL, _alltrue),
    Function("anytrue", (_FLAGS,), BOOL, _anytrue),
    Function("chunklist", (_LIST, Parameter("size", NUMBER)), _chunklist_type, _chunklist),
    Function("compact", (_STRINGS,), ListType(STRING), _compact),
    Function("concat", (), _concat_type, _concat, variadic=Parameter("seqs", DYNAMIC, unknown=True, partial=True)),
    Function("distinct", (_LIST,), _same_type, _distinct),
    Function("flatten", (_ANY,), DYNAMIC, _flatten),
    Function("index", (_ANY, Parameter("value", DYNAMIC, partial=True)), NUMBER, _index),
    Function(
        "matchkeys",
        (
            Parameter("values", _ANY_LIST, partial=True),
            Parameter("keys", _ANY_LIST, partial=True),
            Parameter("searchset", _ANY_LIST, partial=True),
        ),
        _same_type,
        _matchkeys,
    ),
    Function("reverse", (_ANY,), _reverse_type, _reverse),
    Function("slice", (_ANY, Parameter("start_index", NUMBER), Parameter("end_index", NUMBER)), _slice_type, _slice),
    Function("sort", (_STRINGS,), ListType(STRING), _sort),
)
