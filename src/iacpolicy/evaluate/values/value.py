"""Values: Terraform's type, a payload, marks, and origins.

The payload (`data`) of a known value is `None` for null, or a `str`, `Number` or `bool`. For a list, set or tuple it is
a tuple of values. For a map or object it is a dict from name to value. A dict has Terraform's order of keys and is
never changed. The payload of an unknown value is an `Unknown`. A value that depends on an unknown condition has a
`Choice` of both arms.

"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

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
    object_type,
)
from iacpolicy.evaluate.values import numbers
from iacpolicy.evaluate.values.identities import Fact
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.origins import Origins
from iacpolicy.evaluate.values.terms import Reason, Term, fact_symbol

SENSITIVE = 1
EPHEMERAL = 2
MAX_DEPTH = 100


class Unknown:
    """An unknown payload; `term` contains the facts that it depends on, and the reasons."""

    __slots__ = ("term",)

    def __init__(self, term: Term) -> None:
        self.term = term


class Choice:
    """One of two values, by an unknown condition."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(self, condition: Term, then: "Value", otherwise: "Value") -> None:
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


Payload: TypeAlias = "None | str | Number | bool | tuple[Value, ...] | dict[str, Value] | Unknown | Choice"


class Value:
    """One value of Terraform's language; immutable."""

    __slots__ = ("data", "marks", "origins", "type")

    def __init__(self, type_: Type, data: Any, marks: int = 0, origins: Origins = ()) -> None:
        self.type = type_
        self.data = data
        self.marks = marks
        self.origins = origins

    def __repr__(self) -> str:
        return f"Value({self.type}, {'(marked)' if self.marks else self.data!r})"

    @property
    def is_null(self) -> bool:
        return self.data is None

    @property
    def is_unknown(self) -> bool:
        """Report whether only the type is known; a choice, or a list with unknown elements, is not unknown."""
        return type(self.data) is Unknown

    @property
    def is_choice(self) -> bool:
        return type(self.data) is Choice

    @property
    def is_settled(self) -> bool:
        """Report whether the value is neither unknown nor a choice; its elements may be."""
        return type(self.data) is not Unknown and type(self.data) is not Choice

    def marked(self, marks: int) -> "Value":
        """Return the same value with additional marks."""
        if marks | self.marks == self.marks:
            return self
        return Value(self.type, self.data, self.marks | marks, self.origins)

    def unmarked(self) -> "Value":
        """Return the same value without its own marks; those of its elements stay."""
        return Value(self.type, self.data, 0, self.origins) if self.marks else self

    def with_origins(self, origins: Origins) -> "Value":
        """Return the same value with other origins."""
        return Value(self.type, self.data, self.marks, origins)


TRUE = Value(BOOL, True)
FALSE = Value(BOOL, False)


def string(text: str, origins: Origins = ()) -> Value:
    return Value(STRING, text, 0, origins)


def number(value: Number | int, origins: Origins = ()) -> Value:
    """Return a number; a plain int gets the precision of a literal."""
    return Value(NUMBER, numbers.from_int(value) if isinstance(value, int) else value, 0, origins)


def boolean(value: bool) -> Value:
    return TRUE if value else FALSE


def null(type_: Type = DYNAMIC) -> Value:
    return Value(type_, None)


def unknown(type_: Type, term: Term, origins: Origins = (), marks: int = 0) -> Value:
    return Value(type_, Unknown(term), marks, origins)


def unknown_because(type_: Type, fact: Fact, *reasons: Reason) -> Value:
    """Return an unknown value that is a missing fact of its own."""
    return unknown(type_, fact_symbol(fact, *reasons))


def tuple_of(items: Iterable[Value], origins: Origins = ()) -> Value:
    elements = tuple(items)
    return Value(TupleType(tuple(e.type for e in elements)), elements, 0, origins)


def list_of(element: Type, items: Iterable[Value], origins: Origins = ()) -> Value:
    """Return a list; the items must have the element type already."""
    return Value(ListType(element), tuple(items), 0, origins)


def set_of(element: Type, items: Iterable[Value], origins: Origins = ()) -> Value:
    """Return a set of items of the element type: equal ones once, in Terraform's order.

    As in Terraform, a mark on an element becomes a mark of the whole set.

    """
    unique: dict[Any, Value] = {}
    marks = 0
    for item in items:
        marks |= deep_marks(item)
        unique.setdefault(content_key(item), item)
    ordered = sorted(unique.items(), key=lambda pair: _set_order(pair[0]))
    return Value(SetType(element), tuple(v for _, v in ordered), marks, origins)


def map_of(element: Type, items: Mapping[str, Value], origins: Origins = ()) -> Value:
    """Return a map with its keys in Terraform's order; the values must have the element type already."""
    return Value(MapType(element), {k: items[k] for k in sorted(items)}, 0, origins)


