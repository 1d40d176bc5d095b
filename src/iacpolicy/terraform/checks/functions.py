"""Calls of functions that do not exist.

Arguments of `try` and `can` may fail, as in Terraform, and are left out.
"""

from collections.abc import Callable

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.terraform.function_facts import catches_failures
from iacpolicy.terraform.references import FunctionCall
from iacpolicy.terraform.scoping import Area, ExpressionSite


def function_problem(
    site: ExpressionSite, call: FunctionCall, providers: frozenset[str], known: Callable[[str, str], str | None]
) -> Diagnostic | None:
    """Return the problem of a call, or None; `known` returns None for a function that exists, else the message."""
    place = site.source.span(call.start, call.end)
    if site.area is Area.CONSTANT:
        return error("Function calls not allowed", "Functions may not be called here; write the value itself.", place)
    if call.may_fail or catches_failures(call.name):
        return None
    if call.name.startswith("provider::"):
        parts = call.name.split("::")
        provider = parts[1] if len(parts) > 2 else ""
        if provider in providers:
            return None
        text = f'There is no provider named "{provider}" in the required_providers of this module.'
        return error("Unknown provider function", text, place)
    problem = known(call.name, site.source.path)
    return error("Call to unknown function", problem, place) if problem is not None else None
