"""A function without a search path of its own means whatever its caller's search path makes of its names."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import known

META = Meta(
    id="function-search-path-mutable",
    title="Function has no search path of its own",
    severity=Severity.LOW,
    on=("sql.function",),
    why=(
        "An unqualified name in a function is looked for along the caller's search path. Who can make a schema or a "
        "temporary table can put an object of that name before the one that was meant; in a SECURITY DEFINER function"
        " it then runs with the owner's rights."
    ),
    fix=("Add `set search_path = ''` to the function and write `schema.name` in its body."),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0011_function_search_path_mutable",
        "https://www.postgresql.org/docs/current/sql-createfunction.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """A body in standard SQL (BEGIN ATOMIC) has its names bound when the function is made."""
    function, model = subject.payload
    if function.search_path is not None or model.platform.is_system(function.name.schema):
        return
    if function.language in {"c", "internal"} or not function.body:
        return
    known(subject, function.uncertain)
    yield Violation(f"{subject.name} runs with its caller's search path", at=subject)
