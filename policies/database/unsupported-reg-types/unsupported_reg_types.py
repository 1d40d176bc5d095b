"""Columns of some reg types keep PostgreSQL from being upgraded."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import known
from iacpolicy.sql.model.database import Aspect, TableKind

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
    title="Column has a type that pg_upgrade refuses",
    severity=Severity.LOW,
    on=("sql.table",),
    why=(
        "Columns of types such as `regproc` hold numbers that another version of the server gives to other objects, "
        "and `pg_upgrade` refuses a database that has them."
    ),
    fix=("Keep the name as `text`, or use `regclass`, `regrole` or `regtype`, which can be upgraded."),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0018_unsupported_reg_types",
        "https://www.postgresql.org/docs/current/pgupgrade.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """The types that `pg_upgrade` names."""
    table, model = subject.payload
    if table.kind is TableKind.EXTERNAL or model.platform.is_system(table.name.schema):
        return
    for column in table.columns:
        if column.type.removesuffix("[]").rpartition(".")[2] in TYPES:
            known(subject, table.doubts(Aspect.EXISTENCE))
            place = column.span or subject.at
            yield Violation(f"{subject.name}.{column.name} is of the type {column.type}", at=place, cause=column.name)
