"""Terraform's type conversions, and the common type of several values.

https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion

"""

from collections.abc import Sequence

from iacpolicy.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    friendly_name,
    object_type,
)
from iacpolicy.evaluate.values import numbers
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.choices import choose, refused_arm
from iacpolicy.evaluate.values.errors import ConversionError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import Term, apply
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, deep_marks, is_wholly_known, rest_of, unknown_terms

MAX_DEPTH = 60


def convert(value: Value, target: Type) -> Value:
    """Return the value converted to the target type.

    Raises:
        ConversionError: Terraform has no such conversion.

    """
    return _convert(value, target, 0)


def _convert(value: Value, target: Type, depth: int) -> Value:
    source = value.type
    if target is DYNAMIC or source == target:
        return value
    if depth > MAX_DEPTH:
        raise ConversionError(f"the value is nested more than {MAX_DEPTH} levels deep")
    data = value.data
    if isinstance(data, Choice):
        return _choice(value, data, target, depth)
    if data is None or isinstance(data, Unknown):
        if not _possible(source, target):
            raise ConversionError(_mismatch(target))
        type_ = plain(target) if data is None and source is DYNAMIC else converted_type(source, target)
        if data is None:
            return Value(type_, None, value.marks, value.origins)
        return Value(type_, Unknown(_converted_term(data.term, source, target)), value.marks, value.origins)
    if isinstance(target, Primitive):
        return _primitive(value, target)
    if isinstance(target, ListType | SetType | MapType):
        return _collection(value, target, depth)
    if isinstance(target, TupleType):
        return _tuple(value, target, depth)
    return _object(value, target, depth)


def _choice(value: Value, choice: Choice, target: Type, depth: int) -> Value:
    """Return a choice with both arms converted; an arm that cannot be converted is refused.

    Raises:
        ConversionError: neither arm can be converted.

    """
    arms: list[Value] = []
    failures: list[ConversionError] = []
    for arm in (choice.then, choice.otherwise):
        try:
            arms.append(_convert(arm, target, depth))
        except ConversionError as error:
            failures.append(error)
            arms.append(refused_arm(error, choice.condition))
    if len(failures) == 2:
        raise failures[0]
    return choose(choice.condition, arms[0], arms[1]).with_origins(value.origins).marked(value.marks)


def converted_type(source: Type, target: Type) -> Type:
    """Return the type of a value after its conversion, as far as the two types determine it."""
    if not has_dynamic(target):
        return plain(target)
    match target, source:
        case (Primitive(), _):
            return source
        case (ListType() | SetType() | MapType(), ListType(element) | SetType(element) | MapType(element)):
            return type(target)(converted_type(element, target.element))
        case (ListType() | SetType() | MapType(), TupleType() | ObjectType()):
            parts = source.elements if isinstance(source, TupleType) else [t for _, t in source.attributes]
            shared = unify(parts) if target.element is DYNAMIC and parts else None
            return type(target)(shared) if shared is not None and not has_dynamic(shared) else DYNAMIC
        case (TupleType(elements), TupleType(given)) if len(elements) == len(given):
            return TupleType(tuple(converted_type(g, e) for e, g in zip(elements, given, strict=True)))
        case (ObjectType(attributes), ObjectType()):
            return object_type({k: converted_type(source.get(k) or DYNAMIC, t) for k, t in attributes})
        case _:
            return DYNAMIC


def _converted_term(term: Term, source: Type, target: Type) -> Term:
    """Return the term of a converted unknown value: another term if the conversion changes equality."""
    if isinstance(target, SetType) and not isinstance(source, SetType):
        return apply("toset", term)
    if isinstance(target, Primitive) and source is not DYNAMIC:
        return apply(f"to{target.name}", term)
    return term


def plain(type_: Type) -> Type:
    """Return the type of the values that meet a type constraint, without marks of optional attributes."""
    match type_:
        case ObjectType(attributes):
            return ObjectType(tuple((k, plain(t)) for k, t in attributes))
        case ListType(element):
            return ListType(plain(element))
        case SetType(element):
            return SetType(plain(element))
        case MapType(element):
            return MapType(plain(element))
        case TupleType(elements):
            return TupleType(tuple(plain(e) for e in elements))
        case _:
            return type_


def has_dynamic(type_: Type) -> bool:
    """Report whether a type contains `any`."""
    match type_:
        case Primitive():
            return type_ is DYNAMIC
        case ListType(element) | SetType(element) | MapType(element):
            return has_dynamic(element)
        case TupleType(elements):
            return any(has_dynamic(e) for e in elements)
        case ObjectType(attributes):
            return any(has_dynamic(t) for _, t in attributes)


