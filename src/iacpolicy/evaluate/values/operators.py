"""The operators of the language: https://developer.hashicorp.com/terraform/language/expressions/operators."""

import operator
from collections.abc import Callable
from typing import Any

from iacpolicy.core.types import BOOL, NUMBER, Primitive, SetType, Type
from iacpolicy.evaluate.values import origins
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.choices import distribute, summary, term_of
from iacpolicy.evaluate.values.convert import convert, has_dynamic
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.refinements import is_never_null
from iacpolicy.evaluate.values.terms import apply
from iacpolicy.evaluate.values.text_bounds import have_other_text, is_beyond
from iacpolicy.evaluate.values.value import FALSE, TRUE, Unknown, Value, deep_marks, first_unsettled, rest_of, unknown

_NUMERIC: dict[str, tuple[Type, Callable[[Any, Any], Any]]] = {
    "+": (NUMBER, operator.add),
    "-": (NUMBER, operator.sub),
    "*": (NUMBER, operator.mul),
    "/": (NUMBER, operator.truediv),
    "%": (NUMBER, operator.mod),
    "<": (BOOL, operator.lt),
    "<=": (BOOL, operator.le),
    ">": (BOOL, operator.gt),
    ">=": (BOOL, operator.ge),
}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}
_LOGICAL: dict[str, Callable[[bool, bool], bool]] = {"&&": operator.and_, "||": operator.or_}


def binary(symbol: str, left: Value, right: Value) -> Value:
    """Return `left symbol right`; both sides are always evaluated, as in Terraform 1.11.

    Raises:
        EvaluationError: an operand is null or of a wrong type, or the divisor is zero.

    """
    return distribute(lambda a, b: _binary(symbol, a, b), left, right)


def unary(symbol: str, operand: Value) -> Value:
    """Return `-operand` or `!operand`.

    Raises:
        EvaluationError: the operand is null or of a wrong type.

    """
    return distribute(lambda a: _unary(symbol, a), operand)


def _unary(symbol: str, operand: Value) -> Value:
    wanted = NUMBER if symbol == "-" else BOOL
    value = _operand(symbol, "", operand, wanted)
    if isinstance(value.data, Unknown):
        return unknown(wanted, apply("neg" if symbol == "-" else "!", value.data.term), value.origins, value.marks)
    return Value(wanted, -value.data if symbol == "-" else not value.data, value.marks, value.origins)


def _binary(symbol: str, left: Value, right: Value) -> Value:
    joined = origins.join(left.origins, right.origins)
    if symbol in ("==", "!="):
        result = equal(left, right)
        if symbol == "!=":
            result = _unary("!", result)
        return Value(BOOL, result.data, deep_marks(left) | deep_marks(right), joined)
    wanted: Primitive = NUMBER if symbol in _NUMERIC else BOOL
    a = _operand(symbol, "left ", left, wanted)
    b = _operand(symbol, "right ", right, wanted)
    marks = a.marks | b.marks
    result_type = _NUMERIC[symbol][0] if symbol in _NUMERIC else BOOL
    if isinstance(a.data, Unknown) or isinstance(b.data, Unknown):
        answer = _by_bounds(symbol, a, b) if symbol in _TURNED else None
        if answer is not None:
            return Value(BOOL, answer, marks, joined)
        return unknown(result_type, apply(symbol, term_of(a), term_of(b)), joined, marks)
    data = (_NUMERIC[symbol][1] if symbol in _NUMERIC else _LOGICAL[symbol])(a.data, b.data)
    return Value(result_type, data, marks, joined)


def _by_bounds(symbol: str, left: Value, right: Value) -> bool | None:
    """Return the comparison of an unknown number with a known one that its bounds imply, None if they imply none."""
    if isinstance(left.data, Unknown) and isinstance(right.data, Number):
        return is_beyond(left.data.term, symbol, right.data)
    if isinstance(left.data, Number) and isinstance(right.data, Unknown):
        return is_beyond(right.data.term, _TURNED[symbol], left.data)
    return None


def _operand(symbol: str, side: str, value: Value, wanted: Primitive) -> Value:
    try:
        converted = convert(value, wanted)
    except ConversionError as error:
        raise EvaluationError(
            "Invalid operand", f'Unsuitable value for {side}operand of "{symbol}": {error.detail}.'
        ) from None
    if converted.data is None:
        raise EvaluationError("Operation failed", f'Error during operation: the {side}operand of "{symbol}" is null.')
    return converted


def equal(left: Value, right: Value) -> Value:
    """Return whether two values are equal in type and content; unknown if that depends on an unknown part."""
    if left.data is None or right.data is None:
        known_null = left if left.data is None else right
        other = right if known_null is left else left
        if isinstance(other.data, Unknown):
            if is_never_null(other.data.term):
                return FALSE
            return unknown(BOOL, apply("==", term_of(left), term_of(right)))
        return TRUE if left.data is None and right.data is None else FALSE
    if isinstance(left.data, Unknown) or isinstance(right.data, Unknown):
        a, b = term_of(left), term_of(right)
        settled = left.is_settled or right.is_settled
        if settled and left.type != right.type and not has_dynamic(left.type) and not has_dynamic(right.type):
            return FALSE
        if settled and (have_other_text(a, b) or _by_bounds("==", left, right) is False):
            return FALSE
        return unknown(BOOL, apply("==", a, b))
    if type(left.type) is not type(right.type) or (isinstance(left.type, Primitive) and left.type != right.type):
        return FALSE
    if first_unsettled(left) is None and first_unsettled(right) is None:
        same = left.type == right.type and values.content_key(left) == values.content_key(right)
        return TRUE if same else FALSE
    return _equal_parts(left, right)


def _equal_parts(left: Value, right: Value) -> Value:
    a, b = left.data, right.data
    if isinstance(left.type, SetType):
        if bool(a) != bool(b):
            return FALSE
        return unknown(BOOL, apply("==", summary(left), summary(right)))
    if isinstance(a, dict) and isinstance(b, dict):
        if rest_of(a) is not None or rest_of(b) is not None:
            return unknown(BOOL, apply("==", summary(left), summary(right)))
        if set(a) != set(b):
            return FALSE
        pairs = [(a[k], b[k]) for k in a]
    elif isinstance(a, tuple) and isinstance(b, tuple):
        if len(a) != len(b):
            return FALSE
        pairs = list(zip(a, b, strict=True))
    else:
        return FALSE
    result = TRUE
    for x, y in pairs:
        part = distribute(equal, x, y)
        if part.data is False:
            return FALSE
        if part.data is not True:
            result = part if result is TRUE else Value(BOOL, Unknown(apply("&&", term_of(result), term_of(part))))
    return result
