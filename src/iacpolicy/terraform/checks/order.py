"""`depends_on` and `replace_triggered_by`: lists of references; those in `depends_on` are to whole objects.

https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on
"""

from collections.abc import Iterator

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.hcl import ast
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.language import BLOCKS
from iacpolicy.terraform.references import is_resource, references
from iacpolicy.terraform.static_expressions import is_traversal, static_items


def order_arguments(block: ConfigBlock) -> Iterator[Diagnostic]:
    """Yield the problems of the arguments that accept only references."""
    if "depends_on" not in BLOCKS[block.type].arguments:
        return
    argument = block.attributes.get("depends_on")
    if argument is not None:
        yield from _list(argument, whole=True)
    if block.type == "resource":
        for lifecycle in block.nested("lifecycle"):
            triggers = lifecycle.attributes.get("replace_triggered_by")
            if triggers is not None:
                yield from _list(triggers, whole=False)


def _list(argument: Argument, whole: bool) -> Iterator[Diagnostic]:
    source = argument.source
    if not isinstance(argument.value, ast.TupleCons):
        place = source.span(argument.value.start, argument.value.end)
        yield error("Invalid expression", "A static list expression is required.", place)
        return
    for item in static_items(argument):
        place = source.span(item.start, item.end)
        if whole and not is_traversal(item):
            yield error(
                "Invalid expression",
                "A single static variable reference is required: only attribute access and indexing with constant "
                "keys. No calculations, function calls, template expressions, etc are allowed here.",
                place,
            )
        elif whole:
            for reference in references(item, source):
                if is_resource(reference.kind) and any(s.is_attribute for s in reference.steps):
                    yield error(
                        "Invalid depends_on reference",
                        "References in depends_on must be to a whole object (resource, etc), not to an attribute of "
                        f"an object; write {reference.address}.",
                        place,
                    )
