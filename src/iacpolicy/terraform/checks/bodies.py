"""Blocks whose arguments Terraform itself knows: `terraform`, `variable`, `output`.

https://developer.hashicorp.com/terraform/language/block/terraform and its neighbours; what OpenTofu adds is accepted.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.hcl import ast
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.checks.suggestions import meant
from iacpolicy.terraform.config import Module, Variable


class _Known(NamedTuple):
    arguments: frozenset[str]
    blocks: frozenset[str]


_BODIES: Final = {
    "terraform": _Known(
        frozenset({"required_version", "experiments", "language"}),
        frozenset({"required_providers", "backend", "cloud", "provider_meta", "encryption"}),
    ),
    "variable": _Known(
        frozenset({"type", "default", "description", "sensitive", "ephemeral", "nullable", "deprecated", "const"}),
        frozenset({"validation"}),
    ),
    "output": _Known(
        frozenset({"value", "description", "sensitive", "ephemeral", "depends_on", "deprecated", "type"}),
        frozenset({"precondition", "postcondition"}),
    ),
}
RESERVED: Final = ("source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals")


def fixed_bodies(module: Module) -> Iterator[Diagnostic]:
    """Arguments and nested blocks that the `terraform`, `variable` and `output` blocks do not have."""
    blocks = [*module.terraform_blocks]
    blocks.extend(v.block for v in module.variables.values())
    blocks.extend(o.block for o in module.outputs.values())
    for block in blocks:
        yield from _unexpected(block, _BODIES[block.type])
    for output in module.outputs.values():
        if "value" not in output.block.attributes:
            yield error(
                "Missing required argument",
                'The argument "value" is required, but no definition was found.',
                output.block.header,
            )


def _unexpected(block: ConfigBlock, known: _Known) -> Iterator[Diagnostic]:
    for name, argument in block.attributes.items():
        if name in known.arguments or (name in known.blocks and block.holder(name).is_json):
            continue
        yield error(
            "Unsupported argument",
            f'An argument named "{name}" is not expected here.{meant(name, sorted(known.arguments))}',
            argument.source.span(argument.node.start, argument.node.name_end),
        )
    for nested in block.blocks:
        if nested.type not in known.blocks:
            yield error(
                "Unsupported block type",
                f'Blocks of type "{nested.type}" are not expected here.{meant(nested.type, sorted(known.blocks))}',
                nested.header,
            )


def variables(module: Module, type_problem: Callable[[Argument], Diagnostic | None]) -> Iterator[Diagnostic]:
    """Names that no variable may have, and types that are none; `type_problem` judges a `type` argument."""
    for variable in module.variables.values():
        if variable.name in RESERVED:
            yield error(
                "Invalid variable name",
                f'The variable name "{variable.name}" is reserved due to its special meaning inside module blocks.',
                variable.block.header,
            )
        yield from _type(variable, type_problem)


def _type(variable: Variable, type_problem: Callable[[Argument], Diagnostic | None]) -> Iterator[Diagnostic]:
    if variable.type is not None:
        if isinstance(variable.type.value, ast.Template) and not variable.block.holder("type").is_json:
            yield error(
                "Invalid quoted type constraints",
                "Types have been written without quotes since Terraform 0.12. Remove the quotes.",
                variable.type.span,
            )
            return
        problem = type_problem(variable.type)
        if problem is not None:
            yield problem
