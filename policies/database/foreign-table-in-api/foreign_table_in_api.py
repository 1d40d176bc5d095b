"""Foreign tables that the API exposes."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import api_readers, ensure_certain, grant_doubts, is_exposed
from iacpolicy.policy.library.sql import SchemaModel, TableKind, exposure_doubts, in_api

# The remediation, with the name of the object.
FIX = (
    "Write `revoke all on {} from anon, authenticated;` in a migration, or move the table to a schema that the API "
    "does not expose."
)

META = Meta(
    id="foreign-table-in-api",
    title="Foreign table is exposed in the API",
    severity=Severity.MEDIUM,
    on=("sql.table", "sql.database"),
    why=(
        "Foreign tables cannot have row-level security. Anyone who can select from one sees every row that the "
        "remote server returns."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0017_foreign_table_in_api",
        "https://supabase.com/docs/guides/database/extensions/wrappers/overview",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Only privileges and the schema restrict a foreign table, because it cannot have policies."""
    if subject.kind == "sql.database":
        database, model = subject.payload
        imports = (found for found in database.foreign_imports if _may_be_shown(found.schema, model))
        ensure_certain(subject, [found.reason for found in imports])
        return
    table, model = subject.payload
    if table.kind is not TableKind.FOREIGN or not is_exposed(subject, table.name, model):
        return
    roles = api_readers(table, model)
    ensure_certain(subject, grant_doubts(table, opened=bool(roles)))
    if roles:
        yield Violation(
            f"the foreign table {subject.name} is open to {' and '.join(roles)}",
            at=subject,
            fix=FIX.format(subject.name),
        )


def _may_be_shown(schema: str | None, model: SchemaModel) -> bool:
    """Return whether the API may show a schema; an unknown one may be shown."""
    return schema is None or in_api(schema, model) or bool(exposure_doubts(schema, model))
