"""Indexes that repeat another index."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import Aspect, ConstraintKind

META = Meta(
    id="duplicate-index",
    title="Two indexes are identical",
    severity=Severity.LOW,
    on=("sql.table",),
    why="A repeated index speeds up no query. It takes disk space and slows down every write to the table.",
    fix="Drop one of the two indexes in a migration: `drop index …;`.",
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0009_duplicate_index",
        "https://www.postgresql.org/docs/current/indexes.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Compare indexes without their names; each primary and unique key counts as an index over its columns."""
    table, _ = subject.payload
    keys: dict[tuple[str, ...], str] = {}
    for key in table.constraints:
        if key.kind is not ConstraintKind.FOREIGN and keys.setdefault(key.columns, key.name) != key.name:
            ensure_certain(subject, table.doubts(Aspect.EXISTENCE, Aspect.DEFINITION))
            words = f"{key.name} of {subject.name} repeats {keys[key.columns]}"
            yield Violation(words, at=key.span, cause=key.name)
    first: dict[str, str] = {}
    for index in table.indexes:
        other = first.setdefault(index.shape, index.name)
        if other == index.name and index.unique and not index.partial:
            other = keys.get(index.columns, other)
        if other != index.name:
            ensure_certain(subject, table.doubts(Aspect.EXISTENCE, Aspect.DEFINITION))
            yield Violation(f"{index.name} of {subject.name} repeats {other}", at=index.span, cause=index.name)
