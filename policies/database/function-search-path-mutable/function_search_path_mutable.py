"""Functions that resolve names along the search path of their caller."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import ensure_certain

# The remediation, with the name of the object.
FIX = "Add `set search_path = ''` to {}, and write `schema.name` for every object in its body."

META = Meta(
    id="function-search-path-mutable",
    title="Function has no fixed search path",
    severity=Severity.LOW,
    on=("sql.function",),
    why=(
        "The caller's search path decides which object an unqualified name in the function means. An attacker who "
        "can create objects can substitute one of them. In a SECURITY DEFINER function it runs with the owner's "
        "rights."
    ),
    fix=FIX.format("the function"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0011_function_search_path_mutable",
        "https://www.postgresql.org/docs/current/sql-createfunction.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Skip bodies in standard SQL (BEGIN ATOMIC): their names are resolved when the function is created."""
    function, model = subject.payload
    if function.search_path is not None or model.platform.is_system(function.name.schema):
        return
    if function.language in {"c", "internal"} or not function.body:
        return
    ensure_certain(subject, function.uncertain)
    yield Violation(
        f"{subject.name} sets no search_path, so it runs with that of its caller",
        at=subject,
        fix=FIX.format(subject.name),
    )
