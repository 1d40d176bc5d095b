"""A secret that is a variable's default is used by everybody who forgets to give a better one."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

META = Meta(
    id="secret-default",
    title="The default of a variable is a secret",
    severity=Severity.HIGH,
    on=("root",),
    why=(
        "A default is taken silently wherever no value is given, so one secret ends in every environment; and whoever "
        "can read the repository has it."
    ),
    fix=(
        "Change the secret, for it is known, and take the default away: Terraform then asks for a value, or stops. "
        "Mark the variable `sensitive`."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/values/variables#default-values",
        "https://developer.hashicorp.com/terraform/language/values/variables#suppressing-values-in-cli-output",
    ),
)


def check(root: Resource, graph: Graph) -> Iterator[Violation]:
    """One violation for each literal in a default, whether a call of the module uses it or not."""
    for secret in graph.secrets:
        if secret.kind == "default" and secret.place is not None and secret.allowed is None:
            goes = f" and goes to {secret.address}" if secret.way is not None and len(secret.addresses) > 0 else ""
            yield Violation(f"the default of the variable is a secret{goes}", secret.place, secret.name, secret=secret)
