"""Blocks whose arguments Terraform itself defines: `terraform`, `variable`, `lifecycle`, `validation` and the like.

https://developer.hashicorp.com/terraform/language/block/terraform and the pages beside it; arguments that only OpenTofu
has are accepted.
"""

from collections.abc import Callable, Iterator
from typing import Final

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.similar import did_you_mean
from iacpolicy.hcl import ast
from iacpolicy.hcl.json_blocks import misfits
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.config import Module, Variable
from iacpolicy.terraform.language import BLOCKS, BlockType, nested_labels
from iacpolicy.terraform.scoping import declarations

RESERVED: Final = (*BLOCKS["module"].arguments, "lifecycle", "locals")


def fixed_bodies(module: Module) -> Iterator[Diagnostic]:
    """Yield unsupported arguments and nested blocks of Terraform's own blocks, and missing required arguments."""
    pending = [*module.terraform_blocks, *(block for _, block in declarations(module))]
    while pending:
        block = pending.pop()
        known = BLOCKS.get(block.type)
        if known is None:
            continue
        yield from _misfits(block, known)
        if not known.is_open:
            yield from _unexpected(block, known)
        for name in known.required:
            if name not in block.attributes:
                text = f'The argument "{name}" is required, but no definition was found.'
                yield error("Missing required argument", text, block.header)
        for type_, labels in nested_labels(block.type).items():
            nested = block.nested(type_, labels)
            pending.extend(nested)
            if type_ in known.once and len(nested) > 1:
                text = f"There may be one {type_} block; another is at {nested[0].header}."
                yield error(f"Duplicate {type_} block", text, nested[1].header)


def _misfits(block: ConfigBlock, known: BlockType) -> Iterator[Diagnostic]:
    """Yield the values in JSON at the place of a nested block that are no objects."""
    for type_, labels in nested_labels(block.type).items():
        argument = block.attributes.get(type_)
        if argument is None or not block.holder(type_).is_json:
            continue
        for node in misfits(argument.value, labels):
            yield error(
                "JSON object expected",
                f'A block "{type_}" in JSON is an object, or a list of objects'
                f"{', under a property for each of its labels' if labels else ''}. This is neither.",
                argument.source.span(node.start, node.end),
            )


def _unexpected(block: ConfigBlock, known: BlockType) -> Iterator[Diagnostic]:
    for name, argument in block.attributes.items():
        if name in known.arguments or (name in known.blocks and block.holder(name).is_json):
            continue
        yield error(
            "Unsupported argument",
            f'An argument named "{name}" is not expected here.{did_you_mean(name, sorted(known.arguments))}',
            argument.source.span(argument.node.start, argument.node.name_end),
        )
    for nested in block.blocks:
        if nested.type not in known.blocks:
            yield error(
                "Unsupported block type",
                f'Blocks of type "{nested.type}" are not expected here.'
                f"{did_you_mean(nested.type, sorted(known.blocks))}",
                nested.header,
            )


def variables(module: Module, type_problem: Callable[[Argument], Diagnostic | None]) -> Iterator[Diagnostic]:
    """Yield reserved names of variables and invalid types; `type_problem` returns the problem of a `type` argument."""
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
