"""Foreign keys to a column of the schema `auth` that is not a primary key."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain
from iacpolicy.policy.library.sql import Aspect, ConstraintKind

META = Meta(
    id="fkey-to-auth-unique",
    title="Foreign key depends on a unique constraint of auth",
    severity=Severity.LOW,
    on=("sql.table",),
    why=(
        "Supabase guarantees only the primary keys of `auth`. A foreign key to another column, such as an e-mail "
        "address, can make Supabase's own upgrades fail."
    ),
    fix="Refer to the primary key instead: `references auth.users (id)`.",
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0021_fkey_to_auth_unique",
        "https://supabase.com/docs/guides/auth/managing-user-data",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Every primary key in `auth` is the column `id`."""
    table, _ = subject.payload
    for key in table.constraints:
        target = key.references
        foreign = key.kind is ConstraintKind.FOREIGN and target is not None and target.schema == "auth"
        if foreign and key.referenced and key.referenced != ("id",):
            ensure_certain(subject, table.doubts(Aspect.EXISTENCE))
            words = f"{key.name} of {subject.name} refers to {target} ({', '.join(key.referenced)})"
            yield Violation(words, at=key.span, cause=key.name)
