"""Secrets that are the default of a variable."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

META = Meta(
    id="secret-default",
    title="The default of a variable is a secret",
    severity=Severity.HIGH,
    on=("root",),
    why=(
        "Terraform uses the default wherever no value is set, so every environment can end up with the same secret. "
        "Everyone who can read the repository can read it."
    ),
    fix=(
        "Rotate the secret, because it is in the history. Remove the default, so that Terraform asks for a value or "
        "stops. Set `sensitive = true` on the variable."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/values/variables#default-values",
        "https://developer.hashicorp.com/terraform/language/values/variables#suppressing-values-in-cli-output",
    ),
)


def check(root: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield a violation for each literal in a default, whether a call of the module uses it or not."""
    for secret in graph.secrets:
        if secret.kind == "default" and secret.place is not None and secret.allowed is None:
            sink = f" and flows to {secret.address}" if secret.trace is not None and secret.addresses else ""
            yield Violation(f"the default of the variable is a secret{sink}", secret.place, secret.name, secret=secret)
