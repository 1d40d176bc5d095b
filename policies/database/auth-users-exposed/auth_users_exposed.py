"""Views in the API that show rows of `auth.users`."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import api_readers, ensure_certain, grant_doubts, is_exposed
from iacpolicy.policy.library.sql import QualifiedName, SchemaModel, View, relation_named

# The remediation, with the name of the object.
FIX = (
    "Write `revoke select on {} from anon, authenticated;` in a migration. Copy the columns that others may see into "
    "a table of your own, with policies."
)

META = Meta(
    id="auth-users-exposed",
    title="View exposes auth.users",
    severity=Severity.CRITICAL,
    on=("sql.view",),
    why=(
        "`auth.users` holds e-mail addresses, phone numbers and metadata of all accounts. A view over it in an "
        "exposed schema shows them to anyone with the public key."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0002_auth_users_exposed",
        "https://supabase.com/docs/guides/auth/managing-user-data",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Skip views with `security_invoker`, unless materialized: the caller has no right to read auth.users."""
    view, model = subject.payload
    if not is_exposed(subject, view.name, model) or not _reads_users(view, model):
        return
    if view.security_invoker and not view.materialized:
        return
    roles = api_readers(view, model, "select")
    ensure_certain(subject, view.uncertain, grant_doubts(view, opened=bool(roles)))
    if roles:
        yield Violation(
            f"{subject.name} shows auth.users to {' and '.join(roles)}", at=subject, fix=FIX.format(subject.name)
        )


def _reads_users(view: View, model: SchemaModel) -> bool:
    pending, seen = list(view.reads), set()
    while pending:
        name = pending.pop()
        if name == QualifiedName("auth", "users"):
            return True
        relation = relation_named(model, name)
        if name not in seen and isinstance(relation, View):
            pending.extend(relation.reads)
        seen.add(name)
    return False
