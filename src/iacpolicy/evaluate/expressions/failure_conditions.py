"""Parts of an expression that can fail although they are not in its value.

`[var.any.a, 1][1]` is 1, but fails if `var.any` has no `a`: `try` and `can` depend on that.
"""

from iacpolicy.core.types import ObjectType
from iacpolicy.evaluate.expressions.context import Context, Evaluate
from iacpolicy.evaluate.values.choices import summary
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.terms import Term
from iacpolicy.evaluate.values.value import Value, first_unsettled
from iacpolicy.hcl import ast
from iacpolicy.hcl.visit import children
from iacpolicy.terraform.function_facts import catches_failures, facts_of
from iacpolicy.terraform.language import RESOURCES

MAX_PARTS = 40
_LOOPS = (ast.ForTuple, ast.ForObject, ast.Splat, ast.Template)
_NEVER_FAIL = frozenset({"==", "!="})


def doubtful(node: ast.Expression, context: Context, evaluate: Evaluate) -> Term | None:
    """Return the condition under which an expression with a known value can still fail, None if it cannot fail.

    The bodies of loops and templates are left out, because they bind names.
    """
    if _is_traversal(node):
        return None  # an element of an unknown value would be unknown as well
    pending: list[ast.Node] = [node]
    for _ in range(MAX_PARTS):
        if not pending:
            return None
        part = pending.pop()
        if isinstance(part, _LOOPS) or (isinstance(part, ast.Call) and catches_failures(part.name)):
            continue
        doubt = _doubt(part, context, evaluate)
        if doubt is not None:
            return doubt
        pending.extend(_taken(part, context, evaluate) if isinstance(part, ast.Conditional) else children(part))
    return None


def _taken(part: ast.Conditional, context: Context, evaluate: Evaluate) -> tuple[ast.Node, ...]:
    """Return the condition of a conditional and its chosen arm; the other arm may fail."""
    condition = _value(part.condition, context, evaluate)
    taken = part.then if condition is not None and condition.data in (True, "true") else part.otherwise
    return part.condition, taken


def _is_traversal(node: ast.Expression) -> bool:
    while isinstance(node, ast.GetAttr | ast.Index):
        node = node.target
    return isinstance(node, ast.Name)


def _doubt(part: ast.Node, context: Context, evaluate: Evaluate) -> Term | None:
    if isinstance(part, ast.GetAttr | ast.Index):
        return _of_access(part, context, evaluate)
    if isinstance(part, ast.Binary | ast.Unary) and part.operator in _NEVER_FAIL:
        return None
    if isinstance(part, ast.Call) and not _may_fail(part.name):
        return None
    if isinstance(part, ast.Binary | ast.Unary | ast.Call | ast.Conditional):
        value = _value(part, context, evaluate)
        return None if value is None or first_unsettled(value) is None else summary(value)
    return None


def _may_fail(name: str) -> bool:
    facts = facts_of(name)
    return facts is None or facts.may_fail


def _of_access(part: ast.GetAttr | ast.Index, context: Context, evaluate: Evaluate) -> Term | None:
    if not isinstance(part.target, ast.GetAttr | ast.Index | ast.Call | ast.Parens):
        return None
    if isinstance(part.target, ast.GetAttr) and isinstance(part.target.target, ast.Name) and _is_reference(part):
        return None
    target = _value(part.target, context, evaluate)
    if target is None or target.is_settled:
        return None
    if isinstance(part, ast.GetAttr) and isinstance(target.type, ObjectType) and target.type.get(part.name) is not None:
        return None
    return summary(target)


def _is_reference(part: ast.GetAttr | ast.Index) -> bool:
    """Report whether an access only names a data or ephemeral resource: `data.type.name`."""
    root = part.target.target if isinstance(part.target, ast.GetAttr) else None
    return isinstance(root, ast.Name) and root.name in RESOURCES


def _value(node: ast.Expression, context: Context, evaluate: Evaluate) -> Value | None:
    try:
        return evaluate(node, context)
    except EvaluationError:
        return None
