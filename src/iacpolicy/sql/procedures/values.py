"""Values of PL/pgSQL and of catalogue queries, as far as they are known, and what names in an expression mean.

A text may hold `HOLE`s where a part of it is not known; a comparison with such a text is `UNKNOWN`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, NamedTuple

import msgspec

from iacpolicy.sql.model.names import Name
from iacpolicy.sql.state.effects import HOLE
from iacpolicy.sql.state.replay_state import State
from iacpolicy.sql.syntax.grammar import Node


class Unknown:
    """Something that is not known."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


class Oid(NamedTuple):
    """The identity of an object: its kind (`class`, `schema`, `role`, `function`), its name, and its argument types."""

    kind: str
    name: Name
    arguments: tuple[str, ...] = ()


class Among(NamedTuple):
    """One of several texts, not known which."""

    values: tuple[str, ...]


Value = str | int | bool | None | list[Any] | Oid | Among | Unknown
Row = Mapping[str, Value]


class Scope(msgspec.Struct):
    """What names in an expression mean: rows by the alias of their relation, and the variables of the block.

    A field of a record variable stands under `record.field`. `subquery` answers a query inside of an expression.
    """

    state: State
    variables: MutableMapping[str, Value]
    rows: tuple[tuple[str, Row], ...] = ()
    subquery: Callable[["Scope", Node, str, int], Value] | None = None

    def column(self, parts: list[str]) -> Value:
        """What a reference by these names means."""
        if len(parts) > 1:
            for alias, row in self.rows:
                if alias == parts[-2]:
                    return row.get(parts[-1], UNKNOWN)
            return self.variables.get(".".join(parts[-2:]), UNKNOWN)
        for _, row in self.rows:
            if parts[0] in row:
                return row[parts[0]]
        return self.variables.get(parts[0], UNKNOWN)


def is_known(value: Value) -> bool:
    """Whether a value is known in full."""
    return not (isinstance(value, Unknown | Among) or (isinstance(value, str) and HOLE in value))


def text(value: Value, state: State) -> str | None:
    """A value as text, with holes; None for null."""
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
            return _shown(value, state)
        case _:
            return HOLE


def _shown(oid: Oid, state: State) -> str:
    """A registered object as PostgreSQL prints it: without its schema where the search path finds it."""
    signature = f"({','.join(oid.arguments)})" if oid.kind == "function" else ""
    if oid.kind in {"schema", "role"}:
        return oid.name.name
    visible = state.resolve(oid.name.name, lambda name: state.relation_exists(name) or name in state.functions)
    shown = str(oid.name) if visible != oid.name else str(oid.name).partition(".")[2]
    return shown + signature


def lists(values: Iterable[Value]) -> Iterator[Value]:
    """The values one by one, those of lists too."""
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value
