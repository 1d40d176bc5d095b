"""Files that do not run everywhere: seeds, and migrations that the Supabase CLI refuses."""

from collections.abc import Iterable, Mapping

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.spans import file_start
from iacpolicy.sql.model.database import Aspect, Database, SchemaDoubt, Table
from iacpolicy.sql.state.tentative import with_reasons

SEED = "only a seed does this, which `supabase db push` does not run"
REFUSED = "only a migration does this that the Supabase CLI refuses, because another one has its version"


def with_uncertain_files(
    without: Database, everything: Database, reported: Iterable[Diagnostic], files: Mapping[str, str]
) -> tuple[Database, tuple[Diagnostic, ...]]:
    """Return the database after all files; what only the uncertain files protect is in doubt.

    `files` are the uncertain files in order, each with the reason.
    """
    before = {table.name: table for table in without.tables}
    tables = tuple(_compared(before.get(table.name), table, files) for table in everything.tables)
    there = {table.name for table in everything.tables}
    lost = tuple(_doubted(table, (Aspect.EXISTENCE,), files) for table in without.tables if table.name not in there)
    both = tuple(sorted((*tables, *lost), key=lambda table: table.name))
    settings = tuple(
        msgspec.structs.replace(each, uncertain=SchemaDoubt(Aspect.EXISTENCE, files[each.set_at.path], each.set_at))
        if each.set_at.path in files
        else each
        for each in everything.api_schemas
    )
    return msgspec.structs.replace(everything, tables=both, api_schemas=settings), tuple(reported)


def _compared(before: Table | None, after: Table, files: Mapping[str, str]) -> Table:
    if before is None:
        return after
    aspects = []
    if after.rls_enabled and not before.rls_enabled:
        aspects.append(Aspect.RLS)
    if after.rls_forced and not before.rls_forced:
        aspects.append(Aspect.FORCE)
    if set(before.policies) - set(after.policies):
        aspects.append(Aspect.POLICIES)
    if {g for g in after.grants if not g.granted} - set(before.grants):
        aspects.append(Aspect.REVOKES)
    return _doubted(after, aspects, files) if aspects else after


def _doubted(table: Table, aspects: Iterable[Aspect], files: Mapping[str, str]) -> Table:
    decided = table.decided_at
    place = decided if decided is not None and decided.path in files else file_start(next(iter(files)))
    reasons = (SchemaDoubt(aspect, files[place.path], place) for aspect in aspects)
    return msgspec.structs.replace(table, uncertain=with_reasons(table.uncertain, *reasons))