def _possible(source: Type, target: Type) -> bool:
    """Report whether some value of the source type can be converted."""
    if source is DYNAMIC or target is DYNAMIC:
        return True
    if isinstance(target, Primitive):
        if not isinstance(source, Primitive):
            return False
        return source is target or STRING in (source, target)
    if isinstance(target, ListType | SetType):
        if isinstance(source, TupleType):
            return all(_possible(e, target.element) for e in source.elements)
        return isinstance(source, ListType | SetType) and _possible(source.element, target.element)
    if isinstance(target, MapType):
        if isinstance(source, ObjectType):
            return all(_possible(t, target.element) for _, t in source.attributes)
        return isinstance(source, MapType) and _possible(source.element, target.element)
    if isinstance(target, TupleType):
        return isinstance(source, TupleType) and len(source.elements) == len(target.elements)
    if isinstance(source, MapType):
        return True
    return isinstance(source, ObjectType)


def _mismatch(target: Type) -> str:
    name = friendly_name(target)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name} is required"


def _primitive(value: Value, target: Primitive) -> Value:
    data = value.data
    result: object
    if target is STRING and isinstance(data, bool):
        result = "true" if data else "false"
    elif target is STRING and isinstance(data, Number):
        result = str(data)
    elif target is NUMBER and isinstance(data, str):
        result = numbers.parse(data)
        if result is None:
            raise ConversionError("a number is required")
    elif target is BOOL and isinstance(data, str):
        if data in ("true", "1"):
            result = True
        elif data in ("false", "0"):
            result = False
        else:
            raise ConversionError(_bool_hint(data))
    else:
        raise ConversionError(_mismatch(target))
    return Value(target, result, value.marks, value.origins)


def _bool_hint(text: str) -> str:
    if text.lower() in ("true", "false"):
        return f'a bool is required; to convert from string, use lowercase "{text.lower()}"'
    return "a bool is required"


def _collection(value: Value, target: ListType | SetType | MapType, depth: int) -> Value:
    source, data = value.type, value.data
    if not data and not _possible(source, target):
        raise ConversionError(_mismatch(target))
    if isinstance(target, MapType):
        if not isinstance(data, dict):
            raise ConversionError(_mismatch(target))
        if rest_of(data) is not None:
            term = apply("tomap", *unknown_terms(value))
            return values.unknown(plain(target), term, value.origins, deep_marks(value))
        pairs = dict(data)
        parts = _elements(list(pairs.values()), target.element, source, depth, list(pairs))
        element = _element_type(target.element, parts, source)
        result = values.map_of(element, dict(zip(pairs, parts, strict=True)))
    else:
        if not isinstance(data, tuple) or (
            isinstance(target, ListType) and not isinstance(source, ListType | SetType | TupleType)
        ):
            raise ConversionError(_mismatch(target))
        parts = _elements(list(data), target.element, source, depth, None)
        element = _element_type(target.element, parts, source)
        is_list_of_set = isinstance(source, SetType) and isinstance(target, ListType)
        if is_list_of_set and len(data) > 1 and not is_wholly_known(value):  # their order and number are unknown
            term = apply("tolist", *unknown_terms(value))
            return values.unknown(ListType(element), term, value.origins, deep_marks(value))
        make = values.list_of if isinstance(target, ListType) else values.set_of
        result = make(element, parts)
    return Value(result.type, result.data, result.marks | value.marks, value.origins)


def _elements(parts: list[Value], element: Type, source: Type, depth: int, keys: list[str] | None) -> list[Value]:
    if has_dynamic(element) and isinstance(source, TupleType | ObjectType) and parts:
        shared = unify([p.type for p in parts])
        # go-cty has no common type for a plain null and a list, map, tuple or object, except in a map
        has_null = any(p.data is None and p.type is DYNAMIC for p in parts)
        if shared is None or (keys is None and has_null and not all(isinstance(p.type, Primitive) for p in parts)):
            kind = "map" if keys is not None else "list"
            raise ConversionError(f"all {kind} elements must have the same type")
        if element is DYNAMIC:
            element = shared
    converted = []
    for index, part in enumerate(parts):
        try:
            converted.append(_convert(part, element, depth + 1))
        except ConversionError as error:
            step = f'["{keys[index]}"]' if keys is not None else f"[{index}]"
            raise ConversionError(
                f"element {step}: {error.detail}" if depth == 0 else f"{step}: {error.detail}"
            ) from None
    types = dict.fromkeys(p.type for p in converted)
    if len(types) > 1 and has_dynamic(element) and DYNAMIC not in types:
        shared = unify(list(types))
        if shared is not None and not has_dynamic(shared):
            return [_convert(part, shared, depth + 1) for part in converted]
    return converted


def _element_type(wanted: Type, parts: Sequence[Value], source: Type) -> Type:
    if not has_dynamic(wanted):
        return plain(wanted)
    if not parts:
        if isinstance(source, ListType | SetType | MapType):
            return converted_type(source.element, wanted)
        return plain(wanted)
    types = {p.type for p in parts if p.type is not DYNAMIC or p.data is not None}
    return types.pop() if len(types) == 1 else DYNAMIC


def _tuple(value: Value, target: TupleType, depth: int) -> Value:
    if not isinstance(value.data, tuple) or isinstance(value.type, SetType):
        raise ConversionError(_mismatch(target))
    if len(value.data) != len(target.elements):
        raise ConversionError(f"tuple of length {len(target.elements)} is required")
    result = values.tuple_of(_convert(p, t, depth + 1) for p, t in zip(value.data, target.elements, strict=True))
    return Value(result.type, result.data, value.marks, value.origins)


