"""Extensions in the schema `public`, which the API exposes."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

# The control files of these extensions fix the schema, whichever one the statement names.
OWN_SCHEMA = frozenset({"plpgsql", "pg_cron", "pg_net", "pgmq", "pg_graphql", "supabase_vault", "pgsodium", "pgtle"})

# The remediation, with the name of the object.
FIX = (
    "Write `alter extension {0} set schema extensions;` in a migration, or create it with `create extension {0} with "
    "schema extensions;`."
)

META = Meta(
    id="extension-in-public",
    title="Extension is in the schema public",
    severity=Severity.LOW,
    on=("sql.database",),
    why=(
        "Anyone can call the functions of an extension in `public` through the API. Some of them (`dblink`, `http`, "
        "`lo`) reach far beyond your tables. They also occupy names that you may need."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0014_extension_in_public",
        "https://supabase.com/docs/guides/database/extensions",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """An extension without a schema clause is in the first schema of the search path, unless it fixes its own."""
    database, _ = subject.payload
    for extension in database.extensions:
        schema = extension.schema
        if extension.name not in OWN_SCHEMA and schema == "public":
            yield Violation(
                f"the extension {extension.name} is in the schema public",
                at=extension.made_at,
                cause=extension.name,
                fix=FIX.format(extension.name),
            )
