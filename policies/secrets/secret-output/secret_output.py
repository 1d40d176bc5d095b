"""An output prints what it holds, and keeps it in the state for every root that reads it."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.secrets import (
    Reached,
    is_marked_sensitive,
    is_secret_name,
    secret_reference,
    secrets_in,
)

META = Meta(
    id="secret-output",
    title="An output carries a secret and is not marked sensitive",
    severity=Severity.HIGH,
    on=("output",),
    why=(
        "Every apply prints the outputs of the root, into the log of the pipeline too. Terraform refuses that only for "
        "what it knows to be sensitive: what a provider does not mark, a variable that nobody marked, and what went "
        "through `nonsensitive` it prints. The output of a module tells its reader what to be careful with."
    ),
    fix=(
        "Write `sensitive = true` beside the value. Better still, hand on where the secret is kept instead of the "
        "secret, or make the output of a called module `ephemeral`, so that no state holds it."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/values/outputs#sensitive",
        "https://developer.hashicorp.com/terraform/language/values/outputs#ephemeral",
        "https://developer.hashicorp.com/terraform/language/functions/nonsensitive",
    ),
)


def check(output: Resource, graph: Graph) -> Iterator[Violation]:
    """The mark of the output decides, whatever it is that the value is marked with on its way."""
    flag = output.written("sensitive")
    if flag is not None and flag.text == "true":
        return  # equivalent: the flag decides, and following the value takes time
    reached = secrets_in(output, "value", graph)
    if not reached or output["sensitive"] == True or output["ephemeral"] == True:
        return
    told = [one for one in reached if not output.module_address or _is_itself(one, output)]
    if told:
        names = ", ".join(dict.fromkeys(one.source.name for one in told))
        at = output["value"].at
        secret = secret_reference("output", output, "value", told[0].way, at)
        yield Violation(f"the output carries {names} and is not sensitive", at, secret=secret)


def _is_itself(reached: Reached, output: Resource) -> bool:
    """Of a called module: whether the output is the secret, and not an object in which one is marked as such."""
    if not reached.steps or is_secret_name(output.name):
        return True
    return not is_marked_sensitive(output["value"])
