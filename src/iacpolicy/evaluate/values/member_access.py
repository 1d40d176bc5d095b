"""Attributes, indexes and splats: https://developer.hashicorp.com/terraform/language/expressions/references."""

from collections.abc import Callable

from iacpolicy.core.similar import did_you_mean
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
from iacpolicy.evaluate.values import value
from iacpolicy.evaluate.values.choices import choose, distribute, refused_arm, summary, term_of
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.element_steps import through
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError, StaticError
from iacpolicy.evaluate.values.identities import (
    AttributeStep,
    IndexStep,
    InputVariable,
    NoElement,
    SplatStep,
    UnknownIndexStep,
)
from iacpolicy.evaluate.values.lazy import LazyObject
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.quoting import quote
from iacpolicy.evaluate.values.refinements import is_never_null
from iacpolicy.evaluate.values.terms import Cause, Constant, Reason, Symbol, Term, apply, fact_symbol, part, symbol
from iacpolicy.evaluate.values.value import Unknown, Value, unknown

MAX_CHOICES = 16
MAX_KEY = 300
NULL = Constant(None, "null")


def attribute(target: Value, name: str) -> Value:
    """Return `target.name`.

    Raises:
        EvaluationError: the target is null or has no such attribute.

    """
    return distribute(lambda t: _attribute(t, name), target)


def index(target: Value, key: Value) -> Value:
    """Return `target[key]`.

    Raises:
        EvaluationError: the target or the key is null or of a wrong type, or there is no such element.

    """
    return distribute(_index, target, key)


