"""Calls of functions that do not exist.

What stands in `try` or `can` may fail, as in Terraform, and is left out.
"""

from collections.abc import Callable, Iterator

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.hcl import ast
from iacpolicy.hcl.visit import children
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.references import FORGIVING
from iacpolicy.terraform.scoping import Area, Site


def required_providers(module: Module) -> frozenset[str]:
    """The local names of the providers that a module declares."""
    return frozenset(
        name
        for block in module.terraform_blocks
        for inner in block.nested("required_providers")
        for name in inner.attributes
    )


def unknown_functions(
    site: Site, providers: frozenset[str], known: Callable[[str], str | None]
) -> Iterator[Diagnostic]:
    """What is wrong with the calls in an expression; `known` gives None for a function that there is, else a text."""
    for call in _calls(site.expression):
        place = site.source.span(call.start, call.end)
        if site.area is Area.CONSTANT:
            yield error(
                "Function calls not allowed", "Functions may not be called here; write the value itself.", place
            )
        elif call.name.startswith("provider::"):
            parts = call.name.split("::")
            provider = parts[1] if len(parts) > 2 else ""
            if provider != "terraform" and provider not in providers:
                yield error(
                    "Unknown provider function",
                    f'There is no provider named "{provider}" in the required_providers of this module.',
                    place,
                )
        elif call.name not in FORGIVING:
            problem = known(call.name)
            if problem is not None:
                yield error("Call to unknown function", problem, place)


def _calls(expression: ast.Node) -> Iterator[ast.Call]:
    pending: list[ast.Node] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Call):
            yield node
            if node.name in FORGIVING:
                continue
        pending.extend(reversed(children(node)))
