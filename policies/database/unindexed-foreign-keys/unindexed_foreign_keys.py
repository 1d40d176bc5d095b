"""Foreign keys without an index."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import Aspect, ConstraintKind, Table, TableKind

# The remediation, with the name of the object.
FIX = "Write `create index on {} ({});` in a migration."

META = Meta(
    id="unindexed-foreign-keys",
    title="Foreign key has no index",
    severity=Severity.LOW,
    on=("sql.table",),
    why=(
        "PostgreSQL does not index the columns of a foreign key. Deleting one row of the referenced table then reads "
        "this whole table, and so does every join along the key."
    ),
    fix=FIX.format("…", "…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0001_unindexed_foreign_keys",
        "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Primary and unique keys count as indexes; the order of the leading columns does not matter."""
    table, model = subject.payload
    if table.kind in {TableKind.PARTITION, TableKind.FOREIGN} or model.platform.is_system(table.name.schema):
        return
    leading = _leading(table)
    for key in table.constraints:
        if key.kind is ConstraintKind.FOREIGN and not any(
            set(columns[: len(key.columns)]) == set(key.columns) for columns in leading
        ):
            ensure_certain(subject, table.doubts(Aspect.EXISTENCE, Aspect.DEFINITION))
            columns = ", ".join(key.columns)
            yield Violation(
                f"{key.name} of {subject.name} has no index on {columns}",
                at=key.span,
                cause=key.name,
                fix=FIX.format(subject.name, columns),
            )


def _leading(table: Table) -> list[tuple[str, ...]]:
    keys = [key.columns for key in table.constraints if key.kind is not ConstraintKind.FOREIGN]
    return [*keys, *(index.columns for index in table.indexes)]
