"""An extension in the schema public puts its functions into the API."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

# Their control files fix the schema, whatever the statement says.
OWN_SCHEMA = frozenset({"plpgsql", "pg_cron", "pg_net", "pgmq", "pg_graphql", "supabase_vault", "pgsodium", "pgtle"})

META = Meta(
    id="extension-in-public",
    title="Extension is in the schema public",
    severity=Severity.LOW,
    on=("sql.database",),
    why=(
        "The functions of an extension in `public` can be called through the API, and stand in the way of names of "
        "your own. Some of them (`dblink`, `http`, `lo`) do far more than a stranger should be able to ask for."
    ),
    fix=(
        "Make it in a schema of its own: `create extension … with schema extensions;`, or `alter extension … set "
        "schema extensions;`."
    ),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0014_extension_in_public",
        "https://supabase.com/docs/guides/database/extensions",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """An extension that names no schema goes to the first of the search path, unless it has one of its own."""
    database, _ = subject.payload
    for extension in database.extensions:
        schema = extension.schema
        if extension.name not in OWN_SCHEMA and schema == "public":
            yield Violation(f"{extension.name} is in the schema public", at=extension.made_at, cause=extension.name)
