"""Policies that call functions such as `auth.uid()` for every row."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import Aspect, Table, TableKind, calls_per_row, relation_named

ASKING = ("auth.uid", "auth.jwt", "auth.role", "auth.email", "current_setting", "pg_catalog.current_setting")

META = Meta(
    id="auth-rls-initplan",
    title="Policy calls a function for every row",
    severity=Severity.LOW,
    on=("sql.policy",),
    why=(
        "A function in a policy runs once for every row that a query reads. `(select auth.uid())` runs once for the "
        "whole query. On large tables this is the difference between milliseconds and minutes."
    ),
    fix="Wrap the call in a subquery: `(select auth.uid()) = owner_id` instead of `auth.uid() = owner_id`.",
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0003_auth_rls_initplan",
        "https://supabase.com/docs/guides/database/postgres/row-level-security#call-functions-with-select",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """A call in a subquery with FROM counts too: it runs for each row of the subquery."""
    policy, model = subject.payload
    table = relation_named(model, policy.table)
    if not isinstance(table, Table):
        return  # equivalent: a view has no policies
    if table.kind is not TableKind.EXTERNAL and not table.rls_enabled and not table.doubts(Aspect.RLS):
        return
    named = [name for text in (policy.using, policy.check) for name in calls_per_row(text) if name in ASKING]
    if named:
        ensure_certain(subject, policy.uncertain, table.doubts(Aspect.RLS))
        names = ", ".join(f"{name}()" for name in dict.fromkeys(named))
        yield Violation(f"{subject.name} calls {names} for every row", at=subject)
