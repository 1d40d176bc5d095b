"""Outputs that carry a secret without `sensitive = true`."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.secrets import (
    ReachingSecret,
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
        "Every apply prints the outputs of the root, also into the log of the pipeline. Terraform only refuses values "
        "that it knows to be sensitive. It prints a secret that neither the provider nor a variable marks, and one "
        "that `nonsensitive` unmarks. The mark on a module's output also warns the caller of the module."
    ),
    fix=(
        "Set `sensitive = true` on the output. Better, output the location of the secret instead of the secret. For a "
        "called module, `ephemeral = true` keeps the output out of the state."
    ),
    references=(
        "https://developer.hashicorp.com/terraform/language/values/outputs#sensitive",
        "https://developer.hashicorp.com/terraform/language/values/outputs#ephemeral",
        "https://developer.hashicorp.com/terraform/language/functions/nonsensitive",
    ),
)


def check(output: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield a violation for an output with secrets unless the output itself is marked."""
    flag = output.written("sensitive")
    if flag is not None and flag.text == "true":
        return  # equivalent: the flag decides, and tracing the value takes time
    reached = secrets_in(output, "value", graph)
    if not reached or output["sensitive"] == True or output["ephemeral"] == True:
        return
    reported = [one for one in reached if not output.module_address or _is_itself(one, output)]
    if reported:
        names = ", ".join(dict.fromkeys(one.source.name for one in reported))
        at = output["value"].at
        secret = secret_reference("output", output, "value", reported[0].trace, at)
        yield Violation(f"the output carries {names} and is not marked sensitive", at, secret=secret)


def _is_itself(reached: ReachingSecret, output: Resource) -> bool:
    """Return whether the output of a called module is the secret itself, not an object with a marked part."""
    if not reached.path or is_secret_name(output.name):
        return True
    return not is_marked_sensitive(output["value"])
