"""Tables with policies whose row-level security is off."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import Aspect, TableKind

# The remediation, with the name of the object.
FIX = "Write `alter table {} enable row level security;` in a migration, or drop the policies."

META = Meta(
    id="policy-exists-rls-disabled",
    title="Policies exist, but row-level security is off",
    severity=Severity.HIGH,
    on=("sql.table",),
    why=(
        "PostgreSQL ignores the policies of a table without row-level security. The migrations look as if the table "
        "were protected, but it is not."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0007_policy_exists_rls_disabled",
        "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check every table, exposed or not: its policies were meant to apply."""
    table, _ = subject.payload
    if table.kind is TableKind.EXTERNAL or table.rls_enabled or not table.policies:
        return
    ensure_certain(
        subject, table.doubts(Aspect.RLS, Aspect.EXISTENCE), *(policy.uncertain for policy in table.policies)
    )
    names = ", ".join(f'"{policy.name}"' for policy in table.policies)
    yield Violation(
        f"row-level security of {subject.name} is off, so its policies {names} have no effect",
        at=subject,
        fix=FIX.format(subject.name),
    )
