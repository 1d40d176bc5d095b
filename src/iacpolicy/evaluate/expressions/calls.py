"""Calls of functions: https://developer.hashicorp.com/terraform/language/expressions/function-calls."""

from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.expressions.attempts import attempt
from iacpolicy.evaluate.expressions.context import CONSOLE, Context, Evaluate
from iacpolicy.evaluate.functions import frame, registry
from iacpolicy.evaluate.functions.frame import Function
from iacpolicy.evaluate.values.choices import distribute, summary
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.sizes import check_size, size
from iacpolicy.evaluate.values.terms import apply
from iacpolicy.evaluate.values.value import Value, unknown
from iacpolicy.hcl import ast
from iacpolicy.terraform.function_facts import catches_failures


def call(node: ast.Call, context: Context, evaluate: Evaluate) -> Value:
    if catches_failures(node.name):
        return attempt(node, context, evaluate)
    if node.name.startswith("provider::"):
        given = [summary(evaluate(argument, context)).key for argument in node.arguments]
        return context.module.provider_function(node.name, ",".join(given))
    function = _function(node.name, context)
    if function.name == "templatestring":
        _check_template(node, context)
    arguments = [evaluate(a, context) for a in node.arguments]
    if node.expand_final:
        last = arguments.pop()

        def called(final: Value) -> Value:
            expanded = _expanded(final)
            if expanded is None:
                given = (*(summary(a) for a in arguments), summary(final))
                return unknown(DYNAMIC, apply(f"{node.name}...", *given), final.origins, final.marks)
            return _called(function, [*arguments, *(e.marked(final.marks) for e in expanded)], context)

        return distribute(called, last)
    return _called(function, arguments, context)


def _function(name: str, context: Context) -> Function:
    function = registry.lookup(name, console=context.source.path == CONSOLE)
    if function is not None:
        return function
    opentofu = context.is_of_opentofu
    function = registry.lookup(name, opentofu=opentofu)
    if function is None:
        raise EvaluationError("Call to unknown function", registry.suggest(name, opentofu))
    return function


def _check_template(node: ast.Call, context: Context) -> None:
    """Refuse a template that is not a reference, as Terraform does; OpenTofu accepts any expression.

    Raises:
        EvaluationError: the template is written in place.
    """
    template = node.arguments[0] if node.arguments else None
    while isinstance(template, ast.GetAttr | ast.Index | ast.Splat):
        template = template.target
    if template is None or isinstance(template, ast.Name) or context.is_of_opentofu:
        return
    raise EvaluationError(
        "Invalid function argument",
        'Invalid value for "template" parameter: it must be a reference to a string, whose text is the template. '
        "Write a template in place without the function.",
    )


def _called(function: Function, arguments: list[Value], context: Context) -> Value:
    result = frame.call(function, arguments, context.module.files)
    context.module.spend(1 + sum(estimated_steps(v) for v in arguments) + estimated_steps(result))
    return check_size(result)


def estimated_steps(value: Value) -> int:
    """Return the approximate number of steps that a function needs for a value."""
    data = value.data
    if type(data) is str:
        return len(data) >> 6
    return size(value) if type(data) is tuple or type(data) is dict else 0


def _expanded(last: Value) -> tuple[Value, ...] | None:
    """Return the elements that `...` expands to arguments, None if they are unknown.

    Raises:
        EvaluationError: the value is null or not a list, set or tuple.
    """
    if last.data is None:
        raise EvaluationError("Invalid expanding argument value", "The expanding argument must not be null.")
    if not last.is_settled:
        return None
    if not isinstance(last.data, tuple):
        raise EvaluationError(
            "Invalid expanding argument value",
            "The expanding argument (indicated by ...) must be of a tuple, list, or set type.",
        )
    return last.data
