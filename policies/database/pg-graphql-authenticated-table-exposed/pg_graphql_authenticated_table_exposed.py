"""A table that pg_graphql shows to everybody with an account."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import grant_doubts, is_shown, known, readers

META = Meta(
    id="pg-graphql-authenticated-table-exposed",
    title="GraphQL shows the table to authenticated",
    severity=Severity.LOW,
    on=("sql.table", "sql.view"),
    why=(
        "With the extension `pg_graphql`, everything on which authenticated holds SELECT is part of the GraphQL "
        "schema: names and columns of tables can be looked up by everybody with an account, whatever the policies say"
        " of the rows."
    ),
    fix=(
        "Drop the extension where nobody uses GraphQL, or revoke SELECT from authenticated on what it needs not know "
        "of."
    ),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0027_pg_graphql_authenticated_table_exposed",
        "https://supabase.com/docs/guides/graphql",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Only where the migrations make the extension: Supabase's own projects differ in whether they have it."""
    relation, model = subject.payload
    if not any(extension.name == "pg_graphql" for extension in model.database.extensions):
        return
    if is_shown(subject, relation.name, model):
        roles = readers(relation, model, "select")
        known(subject, grant_doubts(relation, opened="authenticated" in roles))
        if "authenticated" in roles:
            yield Violation(f"{subject.name} is in the GraphQL schema of authenticated", at=subject)
