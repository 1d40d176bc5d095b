"""Helpers of all families: bounded text, whole numbers, and the types and elements of collections."""

from unicodedata import is_normalized, normalize

from iacpolicy.core.types import DYNAMIC, STRING, ListType, MapType, ObjectType, SetType, TupleType, Type
from iacpolicy.evaluate.values.choices import distribute
from iacpolicy.evaluate.values.convert import unify
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.operators import equal
from iacpolicy.evaluate.values.value import Value, is_wholly_known

MAX_TEXT = 10_000_000
MAX_ELEMENTS = 100_000
_INT64 = 1 << 63


def text(content: str) -> Value:
    """Return a string value as Terraform holds it, in Unicode's normal form C.

    Raises:
        FunctionError: it is longer than `MAX_TEXT`.
    """
    bounded(len(content))
    if not content.isascii() and not is_normalized("NFC", content):
        content = normalize("NFC", content)
    return Value(STRING, content)


def bounded(length: int) -> None:
    """Refuse a text that would be too long, before it is built.

    Raises:
        FunctionError: it would be longer than `MAX_TEXT`.
    """
    if length > MAX_TEXT:
        raise FunctionError(f"the result would be longer than {MAX_TEXT} characters (limit: length of strings)")


def bounded_elements(count: int) -> None:
    """Refuse a collection that would be too large, before it is built.

    Raises:
        FunctionError: it would have more than `MAX_ELEMENTS` elements.
    """
    if count > MAX_ELEMENTS:
        raise FunctionError(f"the result would have more than {MAX_ELEMENTS} elements (limit: size of collections)")


def whole(value: Value, argument: int) -> int:
    """Return a number argument as an integer.

    Raises:
        FunctionError: it is not whole, or does not fit into 64 bits.
    """
    data = value.data
    if not data.is_integer:
        raise FunctionError("a whole number is required", argument)
    result = int(data) if data.exponent < 64 else _INT64
    if not -_INT64 <= result < _INT64:
        raise FunctionError(f"the value must be between {-_INT64} and {_INT64 - 1}", argument)
    return result


def element_type(type_: Type) -> Type:
    """Return the type of the elements; of a tuple or an object the type that they share, or dynamic."""
    match type_:
        case ListType(element) | SetType(element) | MapType(element):
            return element
        case TupleType(elements):
            return unify(elements) or DYNAMIC
        case ObjectType(attributes):
            return unify([t for _, t in attributes]) or DYNAMIC
        case _:
            return DYNAMIC


def is_open_set(value: Value) -> bool:
    """Report whether a value is a set with an unknown element, so that order and number of elements are unknown."""
    return isinstance(value.type, SetType) and len(value.data or ()) > 1 and not is_wholly_known(value)


def same(left: Value, right: Value) -> bool | None:
    """Report whether two values are equal, None where that is unknown."""
    data = distribute(equal, left, right).data
    return data if isinstance(data, bool) else None
