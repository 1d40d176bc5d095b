"""Literals, templates and parentheses."""

from iacpolicy.core.types import BOOL, DYNAMIC
from iacpolicy.evaluate.expressions import templates
from iacpolicy.evaluate.expressions.context import Context, Evaluate
from iacpolicy.evaluate.values import numbers, value
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.identities import InvalidSyntax
from iacpolicy.evaluate.values.origins import Origin, OriginKind, Origins
from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.evaluate.values.value import Value, unknown_because
from iacpolicy.hcl import ast
from iacpolicy.hcl.shared.text import number_text


def written(node: ast.Node, context: Context) -> Origins:
    return (Origin(OriginKind.LITERAL, "", context.source, node.start, node.end),)


def null_value(node: ast.Null, context: Context, _: Evaluate) -> Value:
    return Value(DYNAMIC, None, 0, written(node, context))


def bool_value(node: ast.Bool, context: Context, _: Evaluate) -> Value:
    return Value(BOOL, node.value, 0, written(node, context))


def number_value(node: ast.Number, context: Context, _: Evaluate) -> Value:
    parsed = numbers.parse(number_text(context.source.text, node))
    if parsed is None:
        raise EvaluationError(
            "Number out of bounds",
            f"A number may have an exponent of at most {numbers.MAX_EXPONENT} (limit: size of numbers).",
        )
    return value.number(parsed, written(node, context))


def template(node: ast.Template, context: Context, evaluate: Evaluate) -> Value:
    return templates.render(node.parts, context, evaluate, written(node, context))


def template_wrap(node: ast.TemplateWrap, context: Context, evaluate: Evaluate) -> Value:
    return evaluate(node.value, context)


def parens(node: ast.Parens, context: Context, evaluate: Evaluate) -> Value:
    return evaluate(node.value, context)


def invalid(node: ast.Invalid, context: Context, _: Evaluate) -> Value:
    reason = Reason(Cause.ERROR, "the expression has a syntax error", context.source.span(node.start, node.end))
    return unknown_because(DYNAMIC, InvalidSyntax(context.source.path, node.start), reason)


def key_name(node: ast.KeyName, context: Context, _: Evaluate) -> Value:
    return value.string(node.name, written(node, context))
