"""Policies on a table whose row-level security is off are decoration."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import known
from iacpolicy.sql.model.database import Aspect, TableKind

META = Meta(
    id="policy-exists-rls-disabled",
    title="Policies are written and row-level security is off",
    severity=Severity.HIGH,
    on=("sql.table",),
    why=(
        "PostgreSQL keeps the policies of a table without row-level security and does not ask them. Whoever reads the"
        " migrations sees a table that looks protected."
    ),
    fix=("Add `alter table … enable row level security;` to a migration, or drop the policies that are not wanted."),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0007_policy_exists_rls_disabled",
        "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Whether the API shows the table does not matter: somebody wanted the policies to hold."""
    table, _ = subject.payload
    if table.kind is TableKind.EXTERNAL or table.rls_enabled or not table.policies:
        return
    known(subject, table.doubts(Aspect.RLS, Aspect.EXISTENCE), *(policy.uncertain for policy in table.policies))
    names = ", ".join(f'"{policy.name}"' for policy in table.policies)
    yield Violation(f"{subject.name} has row-level security off, so nobody asks its policies {names}", at=subject)
