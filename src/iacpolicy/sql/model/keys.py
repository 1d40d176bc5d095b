"""Keys and indexes of tables."""

from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.model.names import QualifiedName


class ConstraintKind(StrEnum):
    """The kinds of constraints that are keys."""

    PRIMARY = "primary"
    UNIQUE = "unique"
    FOREIGN = "foreign"


class Constraint(msgspec.Struct, frozen=True, gc=False):
    """A key of a table. A foreign key has `references` and `referenced`, which is empty for the primary key."""

    name: str
    kind: ConstraintKind
    columns: tuple[str, ...]
    span: Span
    references: QualifiedName | None = None
    referenced: tuple[str, ...] = ()


class TableIndex(msgspec.Struct, frozen=True, gc=False):
    """An index; a column is empty where it is an expression. `shape` is its whole definition without the name."""

    name: str
    columns: tuple[str, ...]
    span: Span
    unique: bool = False
    partial: bool = False
    shape: str = ""
