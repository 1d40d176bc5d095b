"""A secret that is written in the configuration is known to everybody who can read the repository, and for good."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

META = Meta(
    id="plaintext-secret",
    title="A secret stands in the configuration as a literal",
    severity=Severity.CRITICAL,
    on=("root", "sql.table", "dashboard"),
    why=(
        "Whoever can read the repository, a fork of it, a backup or a build log has the secret, and the history keeps "
        "it after the line is gone. `sensitive = true` hides it in the output of a plan alone."
    ),
    fix=(
        "Change the secret, for it is known. Then let it come from outside: an ephemeral resource of a secret store "
        "into a write-only argument where the provider has one, else a variable marked `sensitive` without a default, "
        "given as TF_VAR_… where Terraform runs."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/manage-sensitive-data",
        "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only",
    ),
)


def check(node: Resource, graph: Graph) -> Iterator[Violation]:
    """Defaults of variables are `secret-default`'s matter, backends `state-backend-credentials`'s."""
    if next((first for kind in META.on if (first := next(graph.of(kind), None)) is not None), None) != node:
        return  # a cell is told once: at its root, else at its first table or dashboard
    for secret in graph.secrets:
        if secret.kind == "literal" and secret.place is not None and secret.allowed is None:
            where = f"{secret.address} ({secret.attribute})" if secret.attribute else secret.address
            yield Violation(
                f"a secret is written as a literal and goes to {where}", secret.place, secret.name, secret=secret
            )
