"""A queue that the API shows without row-level security is read and filled by everybody."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import grant_doubts, is_shown, known, readers
from iacpolicy.sql.model.database import Aspect
from iacpolicy.sql.model.names import Name
from iacpolicy.sql.procedures.queues import is_queue

META = Meta(
    id="insecure-queue-exposed-in-api",
    title="Queue is exposed without row-level security",
    severity=Severity.HIGH,
    on=("sql.table",),
    why=(
        "With the schema `pgmq_public` in the API, everybody who has the public key can call the functions that send, "
        "read and delete messages. They run with the caller's rights, so only the grants and the row-level security of "
        "the queue's table `pgmq.q_…` stand in the way."
    ),
    fix=(
        "Add `alter table pgmq.q_… enable row level security;` and policies to a migration, revoke the table from "
        "`anon` and `authenticated`, or take `pgmq_public` out of the exposed schemas."
    ),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0019_insecure_queue_exposed_in_api",
        "https://supabase.com/docs/guides/queues/quickstart",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """A queue has its tables from `pgmq.create()`, which is followed where the name is written out."""
    table, model = subject.payload
    if not is_queue(table.name) or not is_shown(subject, Name("pgmq_public", table.name.name), model):
        return
    doubts = table.doubts(Aspect.RLS)
    if table.rls_enabled and not doubts:
        return
    roles = readers(table, model)
    known(subject, grant_doubts(table, opened=bool(roles)))
    if roles:
        known(subject, doubts)
        yield Violation(f"{subject.name} is open to {' and '.join(roles)}, without row-level security", at=subject)
