"""Attributes, indexes and splats: https://developer.hashicorp.com/terraform/language/expressions/references."""

from collections.abc import Callable
from difflib import get_close_matches

from iacpolicy.core.types import (
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
)
from iacpolicy.evaluate import values
from iacpolicy.evaluate.choices import distribute, term_of
from iacpolicy.evaluate.convert import convert, unify
from iacpolicy.evaluate.errors import ConversionError, EvaluationError
from iacpolicy.evaluate.lazy import LazyObject
from iacpolicy.evaluate.numbers import Number
from iacpolicy.evaluate.origins import Origin, OriginKind, Origins
from iacpolicy.evaluate.rendering import quote
from iacpolicy.evaluate.terms import Leaf, Term, apply
from iacpolicy.evaluate.values import Unknown, Value, unknown


def attribute(target: Value, name: str) -> Value:
    """`target.name`.

    Raises:
        EvaluationError: the target is null or has no such attribute.
    """
    return distribute(lambda t: _attribute(t, name), target)


def index(target: Value, key: Value) -> Value:
    """`target[key]`.

    Raises:
        EvaluationError: the target or the key is null, of a wrong type, or there is no such element.
    """
    return distribute(_index, target, key)


def splat(target: Value, each: Callable[[Value], Value]) -> Value:
    """`target[*]` with the rest of its traversal applied to each element.

    A null becomes an empty tuple, a value that is no list, set or tuple a tuple of one.
    """
    return distribute(lambda t: _splat(t, each), target)


def _attribute(target: Value, name: str) -> Value:
    data = target.data
    if isinstance(data, dict):
        if name in data:
            return through(target, data[name])
        if isinstance(data, LazyObject) and data.open is not None:
            return through(target, data.open(name))
        raise EvaluationError(
            "Unsupported attribute" if isinstance(target.type, ObjectType) else "Missing map element",
            _no_attribute(name, list(data), isinstance(target.type, ObjectType)),
        )
    if isinstance(data, Unknown):
        return unknown(_attribute_type(target.type, name), step(data.term, f".{name}"), target.origins, target.marks)
    if data is None:
        raise EvaluationError(
            "Attempt to get attribute from null value",
            "This value is null, so it does not have any attributes.",
        )
    detail = f"This value does not have any attributes: it is a {friendly_name(target.type)}."
    if isinstance(data, tuple):
        detail = (
            f'Can\'t access attributes on a list of objects. Did you mean to access attribute "{name}" for a '
            "specific element of the list, or across all elements of the list?"
        )
    raise EvaluationError("Unsupported attribute", detail)


def _no_attribute(name: str, present: list[str], is_object: bool) -> str:
    close = get_close_matches(name, present, 1)
    hint = f' Did you mean "{close[0]}"?' if close else ""
    if is_object:
        return f'This object does not have an attribute named "{name}".{hint}'
    return f'This map does not have an element with the key "{name}".{hint}'


def _attribute_type(type_: Type, name: str) -> Type:
    if isinstance(type_, ObjectType):
        found = type_.get(name)
        if found is None:
            raise EvaluationError("Unsupported attribute", _no_attribute(name, [k for k, _ in type_.attributes], True))
        return found
    if isinstance(type_, MapType):
        return type_.element
    if type_ is DYNAMIC:
        return DYNAMIC
    if isinstance(type_, Primitive):
        raise EvaluationError(
            "Unsupported attribute", f"This value does not have any attributes: it is a {friendly_name(type_)}."
        )
    return DYNAMIC


def step(term: Term, text: str) -> Term:
    """The term of a part of what is not known; a part of a missing fact is a missing fact of its own name."""
    if isinstance(term, Leaf) and len(term.key) < 300:
        return Leaf(term.key + text, term.text + text, term.reasons)
    return apply(text, term)


