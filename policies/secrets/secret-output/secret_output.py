"""An output prints what it holds, and keeps it in the state for every root that reads it."""

from collections.abc import Iterator

from iacpolicy.evaluate.values.value import SENSITIVE, deep_marks
from iacpolicy.hcl import ast
from iacpolicy.policy.api import Graph, Meta, Resource, Secret, Severity, Violation
from iacpolicy.schemas.secret_names import is_secret_name
from iacpolicy.secrets.reach.cell_secrets import Reached, SecretsOfCell

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
    body, module = output.node.body, output.node.module
    argument = body.argument("value") if body is not None else None
    if body is None or module is None or argument is None:  # equivalent: an output has a value, and stands in a module
        return  # equivalent: likewise
    flag = body.argument("sensitive")
    if flag is not None and isinstance(flag.value, ast.Bool) and flag.value.value:
        return  # what is written so plainly need not be followed
    secrets = graph.once(
        ("secrets of a cell", graph.inner.index), lambda: SecretsOfCell(graph.inner, graph.cell_secrets)
    )
    reached = secrets.of(module, argument, body.block)
    if not reached or output["sensitive"] == True or output["ephemeral"] == True:
        return
    told = [one for one in reached if module.site is None or _is_itself(one, output)]
    if told:
        names = ", ".join(dict.fromkeys(one.source.name for one in told))
        secret = Secret("", argument.span, "output", output.address, "value", (output.address,), told[0].way)
        yield Violation(f"the output carries {names} and is not sensitive", argument.span, secret=secret)


def _is_itself(reached: Reached, output: Resource) -> bool:
    """Of a called module: whether the output is the secret, and not an object in which one is marked as such."""
    if not reached.steps or is_secret_name(output.name):
        return True
    value = output["value"].known_value
    return value is None or not deep_marks(value) & SENSITIVE
