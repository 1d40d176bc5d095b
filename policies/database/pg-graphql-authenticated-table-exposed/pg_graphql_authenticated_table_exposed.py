"""Tables and views that `pg_graphql` shows to every logged-in user."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import api_readers, ensure_certain, grant_doubts, is_exposed

# The remediation, with the name of the object.
FIX = (
    "Write `revoke select on {} from authenticated;` in a migration. Or drop the extension where you do not use "
    "GraphQL: `drop extension pg_graphql;`."
)

META = Meta(
    id="pg-graphql-authenticated-table-exposed",
    title="GraphQL schema shows the table to authenticated",
    severity=Severity.LOW,
    on=("sql.table", "sql.view"),
    why=(
        "With the extension `pg_graphql`, the GraphQL schema lists every table on which authenticated has SELECT. "
        "Anyone with an account can read its name and columns, whatever the policies say about its rows."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0027_pg_graphql_authenticated_table_exposed",
        "https://supabase.com/docs/guides/graphql",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check databases whose migrations create the extension: not every Supabase project has it by default."""
    relation, model = subject.payload
    if not any(extension.name == "pg_graphql" for extension in model.database.extensions):
        return
    if is_exposed(subject, relation.name, model):
        roles = api_readers(relation, model, "select")
        ensure_certain(subject, grant_doubts(relation, opened="authenticated" in roles))
        if "authenticated" in roles:
            yield Violation(
                f"the GraphQL schema shows {subject.name} to authenticated", at=subject, fix=FIX.format(subject.name)
            )