def _index(target: Value, key: Value) -> Value:
    if key.data is None:
        raise EvaluationError("Invalid index", "Can't use a null value as an indexing key.")
    marks = target.marks | key.marks
    data = target.data
    if data is None:
        raise EvaluationError("Attempt to index null value", "This value is null, so it does not have any indices.")
    if isinstance(data, Unknown):
        term = _index_term(data.term, key)
        return unknown(_element_type(target.type), term, target.origins, marks)
    if isinstance(key.data, Unknown):
        return unknown(_element_type(target.type), apply("[]", _summary(target), key.data.term), target.origins, marks)
    if isinstance(data, dict):
        name = _key(key, STRING).data
        if name in data:
            return through(target, data[name]).marked(marks)
        if isinstance(data, LazyObject) and data.open is not None:
            return through(target, data.open(name)).marked(marks)
        raise EvaluationError(
            "Invalid index",
            f"The given key does not identify an element in this collection value: there is no key {quote(name)}.",
        )
    if isinstance(data, tuple) and not isinstance(target.type, SetType):
        at = _key(key, NUMBER).data
        if not at.is_integer:
            raise EvaluationError(
                "Invalid index",
                "The given key does not identify an element in this collection value: "
                "indexing a sequence requires a whole number.",
            )
        position = int(at)
        if not 0 <= position < len(data):
            raise EvaluationError(
                "Invalid index",
                "The given key does not identify an element in this collection value: "
                + (
                    "the collection has no elements."
                    if not data
                    else "the given index is greater than or equal to the length of the collection."
                    if position >= 0
                    else "a negative number is not a valid index for a sequence."
                ),
            )
        return through(target, data[position]).marked(marks)
    if isinstance(target.type, SetType):
        raise EvaluationError(
            "Invalid index",
            "Elements of a set are identified only by their value and don't have any separate index or key to "
            "select with, so it's only possible to perform operations across all elements of the set.",
        )
    raise EvaluationError("Invalid index", "This value does not have any indices.")


def _key(key: Value, wanted: Primitive) -> Value:
    try:
        return convert(key, wanted)
    except ConversionError as error:
        raise EvaluationError(
            "Invalid index",
            f"The given key does not identify an element in this collection value: {error.detail}.",
        ) from None


def _index_term(term: Term, key: Value) -> Term:
    if isinstance(key.data, str):
        return step(term, f"[{quote(key.data)}]")
    if isinstance(key.data, Number):
        return step(term, f"[{key.data}]")
    return apply("[]", term, term_of(key))


def _summary(value: Value) -> Term:
    from iacpolicy.evaluate.functions.frame import summary

    return summary(value)


def _element_type(type_: Type) -> Type:
    match type_:
        case ListType(element) | MapType(element):
            return element
        case TupleType(elements):
            return unify(list(elements)) or DYNAMIC
        case ObjectType(attributes):
            return unify([t for _, t in attributes]) or DYNAMIC
        case _:
            return DYNAMIC


def _splat(target: Value, each: Callable[[Value], Value]) -> Value:
    data = target.data
    if data is None:
        return values.EMPTY_TUPLE_VALUE.marked(target.marks)
    if isinstance(data, Unknown):
        type_ = target.type
        if isinstance(type_, ListType | SetType | TupleType) or type_ is DYNAMIC:
            return unknown(DYNAMIC, step(data.term, "[*]"), target.origins, target.marks)
        return values.tuple_of((each(target),), target.origins).marked(target.marks)
    if isinstance(target.type, ListType | SetType | TupleType):
        return values.tuple_of((each(through(target, e)) for e in data), target.origins).marked(target.marks)
    return values.tuple_of((each(target),), target.origins).marked(target.marks)


def through(container: Value, element: Value) -> Value:
    """An element taken out of a container: the container's marks and the hops by which it came stay with it."""
    if container.marks:
        element = element.marked(container.marks)
    if len(container.origins) == 1:
        rewound = _rewound(container.origins[0], element.origins, 0)
        if rewound is not element.origins:
            return element.came_by(rewound)
    return element


def _rewound(hop: Origin, written: Origins, depth: int) -> Origins:
    """The hops of a container with the place where the element was written at their beginning."""
    if hop.kind is OriginKind.LITERAL or depth > 30:
        return written
    if len(hop.parents) == 1:
        parents = _rewound(hop.parents[0], written, depth + 1)
    else:
        parents = written
    return (Origin(hop.kind, hop.name, hop.source, hop.start, hop.end, parents),)
