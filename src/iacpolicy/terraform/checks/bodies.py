"""Blocks whose arguments Terraform itself knows: `terraform`, `variable`, `lifecycle`, `validation` and the like.

https://developer.hashicorp.com/terraform/language/block/terraform and its neighbours; what OpenTofu adds is accepted.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.similar import did_you_mean
from iacpolicy.hcl import ast
from iacpolicy.hcl.json_blocks import misfits
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.config import Module, Variable
from iacpolicy.terraform.scoping import declarations


class _Known(NamedTuple):
    """What a block may hold: arguments, nested blocks with the number of their labels, and what it must hold.

    An open block holds more, which is a provider's or a module's; only the nested blocks named here are Terraform's.
    """

    arguments: frozenset[str] = frozenset()
    blocks: Mapping[str, int] = {}
    required: tuple[str, ...] = ()
    is_open: bool = False
    once: tuple[str, ...] = ()


_CONDITION: Final = _Known(frozenset({"condition", "error_message"}), {}, ("condition", "error_message"))
_RESOURCE: Final = _Known(blocks={"lifecycle": 0}, is_open=True, once=("lifecycle",))
_BODIES: Final = {
    "terraform": _Known(
        frozenset({"required_version", "experiments", "language"}),
        {"required_providers": 0, "backend": 1, "cloud": 0, "provider_meta": 1, "encryption": 0},
        once=("required_providers",),
    ),
    "variable": _Known(
        frozenset({"type", "default", "description", "sensitive", "ephemeral", "nullable", "deprecated", "const"}),
        {"validation": 0},
    ),
    "output": _Known(
        frozenset({"value", "description", "sensitive", "ephemeral", "depends_on", "deprecated", "type"}),
        {"precondition": 0, "postcondition": 0},
        ("value",),
    ),
    "resource": _Known(
        blocks={"lifecycle": 0, "provisioner": 1, "connection": 0}, is_open=True, once=("lifecycle", "connection")
    ),
    "data": _RESOURCE,
    "ephemeral": _RESOURCE,
    "lifecycle": _Known(
        frozenset(
            {"create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by", "enabled", "destroy"}
        ),
        {"precondition": 0, "postcondition": 0, "action_trigger": 0},
    ),
    "provisioner": _Known(blocks={"connection": 0}, is_open=True, once=("connection",)),
    "precondition": _CONDITION,
    "postcondition": _CONDITION,
    "validation": _CONDITION,
    "assert": _CONDITION,
    "check": _Known(blocks={"assert": 0, "data": 2}),
    "moved": _Known(frozenset({"from", "to"}), {}, ("from", "to")),
    "removed": _Known(frozenset({"from"}), {"lifecycle": 0, "provisioner": 1, "connection": 0}, ("from",)),
    "import": _Known(frozenset({"to", "id", "identity", "for_each", "provider"}), {}, ("to",)),
}
RESERVED: Final = ("source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals")


def fixed_bodies(module: Module) -> Iterator[Diagnostic]:
    """Arguments and nested blocks that Terraform's own blocks do not have, and arguments that they lack."""
    pending = [*module.terraform_blocks, *(block for _, block in declarations(module))]
    while pending:
        block = pending.pop()
        known = _BODIES.get(block.type)
        if known is None:
            continue
        yield from _misfits(block, known)
        if not known.is_open:
            yield from _unexpected(block, known)
        for name in known.required:
            if name not in block.attributes:
                text = f'The argument "{name}" is required, but no definition was found.'
                yield error("Missing required argument", text, block.header)
        for type_, labels in known.blocks.items():
            nested = block.nested(type_, labels)
            pending.extend(nested)
            if type_ in known.once and len(nested) > 1:
                text = f"There may be one {type_} block; another stands at {nested[0].header}."
                yield error(f"Duplicate {type_} block", text, nested[1].header)


def _misfits(block: ConfigBlock, known: _Known) -> Iterator[Diagnostic]:
    """What stands in JSON where a nested block is expected, and is none."""
    for type_, labels in known.blocks.items():
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


def _unexpected(block: ConfigBlock, known: _Known) -> Iterator[Diagnostic]:
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
