"""Helpers for the rows of the catalogue.

The objects of the platform are not listed one by one: a row with `others` represents them.
"""

from collections.abc import Iterator
from typing import NamedTuple

from iacpolicy.sql.expressions.values import UNKNOWN, OneOf, Row, Value
from iacpolicy.sql.model.database import Aspect, ConstraintKind, Table, TableKind, View
from iacpolicy.sql.model.names import TEMPORARY
from iacpolicy.sql.state.replay_state import ReplayState

PLATFORM = "*"
"""The name of the schema that represents all schemas of the platform."""

PLATFORM_RELATIONS = OneOf(
    ("buckets", "identities", "job", "messages", "migrations", "objects", "pg_class", "secrets", "sessions", "users")
)
"""Tables of the platform that a migration may query; another name never means a table of the platform."""


class CatalogueRow(NamedTuple):
    """A row; `certain` is whether it exists at all, `others` whether it represents unknown objects."""

    row: Row
    certain: bool = True
    others: bool = False


def own(state: ReplayState) -> Iterator[Table]:
    """Return the tables that migrations make."""
    return (t for t in state.tables.values() if t.kind is not TableKind.EXTERNAL and t.name.schema != TEMPORARY)


def views(state: ReplayState) -> Iterator[View]:
    """Return the views that migrations make."""
    return (view for view in state.views.values() if view.name.schema != TEMPORARY)


def exists(thing: Table | View) -> bool:
    """Return whether a relation exists for certain."""
    return not any(reason.aspect is Aspect.EXISTENCE for reason in thing.uncertain)


def system(state: ReplayState) -> OneOf:
    """Return the schema of an object of the platform: one of several."""
    return OneOf((*sorted(state.platform.system_schemas), "pg_catalog", "pg_toast", "information_schema"))


def others(state: ReplayState, **columns: Value) -> Iterator[CatalogueRow]:
    """Yield rows for the platform's objects, and for objects that dynamic SQL may have made anywhere."""
    yield CatalogueRow(columns, certain=False, others=True)
    if state.others_may_exist():
        yield CatalogueRow({}, certain=False, others=True)


def switch(table: Table, aspect: Aspect, value: bool) -> Value:
    """Return a switch of a table, UNKNOWN where it is in doubt."""
    return UNKNOWN if table.doubts(aspect) else value


def indexes(table: Table) -> Iterator[str]:
    """Yield the names of the indexes of a table, those of its keys included."""
    yield from (key.name for key in table.constraints if key.kind is not ConstraintKind.FOREIGN)
    yield from (index.name for index in table.indexes)
