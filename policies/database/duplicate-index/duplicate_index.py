"""Two indexes that are the same cost every write twice."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import known
from iacpolicy.sql.model.database import Aspect, ConstraintKind

META = Meta(
    id="duplicate-index",
    title="Two indexes are the same",
    severity=Severity.LOW,
    on=("sql.table",),
    why=("An index that another one repeats answers no query the other would not, and is written with every row."),
    fix=("Drop one of them in a migration: `drop index …;`."),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0009_duplicate_index",
        "https://www.postgresql.org/docs/current/indexes.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """The same but for the name; primary and unique keys have an index each, over their columns."""
    table, _ = subject.payload
    keys: dict[tuple[str, ...], str] = {}
    for key in table.constraints:
        if key.kind is not ConstraintKind.FOREIGN and keys.setdefault(key.columns, key.name) != key.name:
            known(subject, table.doubts(Aspect.EXISTENCE, Aspect.DEFINITION))
            words = f"{key.name} of {subject.name} repeats {keys[key.columns]}"
            yield Violation(words, at=key.span, cause=key.name)
    first: dict[str, str] = {}
    for index in table.indexes:
        other = first.setdefault(index.shape, index.name)
        if other == index.name and index.unique and not index.partial:
            other = keys.get(index.columns, other)
        if other != index.name:
            known(subject, table.doubts(Aspect.EXISTENCE, Aspect.DEFINITION))
            yield Violation(f"{index.name} of {subject.name} repeats {other}", at=index.span, cause=index.name)
