"""An output prints what it holds, and keeps it in the state for every root that reads it."""

from collections.abc import Iterator

from iacpolicy.evaluate.values import SENSITIVE, Value, deep_marks
from iacpolicy.graph.secret_cell import Reached, SecretsOfCell
from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Secret, Severity, Violation
from iacpolicy.schemas.secret_names import is_secret_name

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
    value, module = output["value"], output.node.module
    if value.is_absent or module is None or graph.inner.root is None:
        return
    if output["sensitive"] == True or output["ephemeral"] == True:  # noqa: E712 - a Truth
        return
    secrets = graph.once(("secrets of a cell", graph.inner.index), lambda: SecretsOfCell(graph.inner))
    block = output.node.body.block if output.node.body is not None else None
    argument = block.attributes.get("value") if block is not None else None
    reached = secrets.of(module, argument, block) if argument is not None and block is not None else ()
    is_called = module.site is not None
    told = [r for r in reached if not is_called or _is_itself(r, output.name, value.known_value)]
    if told:
        names = ", ".join(dict.fromkeys(r.source.name for r in told))
        secret = Secret("", value.at, "output", output.address, "value", (output.address,), told[0].way)
        yield Violation(f"the output carries {names} and is not sensitive", value.at, secret=secret)
    elif _is_marked(value, is_called):
        yield Violation("the output carries a sensitive value and is not sensitive", at=value)


def _is_itself(reached: Reached, name: str, value: Value | None) -> bool:
    """Of a called module: whether the output is the secret, and not an object in which one is marked as such."""
    is_hidden = value is not None and bool(deep_marks(value) & SENSITIVE)
    return not reached.steps or is_secret_name(name) or not is_hidden


def _is_marked(value: Attribute, is_called: bool) -> bool:
    known = value.known_value
    if known is None:
        return False
    return bool((known.marks if is_called else deep_marks(known)) & SENSITIVE)
