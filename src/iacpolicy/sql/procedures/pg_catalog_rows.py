"""What the sources of catalogue rows share.

Objects of the platform are not known one by one: a row among `others` stands for them.
"""

from collections.abc import Iterator
from typing import NamedTuple

from iacpolicy.sql.expressions.values import UNKNOWN, OneOf, Row, Value
from iacpolicy.sql.model.database import Aspect, ConstraintKind, Table, TableKind, View
from iacpolicy.sql.model.names import TEMPORARY
from iacpolicy.sql.state.replay_state import ReplayState

PLATFORM = "*"
"""The name of the schema that stands for all of the platform's."""

PLATFORM_RELATIONS = OneOf(
    ("buckets", "identities", "job", "messages", "migrations", "objects", "pg_class", "secrets", "sessions", "users")
)
"""Tables of a platform that a migration may ask for; whoever asks for another name does not mean the platform."""


class CatalogueRow(NamedTuple):
    """A row; `certain` is whether it is there at all, `others` whether it stands for objects that are not known."""

    row: Row
    certain: bool = True
    others: bool = False


def own(state: ReplayState) -> Iterator[Table]:
    """The tables that migrations make."""
    return (t for t in state.tables.values() if t.kind is not TableKind.EXTERNAL and t.name.schema != TEMPORARY)


def views(state: ReplayState) -> Iterator[View]:
    """The views that migrations make."""
    return (view for view in state.views.values() if view.name.schema != TEMPORARY)


def exists(thing: Table | View) -> bool:
    """Whether it is there for certain."""
    return not any(reason.aspect is Aspect.EXISTENCE for reason in thing.uncertain)


def system(state: ReplayState) -> OneOf:
    """The schema of an object of the platform."""
    return OneOf((*sorted(state.platform.system_schemas), "pg_catalog", "pg_toast", "information_schema"))


def others(state: ReplayState, **columns: Value) -> Iterator[CatalogueRow]:
    """The platform's objects, in its schemas, and whatever dynamic SQL may have made anywhere."""
    yield CatalogueRow(columns, certain=False, others=True)
    if state.others_may_exist():
        yield CatalogueRow({}, certain=False, others=True)


def switch(table: Table, aspect: Aspect, value: bool) -> Value:
    """A switch of a table, where it is known."""
    return UNKNOWN if table.doubts(aspect) else value


def indexes(table: Table) -> Iterator[str]:
    """The names of the indexes of a table, those of its keys too."""
    yield from (key.name for key in table.constraints if key.kind is not ConstraintKind.FOREIGN)
    yield from (index.name for index in table.indexes)
