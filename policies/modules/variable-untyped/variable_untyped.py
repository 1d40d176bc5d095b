"""Input variables without a type constraint."""

from collections.abc import Iterator

from iacpolicy.hcl import ast
from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.terraform.config import Variable

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
    module = variable.node.module
    if module is None or not graph.is_first(module.module.directory, module.address):
        return  # another call of the same module reports it at the same line
    declared = module.module.variables[variable.name]
    if declared.type is None:
        yield Violation("the variable has no type", at=variable)
    elif _is_any(declared):
        yield Violation("the type of the variable is any, which accepts every value", at=declared.type.span)


def _is_any(variable: Variable) -> bool:
    assert variable.type is not None
    node = variable.type.value
    while isinstance(node, ast.Parens):
        node = node.value
    return variable.type.source.text[node.start : node.end].strip('"') == "any"
