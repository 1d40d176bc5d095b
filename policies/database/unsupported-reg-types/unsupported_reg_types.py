"""Columns whose type prevents an upgrade of PostgreSQL."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import Aspect, TableKind

TYPES = frozenset(
    {
        "regcollation",
        "regconfig",
        "regdictionary",
        "regnamespace",
        "regoper",
        "regoperator",
        "regproc",
        "regprocedure",
    }
)

META = Meta(
    id="unsupported-reg-types",
    title="Column has a type that pg_upgrade rejects",
    severity=Severity.LOW,
    on=("sql.table",),
    why=(
        "Columns of types such as `regproc` store numbers that mean other objects after an upgrade. `pg_upgrade` "
        "therefore rejects the whole database, and the upgrade fails."
    ),
    fix="Store the name as `text`, or use `regclass`, `regrole` or `regtype`, which can be upgraded.",
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0018_unsupported_reg_types",
        "https://www.postgresql.org/docs/current/pgupgrade.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check columns for the types that `pg_upgrade` rejects."""
    table, model = subject.payload
    if table.kind is TableKind.EXTERNAL or model.platform.is_system(table.name.schema):
        return
    for column in table.columns:
        if column.type.removesuffix("[]").rpartition(".")[2] in TYPES:
            ensure_certain(subject, table.doubts(Aspect.EXISTENCE))
            place = column.span or subject.at
            yield Violation(
                f"{subject.name}.{column.name} has the type {column.type}, which pg_upgrade rejects",
                at=place,
                cause=column.name,
            )