def object_of(items: Mapping[str, Value], origins: Origins = ()) -> Value:
    ordered = {k: items[k] for k in sorted(items)}
    return Value(object_type({k: v.type for k, v in ordered.items()}), ordered, 0, origins)


EMPTY_OBJECT_VALUE = object_of({})
EMPTY_TUPLE_VALUE = tuple_of(())


def rest_of(data: Any) -> Value | None:
    """Return one unknown value for all other attributes that an object may have, None if there are none."""
    return None if type(data) is dict else getattr(data, "rest", None)


def children(value: Value) -> Iterator[Value]:
    """Yield the direct elements of a value, both arms of a choice included."""
    data = value.data
    if isinstance(data, tuple):
        yield from data
    elif isinstance(data, dict):
        yield from data.values()
        rest = rest_of(data)
        if rest is not None:
            yield rest
    elif isinstance(data, Choice):
        yield data.then
        yield data.otherwise


def walk(value: Value) -> Iterator[Value]:
    """Yield the value and all values in it; shared parts are visited once."""
    pending, seen = [value], set()
    while pending:
        current = pending.pop()
        yield current
        if isinstance(current.data, tuple | dict | Choice) and id(current) not in seen:
            seen.add(id(current))
            pending.extend(child for child in children(current) if id(child) not in seen)


def deep_marks(value: Value) -> int:
    """Return the marks of a value and of all values in it."""
    if not isinstance(value.data, tuple | dict | Choice):
        return value.marks
    marks = 0
    for part in walk(value):
        marks |= part.marks
    return marks


def first_unsettled(value: Value) -> Value | None:
    """Return a part that is unknown or a choice, None if the whole value is known."""
    if not isinstance(value.data, tuple | dict):
        return None if value.is_settled else value
    return next((part for part in walk(value) if not part.is_settled), None)


def is_wholly_known(value: Value) -> bool:
    return first_unsettled(value) is None


def unknown_terms(value: Value, limit: int = 8) -> tuple[Term, ...]:
    """Return the terms that a partly unknown value depends on, each once."""
    found: dict[str, Term] = {}
    for part in walk(value):
        term: Term | None = None
        if isinstance(part.data, Unknown):
            term = part.data.term
        elif isinstance(part.data, Choice):
            term = part.data.condition
        if term is not None:
            found.setdefault(term.key, term)
            if len(found) >= limit:
                break
    return tuple(found.values())


def content_key(value: Value) -> Any:
    """Return a hashable key: equal for equal values, and for unknown values with equal terms."""
    data = value.data
    if data is None or isinstance(data, str | bool | Number):
        return (_RANK[type(data)], data)
    if isinstance(data, tuple):
        return (5, tuple(content_key(v) for v in data))
    if isinstance(data, dict):
        return (6, tuple((k, content_key(v)) for k, v in data.items()))
    if isinstance(data, Unknown):
        return (7, data.term.key)
    return (8, data.condition.key, content_key(data.then), content_key(data.otherwise))


_RANK: dict[type, int] = {type(None): 0, bool: 1, Number: 2, str: 3}


def _set_order(key: Any) -> Any:
    """Return a sort key in go-cty's order: nulls last, primitives by value, all others by the text of their hash."""
    rank, content = key[0], key[1]
    if rank == 0:
        return (9, 0)
    if rank in (1, 2):
        return (rank, content)
    if rank == 3:
        return (rank, content.encode())
    return (5, _hashed_text(key))


def _hashed_text(key: Any) -> bytes:
    rank, content = key[0], key[1]
    if rank == 0:
        return b"null"
    if rank == 1:
        return b"T" if content else b"F"
    if rank == 2:
        return f"{float(content):.10g}".encode()
    if rank == 3:
        escaped = content.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'.encode()
    if rank == 5:
        return b"[%s]" % b"".join(_hashed_text(part) + b";" for part in content)
    if rank == 6:
        return b"{%s}" % b"".join(f'"{name}":'.encode() + _hashed_text(part) + b";" for name, part in content)
    return repr(key).encode()


__all__ = [
    "EMPTY_OBJECT_VALUE",
    "EMPTY_TUPLE_VALUE",
    "EPHEMERAL",
    "FALSE",
    "SENSITIVE",
    "TRUE",
    "Choice",
    "ObjectType",
    "Unknown",
    "Value",
    "boolean",
    "children",
    "content_key",
    "deep_marks",
    "first_unsettled",
    "is_wholly_known",
    "list_of",
    "map_of",
    "null",
    "number",
    "object_of",
    "rest_of",
    "set_of",
    "string",
    "tuple_of",
    "unknown",
    "unknown_because",
    "unknown_terms",
    "walk",
]
