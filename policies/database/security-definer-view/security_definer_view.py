"""A view of the API that runs with its owner's rights shows what the owner may see."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import grant_doubts, is_shown, known, readers

META = Meta(
    id="security-definer-view",
    title="View runs with the rights of its owner",
    severity=Severity.MEDIUM,
    on=("sql.view",),
    why=(
        "A view asks its tables with the rights of whoever made it, usually a role that passes row-level security. "
        "What it shows hangs on its WHERE alone, and a table that gets policies later gets none here."
    ),
    fix=(
        "Write `create view … with (security_invoker = true)`, or move the view to a schema that the API does not show."
    ),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0010_security_definer_view",
        "https://www.postgresql.org/docs/current/sql-createview.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """`rls-bypass` speaks of the views through which protected rows are seen today; this one of all of them."""
    view, model = subject.payload
    if view.materialized or view.security_invoker or not is_shown(subject, view.name, model):
        return
    roles = readers(view, model)
    known(subject, view.uncertain, grant_doubts(view, opened=bool(roles)))
    if roles:
        yield Violation(f"{subject.name} runs with the rights of {view.owner} for {' and '.join(roles)}", at=subject)
