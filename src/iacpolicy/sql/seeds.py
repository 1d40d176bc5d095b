"""Seeds: files that run where a database is made anew, and not where migrations are pushed to one that is there."""

from collections.abc import Iterable

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.spans import file_start
from iacpolicy.sql.model import Aspect, Database, Reason, Table
from iacpolicy.sql.tentative import with_reasons

_WHY = "a seed alone protects it, which `supabase db push` does not run"


def with_seeds(
    pushed: Database, seeded: Database, said: Iterable[Diagnostic], seeds: tuple[str, ...]
) -> tuple[Database, tuple[Diagnostic, ...]]:
    """The database after its seeds, in which what only a seed protects is in doubt."""
    before = {table.name: table for table in pushed.tables}
    tables = tuple(_compared(before.get(table.name), table, seeds) for table in seeded.tables)
    gone = {table.name for table in seeded.tables}
    lost = tuple(_doubted(table, (Aspect.EXISTENCE,), seeds) for table in pushed.tables if table.name not in gone)
    both = tuple(sorted((*tables, *lost), key=lambda table: table.name))
    return msgspec.structs.replace(seeded, tables=both), tuple(said)


def _compared(before: Table | None, after: Table, seeds: tuple[str, ...]) -> Table:
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
    return _doubted(after, aspects, seeds) if aspects else after


def _doubted(table: Table, aspects: Iterable[Aspect], seeds: tuple[str, ...]) -> Table:
    decided = table.decided_at
    place = decided if decided is not None and decided.path in seeds else file_start(seeds[0])
    reasons = with_reasons(table.uncertain, *(Reason(aspect, _WHY, place) for aspect in aspects))
    return msgspec.structs.replace(table, uncertain=reasons)
