"""Tables without a primary key."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import Aspect, TableKind

# The remediation, with the name of the object.
FIX = (
    "Write `alter table {} add column id bigint generated always as identity primary key;` in a migration, or add a "
    "primary key over columns that are unique together."
)

META = Meta(
    id="no-primary-key",
    title="Table has no primary key",
    severity=Severity.LOW,
    on=("sql.table",),
    why=(
        "Without a primary key, nothing identifies a single row. An update through the API changes all rows that "
        "look alike, duplicates stay, and logical replication rejects updates."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0004_no_primary_key",
        "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Skip partitions, which have the key of their parent, and foreign tables, which have none."""
    table, model = subject.payload
    if table.kind not in {TableKind.TABLE, TableKind.PARTITIONED} or model.platform.is_system(table.name.schema):
        return
    if not table.primary_key:
        ensure_certain(subject, table.doubts(Aspect.EXISTENCE))
        yield Violation(f"{subject.name} has no primary key", at=table.made_at, fix=FIX.format(subject.name))
