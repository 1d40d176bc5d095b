"""A table that pg_graphql shows to everybody."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import grant_doubts, is_shown, known, readers

META = Meta(
    id="pg-graphql-anon-table-exposed",
    title="GraphQL shows the table to anon",
    severity=Severity.LOW,
    on=("sql.table", "sql.view"),
    why=(
        "With the extension `pg_graphql`, everything on which anon holds SELECT is part of the GraphQL schema: names "
        "and columns of tables can be looked up by everybody, whatever the policies say of the rows."
    ),
    fix=("Drop the extension where nobody uses GraphQL, or revoke SELECT from anon on what it needs not know of."),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0026_pg_graphql_anon_table_exposed",
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
        known(subject, grant_doubts(relation, opened="anon" in roles))
        if "anon" in roles:
            yield Violation(f"{subject.name} is in the GraphQL schema of anon", at=subject)
