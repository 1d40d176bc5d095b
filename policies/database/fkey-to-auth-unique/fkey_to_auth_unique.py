"""A foreign key to a unique constraint of the schema auth breaks when Supabase changes it."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import known
from iacpolicy.sql.model.database import Aspect, ConstraintKind

META = Meta(
    id="fkey-to-auth-unique",
    title="Foreign key hangs on a unique constraint of auth",
    severity=Severity.LOW,
    on=("sql.table",),
    why=(
        "Only the primary keys of `auth` are promised. A foreign key to another unique column of it, such as an "
        "address, stands in the way of Supabase's own migrations, which then fail."
    ),
    fix=("Refer to the primary key: `references auth.users (id)`."),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0021_fkey_to_auth_unique",
        "https://supabase.com/docs/guides/auth/managing-user-data",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """The primary keys of the tables in `auth` are all called `id`."""
    table, _ = subject.payload
    for key in table.constraints:
        target = key.references
        foreign = key.kind is ConstraintKind.FOREIGN and target is not None and target.schema == "auth"
        if foreign and key.referenced and key.referenced != ("id",):
            known(subject, table.doubts(Aspect.EXISTENCE))
            words = f"{key.name} of {subject.name} refers to {target} ({', '.join(key.referenced)})"
            yield Violation(words, at=key.span, cause=key.name)
