"""Calls of functions: https://developer.hashicorp.com/terraform/language/expressions/function-calls."""

from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.attempts import ATTEMPTS, attempt
from iacpolicy.evaluate.choices import distribute, summary
from iacpolicy.evaluate.context import CONSOLE, Context, Evaluate
from iacpolicy.evaluate.errors import EvaluationError
from iacpolicy.evaluate.functions import frame, registry
from iacpolicy.evaluate.functions.frame import Function
from iacpolicy.evaluate.sizes import check_size, size
from iacpolicy.evaluate.terms import apply
from iacpolicy.evaluate.values import Value, unknown
from iacpolicy.hcl import ast


def call(node: ast.Call, context: Context, evaluate: Evaluate) -> Value:
    if node.name in ATTEMPTS:
        return attempt(node, context, evaluate)
    if node.name.startswith("provider::"):
        given = [summary(evaluate(argument, context)).key for argument in node.arguments]
        return context.module.provider_function(node.name, ",".join(given))
    function = registry.lookup(node.name, console=context.source.path == CONSOLE)
    if function is None:
        raise EvaluationError("Call to unknown function", registry.suggest(node.name))
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


def _called(function: Function, arguments: list[Value], context: Context) -> Value:
    result = frame.call(function, arguments, context.module.files)
    context.module.spend(1 + sum(work(v) for v in arguments) + work(result))
    return check_size(result)


def work(value: Value) -> int:
    """About how many steps a function takes over a value."""
    data = value.data
    if type(data) is str:
        return len(data) >> 6
    return size(value) if type(data) is tuple or type(data) is dict else 0


def _expanded(last: Value) -> tuple[Value, ...] | None:
    """The elements that `...` makes arguments of; None where they are not known."""
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
