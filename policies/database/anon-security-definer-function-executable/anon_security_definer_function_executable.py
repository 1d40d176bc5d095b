"""A function with its owner's rights that everybody may call."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import callers, is_shown, known

META = Meta(
    id="anon-security-definer-function-executable",
    title="SECURITY DEFINER function can be called by anon",
    severity=Severity.MEDIUM,
    on=("sql.function",),
    why=(
        "PostgreSQL lets everyone run a new function, and Supabase's API calls each one of an exposed schema at "
        "`/rpc`. With SECURITY DEFINER it runs as its owner, past row-level security, for everybody."
    ),
    fix=(
        "Move it to a schema that the API does not show, write SECURITY INVOKER, or `revoke execute on function … "
        "from public, anon;`."
    ),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0028_anon_security_definer_function_executable",
        "https://www.postgresql.org/docs/current/sql-createfunction.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Functions of triggers cannot be called, and are left out."""
    function, model = subject.payload
    if not function.security_definer or function.returns.endswith("trigger"):
        return
    if is_shown(subject, function.name, model) and "anon" in callers(function, model):
        known(subject, function.uncertain)
        yield Violation(f"{subject.name} runs as {function.owner} for anon", at=subject)
