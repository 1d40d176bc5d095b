"""Secrets that are written as literals in Terraform, SQL, environment files or dashboards."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.secret_fixes import fix_of_literal

META = Meta(
    id="plaintext-secret",
    title="A secret is written in the configuration as a literal",
    severity=Severity.CRITICAL,
    on=("root", "sql.table", "dashboard"),
    why=(
        "Everyone who can read the repository, a fork, a backup or a build log can read the secret. Git keeps it after "
        "the line is removed. `sensitive = true` only hides it in the output of a plan."
    ),
    fix=(
        "Rotate the secret, because it is in the history. Then read it with an ephemeral resource of a secret store "
        "and set it in a write-only argument. Where the provider has none, use a variable with `sensitive = true` and "
        "without a default, and set TF_VAR_… where Terraform runs."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/manage-sensitive-data",
        "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
    ),
)


def check(node: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield a violation for each literal; `secret-default` and `state-backend-credentials` report the other kinds."""
    if next((first for kind in META.on if (first := next(graph.of(kind), None)) is not None), None) != node:
        return  # reported once for a cell: at its root, else at its first table or dashboard
    for secret in graph.secrets:
        if secret.kind == "literal" and secret.place is not None and secret.allowed is None:
            sink = f"{secret.address} ({secret.attribute})" if secret.attribute else secret.address
            message = f"a secret is written as a literal and flows to {sink}"
            yield Violation(message, secret.place, secret.name, secret=secret, fix=fix_of_literal(secret, graph))