def splat(target: Value, each: Callable[[Value], Value]) -> Value:
    """Return `target[*]` with the rest of its traversal applied to each element.

    The result is an empty tuple for null, and a tuple of one for a value that is not a list, set or tuple.

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
            no_attribute(name, list(data), isinstance(target.type, ObjectType)),
        )
    if isinstance(data, Unknown):
        return unknown(
            _attribute_type(target.type, name), part(data.term, AttributeStep(name)), target.origins, target.marks
        )
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


def no_attribute(name: str, present: list[str], is_object: bool) -> str:
    """Return the message for an absent attribute or key, with the most similar name."""
    hint = did_you_mean(name, present)
    if is_object:
        return f'This object does not have an attribute named "{name}".{hint}'
    return f'This map does not have an element with the key "{name}".{hint}'


def _attribute_type(type_: Type, name: str) -> Type:
    if isinstance(type_, ObjectType):
        found = type_.get(name)
        if found is None:
            raise EvaluationError("Unsupported attribute", no_attribute(name, [k for k, _ in type_.attributes], True))
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


def _index(target: Value, key: Value) -> Value:
    if key.data is None:
        raise EvaluationError("Invalid index", "Can't use a null value as an indexing key.")
    marks = target.marks | key.marks
    data = target.data
    if data is None:
        raise EvaluationError("Attempt to index null value", "This value is null, so it does not have any indices.")
    if isinstance(data, Unknown):
        if isinstance(target.type, Primitive | SetType) and target.type is not DYNAMIC:
            raise _no_indices(target.type)
        type_ = _type_at(target.type, key)
        return unknown(type_, _index_term(data.term, key), target.origins, marks)
    if isinstance(key.data, Unknown):
        if isinstance(data, tuple | dict) and not isinstance(target.type, SetType):
            chosen = one_of(target, key)
            if chosen is not None:
                return chosen.marked(marks)
            return unknown(
                element_type(target.type), apply("[]", summary(target), key.data.term), target.origins, marks
            )
        if key.type is not DYNAMIC:
            raise _no_indices(target.type)
        return unknown(DYNAMIC, apply("[]", summary(target), key.data.term), target.origins, marks)
    if isinstance(data, dict):
        name = _key(key, STRING).data
        if name in data:
            # in Terraform, a sensitive key makes the element of a map sensitive, but not the attribute of an object
            marks = marks if isinstance(target.type, MapType) else target.marks
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
    raise _no_indices(target.type)


def _type_at(type_: Type, key: Value) -> Type:
    """Return the type of an element of an unknown value.

    Raises:
        EvaluationError: no value of this type has such an element.

    """
    if isinstance(type_, TupleType) and key.is_settled:
        at = _key(key, NUMBER).data
        position = int(at) if at.is_integer and at.exponent < 64 else -1
        if not 0 <= position < len(type_.elements):
            raise EvaluationError(
                "Invalid index",
                "The given key does not identify an element in this collection value: it has "
                f"{len(type_.elements)} elements.",
            )
        return type_.elements[position]
    if isinstance(type_, ObjectType) and key.is_settled:
        return _attribute_type(type_, _key(key, STRING).data)
    return element_type(type_)


def _no_indices(type_: Type) -> EvaluationError:
    if isinstance(type_, SetType):
        return EvaluationError(
            "Invalid index",
            "Elements of a set are identified only by their value and don't have any separate index or key to "
            "select with, so it's only possible to perform operations across all elements of the set.",
        )
    return EvaluationError("Invalid index", "This value does not have any indices.")


def one_of(target: Value, key: Value, otherwise: Value | None = None) -> Value | None:
    """Return the element at an unknown key as a choice of all elements and `otherwise`, None if they are too many.

    Without `otherwise`, a key without an element is refused.

    """
    data = target.data
    wanted = STRING if isinstance(data, dict) else NUMBER
    is_open = isinstance(data, LazyObject) and data.open is not None
    if is_open or not isinstance(key.data, Unknown) or not 0 < len(data) <= MAX_CHOICES or key.type != wanted:
        return None
    term = key.data.term
    result = otherwise
    if result is None:
        detail = f"The key {term.text} identifies no element of this collection value."
        result = refused_arm(EvaluationError("Invalid index", detail), term)
    for one in reversed(data) if isinstance(data, dict) else range(len(data) - 1, -1, -1):
        known = value.string(one) if isinstance(one, str) else value.number(one)
        result = choose(apply("==", term, term_of(known)), through(target, data[one]), result)
    return result


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
        return part(term, IndexStep(key.data, quote(key.data)))
    if isinstance(key.data, Number):
        return part(term, IndexStep(key.data, str(key.data)))
    index = term_of(key)
    if isinstance(term, Symbol) and isinstance(index, Symbol) and len(term.key) < MAX_KEY:
        match term.identity.fact:
            case InputVariable(module=""):
                # the element of a variable for one instance, `var.names[count.index]`, is one missing fact
                why = tuple(dict.fromkeys((*term.reasons, *index.reasons)))
                return symbol(term.identity.part(UnknownIndexStep(index.identity)), why)
    return apply("[]", term, index)


def element_type(type_: Type) -> Type:
    """Return the common type of all elements, dynamic if they differ."""
    match type_:
        case ListType(element) | MapType(element) | SetType(element):
            return element
        case TupleType(elements) if elements:
            return elements[0] if all(e == elements[0] for e in elements) else DYNAMIC
        case ObjectType(attributes) if attributes:
            first = attributes[0][1]
            return first if all(t == first for _, t in attributes) else DYNAMIC
        case _:
            return DYNAMIC


def _splat(target: Value, each: Callable[[Value], Value]) -> Value:
    data, type_ = target.data, target.type if type(target.data) is not tuple else None
    if data is None:
        if isinstance(type_, ListType | SetType | TupleType):
            raise EvaluationError("Splat of null value", "Splat expressions (with the * symbol) need a value here.")
        return value.EMPTY_TUPLE_VALUE.marked(target.marks)
    if isinstance(data, Unknown):
        return _splat_unknown(target, data.term, each)
    if isinstance(data, tuple):
        plain = target.unmarked()
        items = [each(through(plain, e)) for e in data]
        return _spread(target.type, items, each).with_origins(target.origins).marked(target.marks)
    one = value.tuple_of((each(target.unmarked()),), target.origins)
    return one.marked(target.marks)


def _spread(source: Type, items: list[Value], each: Callable[[Value], Value]) -> Value:
    """Return the result of a splat over known elements: a list for a list or set with elements of one type."""
    if isinstance(source, ListType | SetType):
        types = {i.type for i in items}
        if len(types) == 1:
            return value.list_of(types.pop(), items)
        if not items:
            nothing = fact_symbol(NoElement(), Reason(Cause.LIMIT, "there is no element"))
            return value.list_of(each(unknown(source.element, nothing)).type, ())
    return value.tuple_of(items)


def _splat_unknown(target: Value, term: Term, each: Callable[[Value], Value]) -> Value:
    type_ = target.type
    if type_ is DYNAMIC or isinstance(type_, ListType | SetType | TupleType):
        item = each(unknown(element_type(type_), part(term, SplatStep())))
        made = ListType(item.type) if isinstance(type_, ListType | SetType) else DYNAMIC
        return unknown(made, summary(item), target.origins, target.marks | item.marks)
    condition = apply("==", term, NULL)
    try:
        one = value.tuple_of((each(target.unmarked()),), target.origins)
    except StaticError:
        raise
    except EvaluationError as error:
        if is_never_null(term):
            raise
        one = refused_arm(error, condition)
    if not is_never_null(term):
        one = choose(condition, value.EMPTY_TUPLE_VALUE, one)
    return one.marked(target.marks)
