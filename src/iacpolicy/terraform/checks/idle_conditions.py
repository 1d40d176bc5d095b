"""Conditions that test nothing, because they refer to no object.

https://developer.hashicorp.com/terraform/language/validate
"""

from collections.abc import Iterator

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.language import CONDITIONS
from iacpolicy.terraform.references import references


def idle_conditions(module: Module) -> Iterator[Diagnostic]:
    """Yield validations that do not refer to their variable, conditions without a reference, and empty checks."""
    for variable in module.variables.values():
        for block in variable.validations:
            condition = block.attributes.get("condition")
            if condition is not None and f"var.{variable.name}" not in _addresses(condition):
                yield error(
                    "Invalid reference in variable validation",
                    f"The condition must refer to var.{variable.name}, or else it would not test the value given.",
                    condition.span,
                )
    for block in _owners(module):
        condition = block.attributes.get("condition")
        if condition is not None and not _addresses(condition):
            yield error(
                f"Invalid {block.type} expression",
                "The condition must refer to at least one object of the configuration, or else it would check nothing.",
                condition.span,
            )
    for block in module.others:
        if block.type == "check" and not block.nested("assert"):
            yield error("Zero assert blocks", "A check must have at least one assert block.", block.header)


def _owners(module: Module) -> Iterator[ConfigBlock]:
    for resource in module.resources.values():
        for lifecycle in resource.block.nested("lifecycle"):
            for type_ in CONDITIONS:
                yield from lifecycle.nested(type_)
    for output in module.outputs.values():
        for type_ in CONDITIONS:
            yield from output.block.nested(type_)
    for block in module.others:
        if block.type == "check":
            yield from block.nested("assert")


def _addresses(condition: Argument) -> set[str]:
    return {reference.address for reference in references(condition.value, condition.source)}
