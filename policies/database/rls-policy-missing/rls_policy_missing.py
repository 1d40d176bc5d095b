"""Tables with row-level security and without a policy."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import api_readers, ensure_certain, grant_doubts, is_exposed
from iacpolicy.policy.library.sql import Aspect, TableKind

# The remediation, with the name of the object.
FIX = (
    "Add a policy for each role: `create policy … on {0} for select to authenticated using (…);`. Where the API must "
    "not access the table, write `revoke all on {0} from anon, authenticated;`."
)

META = Meta(
    id="rls-policy-missing",
    title="Row-level security has no policy",
    severity=Severity.LOW,
    on=("sql.table",),
    aliases=("rls-enabled-no-policy",),
    why=(
        "Row-level security without a permissive policy hides every row from the API, and the feature does not work. "
        "Teams then often use the service key, which bypasses all policies."
    ),
    fix=FIX.format("…"),
    references=(
        "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
        "https://supabase.com/docs/guides/database/database-advisors?lint=0008_rls_enabled_no_policy",
    ),
)


def check(table: Resource, graph: Graph) -> Iterator[Violation]:
    """Count permissive policies only: restrictive ones alone admit no row."""
    model_table, model = table.payload
    if model_table.kind is TableKind.FOREIGN or not is_exposed(table, model_table.name, model):
        return
    if any(policy.permissive and not policy.uncertain for policy in model_table.policies):
        return
    doubts = model_table.doubts(Aspect.RLS, Aspect.POLICIES)
    if not model_table.rls_enabled and not doubts:
        return
    roles = api_readers(model_table, model)
    ensure_certain(table, doubts, grant_doubts(model_table, opened=bool(roles)))
    if roles:
        other = " except restrictive ones" if model_table.policies else ""  # equivalent: wording
        yield Violation(
            f"{table.name} has row-level security and no policy{other}, so {' and '.join(roles)} can access no row",
            at=table,
            fix=FIX.format(table.name),
        )
