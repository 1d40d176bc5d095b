"""Evaluation of expressions: the function for each kind of node."""

from collections.abc import Callable, Mapping
from typing import Any

from iacpolicy.evaluate.expressions.calls import call, estimated_steps
from iacpolicy.evaluate.expressions.conditionals import conditional
from iacpolicy.evaluate.expressions.constructors import for_object, for_tuple, object_cons, tuple_cons
from iacpolicy.evaluate.expressions.context import Context, Evaluate
from iacpolicy.evaluate.expressions.literals import (
    bool_value,
    invalid,
    key_name,
    null_value,
    number_value,
    parens,
    template,
    template_wrap,
)
from iacpolicy.evaluate.expressions.traversals import get_attr, index, name, splat, splat_item
from iacpolicy.evaluate.values import operators
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import Value
from iacpolicy.hcl import ast


def evaluate(node: ast.Expression, context: Context) -> Value:
    """Return the value of an expression.

    Raises:
        EvaluationError: Terraform would refuse it; `place` is the innermost node with the error.
    """
    try:
        return _EVALUATORS[type(node)](node, context, evaluate)
    except EvaluationError as error:
        if error.place is None:
            error.place = (context.source, node.start, node.end)
        raise


def _unary(node: ast.Unary, context: Context, evaluate: Evaluate) -> Value:
    return operators.unary(node.operator, evaluate(node.operand, context))


def _binary(node: ast.Binary, context: Context, evaluate: Evaluate) -> Value:
    left, right = evaluate(node.left, context), evaluate(node.right, context)
    steps = estimated_steps(left)
    if steps:
        context.module.spend(steps)
    return operators.binary(node.operator, left, right)


_EVALUATORS: Mapping[type, Callable[[Any, Context, Evaluate], Value]] = {
    ast.Null: null_value,
    ast.Bool: bool_value,
    ast.Number: number_value,
    ast.Template: template,
    ast.TemplateWrap: template_wrap,
    ast.Parens: parens,
    ast.Name: name,
    ast.GetAttr: get_attr,
    ast.Index: index,
    ast.Splat: splat,
    ast.SplatItem: splat_item,
    ast.Unary: _unary,
    ast.Binary: _binary,
    ast.Conditional: conditional,
    ast.Call: call,
    ast.TupleCons: tuple_cons,
    ast.ObjectCons: object_cons,
    ast.KeyName: key_name,
    ast.ForTuple: for_tuple,
    ast.ForObject: for_object,
    ast.Invalid: invalid,
}
