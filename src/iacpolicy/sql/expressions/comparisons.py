"""Comparisons of values that may be partly unknown."""

from iacpolicy.sql.expressions.text_functions import comparison
from iacpolicy.sql.expressions.values import UNKNOWN, ExpressionScope, Oid, OneOf, Value, is_known


def any_of(left: Value, choices: list[Value], operator: str, scope: ExpressionScope, *, wanted: bool) -> Value:
    """Return `wanted` where some comparison holds, its opposite where none does, else null or UNKNOWN."""
    answers = [compared(left, operator, choice, scope) for choice in choices]
    if any(answer is True for answer in answers):
        return wanted
    if any(answer is UNKNOWN for answer in answers):
        return UNKNOWN
    return None if any(answer is None for answer in answers) else not wanted


def compared(left: Value, operator: str, right: Value, scope: ExpressionScope) -> Value:
    """Return the result of a comparison by an operator; LIKE (`~~`) and regular expressions are among them."""
    if left is None or right is None:
        return None
    if isinstance(left, OneOf):
        return _agreed([compared(each, operator, right, scope) for each in left.texts])
    if isinstance(right, OneOf):
        return _agreed([compared(left, operator, each, scope) for each in right.texts])
    if not (is_known(left) and is_known(right)) or isinstance(left, list) or isinstance(right, list):
        return UNKNOWN
    if isinstance(left, Oid) != isinstance(right, Oid):
        left, right = scope.text(left), scope.text(right)
    if type(left) is not type(right):
        return UNKNOWN
    answer = comparison(left, operator, right)
    return UNKNOWN if answer is None else answer


def is_distinct(left: Value, right: Value, scope: ExpressionScope) -> Value:
    """Return the result of IS DISTINCT FROM, for which null is a value."""
    if not (is_known(left) and is_known(right)):
        return UNKNOWN
    if left is None or right is None:
        return left is not right
    return compared(left, "<>", right, scope)


def _agreed(answers: list[Value]) -> Value:
    """Return the answer that all comparisons give, else UNKNOWN."""
    return answers[0] if answers and all(answer is answers[0] for answer in answers) else UNKNOWN
