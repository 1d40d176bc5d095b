"""A materialized view has no row-level security, whatever its tables have."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import grant_doubts, is_shown, known, readers

META = Meta(
    id="materialized-view-in-api",
    title="Materialized view is in the API",
    severity=Severity.MEDIUM,
    on=("sql.view",),
    why=(
        "A materialized view holds a copy of its rows, made with the rights of its owner, and no policy can be put on"
        " it: who may select from it sees all of it."
    ),
    fix=(
        "Move it to a schema that the API does not show, or revoke it from `anon` and `authenticated` and give them a"
        " view or function that selects."
    ),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0016_materialized_view_in_api",
        "https://www.postgresql.org/docs/current/rules-materializedviews.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """`rls-bypass` speaks of those that copy protected tables; this one of all of them."""
    view, model = subject.payload
    if not view.materialized or not is_shown(subject, view.name, model):
        return
    roles = readers(view, model, "select")
    known(subject, view.uncertain, grant_doubts(view, opened=bool(roles)))
    if roles:
        yield Violation(f"{subject.name} is open to {' and '.join(roles)}, without any policy", at=subject)
