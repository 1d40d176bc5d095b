"""Module calls against the variables and outputs of the called module.

https://developer.hashicorp.com/terraform/language/modules/syntax
"""

from collections.abc import Iterator

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.similar import did_you_mean
from iacpolicy.terraform.config import Module, ModuleCall
from iacpolicy.terraform.language import BLOCKS, REPETITIONS
from iacpolicy.terraform.references import Reference, ReferenceKind
from iacpolicy.terraform.scoping import ExpressionSite


def arguments(call: ModuleCall, child: Module) -> Iterator[Diagnostic]:
    """Yield arguments without a variable, and required variables without an argument."""
    given = call.block.attributes
    for name, argument in given.items():
        if name not in child.variables and name not in BLOCKS["module"].arguments:
            yield error(
                "Unsupported argument",
                f'An argument named "{name}" is not expected here.{did_you_mean(name, child.variables)}',
                argument.source.span(argument.node.start, argument.node.name_end),
            )
    for variable in child.variables.values():
        if variable.default is None and variable.name not in given:
            yield error(
                "Missing required argument",
                f'The argument "{variable.name}" is required by the module, but no definition was found.',
                call.block.header,
            )


def blocks(call: ModuleCall) -> Iterator[Diagnostic]:
    """Yield nested blocks, which a module call cannot have."""
    for block in call.block.blocks:
        yield error("Unsupported block type", f'Blocks of type "{block.type}" are not expected here.', block.header)


def output_of(reference: Reference) -> tuple[str, int] | None:
    """Return the output that a reference to a module names, through an index or a splat, and the end of its name."""
    if reference.kind is not ReferenceKind.MODULE:
        return None
    for step in reference.steps[:2]:
        if step.is_attribute:
            return str(step.key), step.end
    return None


def missing_output(reference: Reference, site: ExpressionSite, call: ModuleCall, child: Module) -> Diagnostic | None:
    """Return the problem of a reference to an output that the module does not have, else None."""
    found = output_of(reference)
    if found is None or found[0] in child.outputs:
        return None
    name, end = found
    keyed = call.block.attributes.keys() & REPETITIONS
    if keyed and reference.steps[0].is_attribute:
        return None  # the key of an instance, written as an attribute
    return error(
        "Unsupported attribute",
        f'This object does not have an attribute named "{name}".{did_you_mean(name, child.outputs)}',
        site.source.span(reference.start, end),
    )
