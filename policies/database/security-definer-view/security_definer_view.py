"""Views of the API that run with the rights of their owner."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import api_readers, ensure_certain, grant_doubts, is_exposed

# The remediation, with the name of the object.
FIX = (
    "Write `alter view {} set (security_invoker = true);` in a migration, or move the view to a schema that the API "
    "does not expose."
)

META = Meta(
    id="security-definer-view",
    title="View runs with the rights of its owner",
    severity=Severity.MEDIUM,
    on=("sql.view",),
    why=(
        "Such a view reads its tables as its owner, who usually bypasses row-level security. Only its WHERE clause "
        "protects the rows, and later policies on the tables do not apply."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0010_security_definer_view",
        "https://www.postgresql.org/docs/current/sql-createview.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check every view; `rls-bypass` checks only those that show protected rows today."""
    view, model = subject.payload
    if view.materialized or view.security_invoker or not is_exposed(subject, view.name, model):
        return
    roles = api_readers(view, model)
    ensure_certain(subject, view.uncertain, grant_doubts(view, opened=bool(roles)))
    if roles:
        yield Violation(
            f"{subject.name} is open to {' and '.join(roles)} and runs with the rights of {view.owner}",
            at=subject,
            fix=FIX.format(subject.name),
        )
