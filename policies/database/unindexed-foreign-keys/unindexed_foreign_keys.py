"""A foreign key without an index makes every delete of what it points to read the whole table."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import known
from iacpolicy.sql.model.database import Aspect, ConstraintKind, Table, TableKind

META = Meta(
    id="unindexed-foreign-keys",
    title="Foreign key has no index",
    severity=Severity.LOW,
    on=("sql.table",),
    why=(
        "PostgreSQL indexes what a foreign key points to, not the key itself. Without an index, deleting one row of "
        "the other table reads all of this one, and so does every join along the key."
    ),
    fix=("Add `create index on … (…);` with the columns of the key first."),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0001_unindexed_foreign_keys",
        "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Primary and unique keys are indexes too; the order among the leading columns does not matter."""
    table, model = subject.payload
    if table.kind in {TableKind.PARTITION, TableKind.FOREIGN} or model.platform.is_system(table.name.schema):
        return
    leading = _leading(table)
    for key in table.constraints:
        if key.kind is ConstraintKind.FOREIGN and not any(
            set(columns[: len(key.columns)]) == set(key.columns) for columns in leading
        ):
            known(subject, table.doubts(Aspect.EXISTENCE, Aspect.DEFINITION))
            columns = ", ".join(key.columns)
            yield Violation(f"{key.name} of {subject.name} has no index on {columns}", at=key.span, cause=key.name)


def _leading(table: Table) -> list[tuple[str, ...]]:
    keys = [key.columns for key in table.constraints if key.kind is not ConstraintKind.FOREIGN]
    return [*keys, *(index.columns for index in table.indexes)]
