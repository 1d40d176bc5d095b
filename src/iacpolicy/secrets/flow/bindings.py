"""The names that `for_each` and `dynamic` blocks bind, with the literals of each."""

from iacpolicy.hcl import ast
from iacpolicy.secrets.flow.file_functions import NO_BINDINGS, Bindings, FileFlow
from iacpolicy.secrets.flow.literals import ELEMENT, select
from iacpolicy.secrets.flow.module_uses import ModuleUse
from iacpolicy.terraform.blocks import ConfigBlock


def each_bindings(flow: FileFlow, use: ModuleUse, block: ConfigBlock) -> Bindings:
    """Return the bindings of `each` in a block."""
    argument = block.attributes.get("for_each")
    if argument is None:
        return NO_BINDINGS
    return {"each": select(flow.literals(argument.value, use, argument.source), ELEMENT)}


def dynamic_bindings(flow: FileFlow, use: ModuleUse, block: ConfigBlock, bound: Bindings) -> Bindings:
    """Return the bindings in the content of a `dynamic` block, its iterator included."""
    argument = block.attributes.get("for_each")
    if argument is None:
        return bound
    named = block.attributes.get("iterator")
    name = block.labels[0] if block.labels else ""
    if named is not None and isinstance(named.value, ast.Name):
        name = named.value.name
    return {**bound, f"dynamic {name}": select(flow.literals(argument.value, use, argument.source, bound), ELEMENT)}