def _object(value: Value, target: ObjectType, depth: int) -> Value:
    data = value.data
    if not isinstance(data, dict):
        raise ConversionError(_mismatch(target))
    parts: dict[str, Value] = {}
    tell = getattr(data, "open", None)
    missing = [k for k, _ in target.attributes if k not in data and k not in target.optional and tell is None]
    if missing:
        listed = ", ".join(f'"{m}"' for m in missing)
        noun = "attribute" if len(missing) == 1 else "attributes"
        verb = "is" if len(missing) == 1 else "are"
        raise ConversionError(f"{noun} {listed} {verb} required")
    for name, type_ in target.attributes:
        if name not in data and tell is None:
            parts[name] = values.null(plain(type_))
            continue
        try:
            given = data[name] if name in data or tell is None else tell(name)
            parts[name] = _convert(given, type_, depth + 1)
        except ConversionError as error:
            raise ConversionError(f'attribute "{name}": {error.detail}') from None
    result = values.object_of(parts)
    return Value(result.type, result.data, value.marks, value.origins)


def unify(types: Sequence[Type], unsafe: bool = False) -> Type | None:
    """Return the most specific type to which values of all these types can be converted, or None.

    The rules are those of go-cty. Primitives have string in common. Tuples of one length are unified by element, and
    other tuples and lists have a list in common. Objects with equal attributes are unified by attribute, and other
    objects and maps have a map in common. With `unsafe`, as for the arms of a conditional, a set is possible too,
    although the conversion to it may fail.

    """
    known = [t for t in types if t is not DYNAMIC]
    if not known:
        return DYNAMIC
    first = known[0]
    if len(known) < len(types):
        if len({_kind(t) for t in known}) > 1 or all(isinstance(t, Primitive) for t in known):
            return unify(known, unsafe)
        is_structural = any(isinstance(t, TupleType | ObjectType) for t in known)
        return first if not is_structural and all(t == first for t in known) else DYNAMIC
    if all(t == first for t in known):
        return first
    if all(isinstance(t, Primitive) for t in known):
        return STRING if STRING in known or len(set(known)) == 1 else None
    if all(isinstance(t, ObjectType) for t in known):
        return _unify_objects([t for t in known if isinstance(t, ObjectType)], unsafe)
    if all(isinstance(t, TupleType) for t in known):
        return _unify_tuples([t for t in known if isinstance(t, TupleType)], unsafe)
    if all(isinstance(t, ObjectType | MapType) for t in known):
        return _unify_elements(known, MapType, unsafe)
    if all(isinstance(t, SetType) for t in known):
        return _unify_elements(known, SetType, unsafe)
    if all(isinstance(t, TupleType | ListType) for t in known):
        return _unify_elements(known, ListType, unsafe)
    if all(isinstance(t, TupleType | ListType | SetType) for t in known):
        return _unify_with_sets(known, unsafe)
    return None


def _unify_with_sets(types: Sequence[Type], unsafe: bool) -> Type | None:
    """Return the common type of sets, lists and tuples: one of the given types, a list before a set."""
    for wanted in sorted((t for t in types if not isinstance(t, TupleType)), key=lambda t: isinstance(t, SetType)):
        kind = ListType if isinstance(wanted, ListType) else SetType
        others = [t for t in types if t != wanted]
        if all(
            _possible(t, wanted) if unsafe else _unify_elements((t, wanted), kind, unsafe) == wanted for t in others
        ):
            return wanted
    return None


def _kind(type_: Type) -> type:
    return Primitive if isinstance(type_, Primitive) else type(type_)


def _unify_objects(types: Sequence[ObjectType], unsafe: bool) -> Type | None:
    names = [k for k, _ in types[0].attributes]
    if all([k for k, _ in t.attributes] == names for t in types):
        unified = {}
        for name in names:
            shared = unify([t.get(name) or DYNAMIC for t in types], unsafe)
            if shared is None:
                return None
            unified[name] = shared
        return object_type(unified)
    return _unify_elements(types, MapType, unsafe)


def _unify_tuples(types: Sequence[TupleType], unsafe: bool) -> Type | None:
    length = len(types[0].elements)
    if all(len(t.elements) == length for t in types):
        unified = []
        for index in range(length):
            shared = unify([t.elements[index] for t in types], unsafe)
            if shared is None:
                return None
            unified.append(shared)
        return TupleType(tuple(unified))
    return _unify_elements(types, ListType, unsafe)


def _unify_elements(
    types: Sequence[Type], kind: type[ListType] | type[SetType] | type[MapType], unsafe: bool
) -> Type | None:
    parts: list[Type] = []
    for type_ in types:
        match type_:
            case ListType(element) | SetType(element) | MapType(element):
                parts.append(element)
            case TupleType(elements):
                parts.extend(elements)
            case ObjectType(attributes):
                parts.extend(t for _, t in attributes)
            case _:
                return None
    shared = unify(parts, unsafe) if parts else DYNAMIC
    return None if shared is None else kind(shared)
