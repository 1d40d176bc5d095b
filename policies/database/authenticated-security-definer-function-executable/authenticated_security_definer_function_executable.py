"""SECURITY DEFINER functions that every logged-in user can call through the API."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.databases import api_callers, ensure_certain, is_exposed

# The remediation, with the name of the object.
FIX = (
    "Write `revoke execute on function {} from public, authenticated;` in a migration. Or move the function to a "
    "schema that the API does not expose, or declare it SECURITY INVOKER."
)

META = Meta(
    id="authenticated-security-definer-function-executable",
    title="Every logged-in user can call a SECURITY DEFINER function",
    severity=Severity.LOW,
    on=("sql.function",),
    why=(
        "PostgreSQL lets every role call a new function, and Supabase's API serves it at `/rpc`. A SECURITY DEFINER "
        "function runs with the rights of its owner, past row-level security. Anyone with an account can call it."
    ),
    fix=FIX.format("…"),
    references=(
        "https://supabase.com/docs/guides/database/database-advisors?lint=0029_authenticated_security_definer_function_executable",
        "https://www.postgresql.org/docs/current/sql-createfunction.html",
    ),
)


def check(subject: Resource, graph: Graph) -> Iterator[Violation]:
    """Skip trigger functions: the API cannot call them."""
    function, model = subject.payload
    if not function.security_definer or function.returns.endswith("trigger"):
        return
    if is_exposed(subject, function.name, model) and "authenticated" in api_callers(function, model):
        ensure_certain(subject, function.uncertain)
        yield Violation(
            f"authenticated can call {subject.name}, which runs with the rights of {function.owner}",
            at=subject,
            fix=FIX.format(subject.name),
        )
