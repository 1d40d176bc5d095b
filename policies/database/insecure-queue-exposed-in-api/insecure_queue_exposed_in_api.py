"""Queues of the API without row-level security."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import api_readers, ensure_certain, grant_doubts, is_exposed
from iacpolicy.policy.library.sql import Aspect, QualifiedName, is_queue

# The remediation, with the name of the object.
FIX = (
    "Write `alter table {} enable row level security;` in a migration, with policies. Or revoke the table from "
    "`anon` and `authenticated`, or remove `pgmq_public` from the exposed schemas."
)

META = Meta(
    id="insecure-queue-exposed-in-api",
    title="Queue is exposed without row-level security",
    severity=Severity.HIGH,
    on=("sql.table",),
    why=(
        "With the schema `pgmq_public` in the API, anyone with the public key can call its functions. Without "
        "row-level security on `pgmq.q_…`, callers with grants can send, read and delete messages."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0019_insecure_queue_exposed_in_api",
        "https://supabase.com/docs/guides/queues/quickstart",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check the tables that `pgmq.create()` makes, where the name of the queue is a literal."""
    table, model = subject.payload
    if not is_queue(table.name) or not is_exposed(subject, QualifiedName("pgmq_public", table.name.name), model):
        return
    doubts = table.doubts(Aspect.RLS)
    if table.rls_enabled and not doubts:
        return
    roles = api_readers(table, model)
    ensure_certain(subject, grant_doubts(table, opened=bool(roles)))
    if roles:
        ensure_certain(subject, doubts)
        yield Violation(
            f"the queue {subject.name} is open to {' and '.join(roles)} without row-level security",
            at=subject,
            fix=FIX.format(subject.name),
        )
