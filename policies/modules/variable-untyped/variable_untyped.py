"""A variable without a type takes anything, and the mistake shows where the value is used, or nowhere."""

from collections.abc import Iterator

from iacpolicy.hcl import ast
from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.terraform.config import Variable

META = Meta(
    id="variable-untyped",
    title="A variable has no type",
    severity=Severity.LOW,
    on=("variable",),
    why=(
        'Without a type "false" is a string that is not empty, a list may be one string, and a misspelt key of an '
        "object is nobody's mistake. With one, Terraform says so before it plans."
    ),
    fix="Write a `type`: `string`, `number`, `bool`, `list(string)`, or an `object` with its attributes.",
    references=("https://developer.hashicorp.com/terraform/language/values/variables#type-constraints",),
)


def check(variable: Resource, graph: Graph) -> Iterator[Violation]:
    """A bare `any` is what Terraform takes where nothing is written."""
    module = variable.node.module
    if module is None or not graph.is_first(module.module.directory, module.address):
        return  # said already, at the same line
    declared = module.module.variables[variable.name]
    if declared.type is None:
        yield Violation("the variable has no type", at=variable)
    elif _is_any(declared):
        yield Violation("the type is any, which is none", at=declared.type.span)


def _is_any(variable: Variable) -> bool:
    assert variable.type is not None
    node = variable.type.value
    while isinstance(node, ast.Parens):
        node = node.value
    return variable.type.source.text[node.start : node.end].strip('"') == "any"
