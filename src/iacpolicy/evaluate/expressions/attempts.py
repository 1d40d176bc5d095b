"""`try` and `can`, whose arguments may fail: https://developer.hashicorp.com/terraform/language/functions/try."""

from collections.abc import Sequence

from iacpolicy.core.types import BOOL, Primitive
from iacpolicy.evaluate.expressions.context import Context, Evaluate
from iacpolicy.evaluate.expressions.failure_conditions import doubtful
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.choices import choose, distribute, is_refused, refused_arm, summary
from iacpolicy.evaluate.values.errors import EvaluationError, StaticError
from iacpolicy.evaluate.values.terms import Apply, Cause, Symbol, Term, apply, at_place
from iacpolicy.evaluate.values.value import Choice, Value, first_unsettled, unknown
from iacpolicy.hcl import ast
from iacpolicy.terraform.function_facts import bare_name


def attempt(node: ast.Call, context: Context, evaluate: Evaluate) -> Value:
    """Return the value of a call of `try` or `can`."""
    if bare_name(node.name) == "can":
        if len(node.arguments) != 1:
            raise EvaluationError("Invalid function call", 'Function "can" expects one argument.')
        return _can(node.arguments[0], context, evaluate)
    if not node.arguments:
        raise EvaluationError("Invalid function call", 'Function "try" expects at least one argument.')
    return _try(node.arguments, context, evaluate, [])


def _can(argument: ast.Expression, context: Context, evaluate: Evaluate) -> Value:
    try:
        value = evaluate(argument, context)
    except StaticError:
        raise
    except EvaluationError:
        return values.FALSE
    if _cannot_fail(argument):
        return values.TRUE.with_origins(value.origins)
    condition = _succeeds(value, argument, context, evaluate)
    if isinstance(condition, bool):
        return values.boolean(condition)
    return unknown(BOOL, condition, value.origins)


def _cannot_fail(node: ast.Expression) -> bool:
    """Report whether an expression is a plain reference or a literal, which cannot fail at run time."""
    while isinstance(node, ast.Parens):
        node = node.value
    if isinstance(node, ast.GetAttr):
        return isinstance(node.target, ast.Name) and node.target.name in ("var", "local", "path", "terraform")
    return isinstance(node, ast.Null | ast.Bool | ast.Number)


def _succeeds(value: Value, node: ast.Expression, context: Context, evaluate: Evaluate) -> Term | bool:
    """Return the condition under which an expression with this value succeeds, or a bool if that is known.

    An unknown value can still lead to an error: another operand may be null, or an element may be missing. The term of
    the value does not contain all operations, so the condition is the same for the same place or function only.
    """
    if is_refused(value):
        return False
    if first_unsettled(value) is None:
        doubt = doubtful(node, context, evaluate)
        return True if doubt is None else at_place("can", context.place(node.start), doubt)
    term = summary(value)
    if isinstance(node, ast.Call) and isinstance(term, Apply) and term.operator == node.name:
        return apply("can", term)
    return at_place("can", context.place(node.start), term)


def _is_of_instances(value: Value) -> bool:
    """Report whether a value is an attribute of an instance that exists under a condition: `aws_vpc.this[0].id`.

    Under that condition the attribute exists and has its type, so no other part of the expression can fail.
    """
    data = value.data
    if not isinstance(data, Choice):
        return False
    arms = (data.then, data.otherwise)
    return any(map(is_refused, arms)) and any(map(_is_attribute, arms))


def _is_attribute(value: Value) -> bool:
    term = getattr(value.data, "term", None)
    return (
        isinstance(term, Symbol)
        and isinstance(value.type, Primitive)
        and bool(term.reasons)
        and all(reason.cause is Cause.COMPUTED for reason in term.reasons)
    )


def _try(arguments: Sequence[ast.Expression], context: Context, evaluate: Evaluate, failures: list[str]) -> Value:
    """Return the first argument that does not fail, for each arm of a choice."""
    if not arguments:
        raise EvaluationError(
            "Error in function call", "No expression given to `try` succeeded: " + "; ".join(failures)
        )
    try:
        value = evaluate(arguments[0], context)
    except StaticError:
        raise
    except EvaluationError as error:
        return _try(arguments[1:], context, evaluate, [*failures, error.detail or error.summary])
    if len(arguments) == 1 or _cannot_fail(arguments[0]):
        return value

    def tried(one: Value) -> Value:
        return _try(arguments[1:], context, evaluate, failures) if is_refused(one) else one

    if _is_of_instances(value):
        return distribute(tried, value)
    condition = _succeeds(value, arguments[0], context, evaluate)
    if condition is True:
        return value
    value = distribute(tried, value)
    if isinstance(condition, bool):
        return value
    try:
        otherwise = _try(arguments[1:], context, evaluate, failures)
    except StaticError:
        raise
    except EvaluationError as error:
        otherwise = refused_arm(error, condition)
    return choose(condition, value, otherwise)
