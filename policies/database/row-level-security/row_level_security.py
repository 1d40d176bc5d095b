"""Tables of the API without row-level security."""

from collections.abc import Iterator

from iacpolicy.policy.api import Cause, Graph, Meta, Reason, Resource, Severity, Undecidable, Violation
from iacpolicy.policy.library.sql import Aspect, Verdict, exposure_of

# The remediation, with the name of the object.
FIX = (
    "Write `alter table {} enable row level security;` in a migration, with a policy for each role. Or revoke the "
    "table from `anon` and `authenticated`, or move it to a schema that the API does not expose."
)

META = Meta(
    id="row-level-security",
    title="Table is exposed without row-level security",
    severity=Severity.CRITICAL,
    on=("sql.table", "sql.database", "supabase_project"),
    aliases=("rls-disabled-in-public",),
    why=(
        "Supabase's API serves every table in an exposed schema. Without row-level security, anyone with the public "
        "key, which every browser has, can read and write all rows."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/postgres/row-level-security",
        "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
        "https://supabase.com/docs/guides/database/database-advisors?lint=0013_rls_disabled_in_public",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Check the state of the table after all migrations."""
    if subject.kind == "sql.database":
        database, _ = subject.payload
        beside = [r for r in database.uncertain if r.aspect in {Aspect.EXISTENCE, Aspect.RLS, Aspect.GRANTS}]
        if beside:
            raise Undecidable(tuple(Reason(Cause.SQL, r.text, r.span) for r in beside), subject)
    elif subject.kind == "sql.table":
        yield from _of_table(subject)
    else:
        projects = [database.payload[1].projects for database in graph.of("sql.database")]
        if not any(subject.address in joined for joined in projects):
            text = "the migrations that create its tables were not found in the scanned files"
            if () in projects:
                text = "it is unknown which migrations create its tables: set `project` under `[databases]`"
            raise Undecidable.because(Cause.SQL, text, subject)


def _of_table(table: Resource) -> Iterator[Violation]:
    exposure = exposure_of(*table.payload)
    if exposure.verdict is Verdict.UNCERTAIN:
        raise Undecidable(tuple(Reason(Cause.SQL, r.text, r.span) for r in exposure.reasons), table)
    if exposure.verdict is Verdict.EXPOSED:
        yield Violation(
            f"{table.name} has no row-level security, and {exposure.because}", at=table, fix=FIX.format(table.name)
        )
