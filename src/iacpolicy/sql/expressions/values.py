"""Values of SQL expressions, which may be partly unknown.

None is SQL's null. A text may hold a `HOLE` for each part that is unknown. A comparison with such a text is `UNKNOWN`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from iacpolicy.sql.model.names import QualifiedName

HOLE = "\0"
"""The mark for an unknown part of a text; no text in PostgreSQL can hold this character."""

MAX_VALUES = 1000
"""The bound on the elements of an array."""


class UnknownSqlValue:
    """The type of `UNKNOWN`, a value that may be anything, null included."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = UnknownSqlValue()


class Oid(NamedTuple):
    """The identity of an object: its kind (`class`, `schema`, `role`, `function`), its name, and its argument types."""

    kind: str
    name: QualifiedName
    arguments: tuple[str, ...] = ()


class OneOf(NamedTuple):
    """One of several texts; which one is unknown."""

    texts: tuple[str, ...]


Value = str | int | bool | None | list[Any] | Oid | OneOf | UnknownSqlValue
Row = Mapping[str, Value]


def is_known(value: Value) -> bool:
    """Return whether a value is known in full."""
    return not (isinstance(value, UnknownSqlValue | OneOf) or (isinstance(value, str) and HOLE in value))


def flattened(values: Iterable[Value]) -> Iterator[Value]:
    """Yield the values one by one, and the elements of lists in place of the lists."""
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


class ExpressionScope:
    """The meaning of names in an expression, where nothing but constants and the table's own columns is known.

    `not_null` are the columns that cannot be null.
    """

    not_null: frozenset[str] = frozenset()

    def column(self, parts: list[str]) -> Value:
        """Return the value of a column or variable."""
        return UNKNOWN

    def parameter(self, number: int) -> Value:
        """Return the value of `$1` and the like."""
        return UNKNOWN

    def is_same_column(self, left: list[str], right: list[str]) -> bool:
        """Return whether two references name one column of one row; the name of the only table is ignored."""
        return left[-1] == right[-1]

    def current(self, kind: str) -> Value:
        """Return the value of `current_user` and the like, by the kind of the node."""
        return UNKNOWN

    def call(self, name: str, arguments: list[Value]) -> Value:
        """Return the result of a function of PostgreSQL that depends on the database or on its collation."""
        return UNKNOWN

    def registered(self, text: str, kind: str) -> Value:
        """Return the object that a text names, for a cast to `regclass` and the like."""
        return UNKNOWN

    def shown(self, oid: Oid) -> str:
        """Return the text of an object, as PostgreSQL prints it."""
        return HOLE

    def answer(self, query: dict[str, Any], kind: str, depth: int) -> Value:
        """Return the result of a subquery; `kind` is that of its SubLink node."""
        return UNKNOWN

    def text(self, value: Value) -> str | None:
        """Return a value as text, with holes; None for null."""
        match value:
            case None:
                return None
            case bool():
                return "true" if value else "false"
            case str():
                return value
            case int():
                return str(value)
            case Oid():
                return self.shown(value)
            case _:
                return HOLE
