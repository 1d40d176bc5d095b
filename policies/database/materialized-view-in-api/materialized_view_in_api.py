"""Materialized views that the API exposes."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import api_readers, ensure_certain, grant_doubts, is_exposed

# The remediation, with the name of the object.
FIX = (
    "Write `revoke all on {} from anon, authenticated;` in a migration, and offer a view or function that selects "
    "the permitted rows. Or move it to a schema that the API does not expose."
)

META = Meta(
    id="materialized-view-in-api",
    title="Materialized view is exposed in the API",
    severity=Severity.MEDIUM,
    on=("sql.view",),
    why=(
        "A materialized view holds a copy of rows, read with the rights of its owner. It cannot have row-level "
        "security. Anyone who can select from it sees all of the rows."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0016_materialized_view_in_api",
        "https://www.postgresql.org/docs/current/rules-materializedviews.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check every materialized view; `rls-bypass` checks only those over protected tables."""
    view, model = subject.payload
    if not view.materialized or not is_exposed(subject, view.name, model):
        return
    roles = api_readers(view, model, "select")
    ensure_certain(subject, view.uncertain, grant_doubts(view, opened=bool(roles)))
    if roles:
        yield Violation(
            f"the materialized view {subject.name} is open to {' and '.join(roles)}",
            at=subject,
            fix=FIX.format(subject.name),
        )
