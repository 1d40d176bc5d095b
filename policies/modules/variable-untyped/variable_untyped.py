"""Input variables without a type constraint."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

META = Meta(
    id="variable-untyped",
    title="Variable has no type",
    severity=Severity.LOW,
    on=("variable",),
    why=(
        'Without a type, "false" is a non-empty string and counts as set, and misspelt keys of an object go '
        "unnoticed. With a type, Terraform reports such mistakes before it plans."
    ),
    fix="Add a `type`: `string`, `number`, `bool`, `list(string)`, or an `object` with its attributes.",
    references=("https://developer.hashicorp.com/terraform/language/values/variables#type-constraints",),
)


def check(variable: Resource, graph: Graph) -> Iterator[Violation]:
    """A bare `any` counts as no type: it is Terraform's default."""
    if not graph.is_first(variable):
        return  # another call of the same module reports it at the same line
    type_ = variable.written("type")
    if type_ is None:
        yield Violation("the variable has no type", at=variable)
    elif type_.text.strip('"') == "any":
        yield Violation("the type of the variable is any, which accepts every value", at=type_.at)
