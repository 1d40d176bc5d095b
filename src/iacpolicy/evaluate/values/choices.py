"""Operations on choices: both arms are evaluated, up to a bound."""

from collections.abc import Callable, Sequence

from iacpolicy.core.types import DYNAMIC, Type
from iacpolicy.evaluate.values import origins
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.identities import RefusedExpression
from iacpolicy.evaluate.values.lazy import LazyValue
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.rendering import constant
from iacpolicy.evaluate.values.terms import Cause, Reason, RefusedArm, Symbol, Term, apply, fact_symbol
from iacpolicy.evaluate.values.value import Choice, Value, deep_marks, is_wholly_known, unknown, unknown_terms

MAX_ARMS = 32


def choose(condition: Term, then: Value, otherwise: Value) -> Value:
    """Return one of two values by an unknown condition, or the value itself if both are the same."""
    if then is otherwise:
        return then
    joined = origins.join(then.origins, otherwise.origins)
    if isinstance(then, LazyValue) or isinstance(otherwise, LazyValue):
        return LazyValue(None, Choice(condition, then, otherwise), 0, joined)
    type_: Type = then.type if then.type == otherwise.type else DYNAMIC
    if then.data is None and otherwise.data is None and then.type == otherwise.type:
        return Value(then.type, None, then.marks | otherwise.marks, joined)
    if type_ is not DYNAMIC and then.marks == otherwise.marks and is_same_scalar(then.data, otherwise.data):
        return then.with_origins(joined)
    if arms(then) + arms(otherwise) > MAX_ARMS:
        term = apply("?:", condition, term_of(then), term_of(otherwise))
        return unknown(type_, term, joined, deep_marks(then) | deep_marks(otherwise))
    return Value(type_, Choice(condition, then, otherwise), 0, joined)


def is_same_scalar(left: object, right: object) -> bool:
    """Report whether both are the same string, number, bool or null."""
    if left is None or right is None:
        return left is right
    return isinstance(left, str | bool | Number) and type(left) is type(right) and left == right


def arms(value: Value) -> int:
    """Return the number of values at the ends of a choice."""
    if not isinstance(value.data, Choice):
        return 1
    return arms(value.data.then) + arms(value.data.otherwise)


def assume(value: Value, condition_key: str, answer: bool) -> Value:
    """Return the value after a condition has an answer: choices on that condition are resolved."""
    data = value.data
    if not isinstance(data, Choice):
        return value
    if data.condition.key == condition_key:
        chosen = data.then if answer else data.otherwise
        return assume(chosen, condition_key, answer).marked(value.marks)
    then = assume(data.then, condition_key, answer)
    otherwise = assume(data.otherwise, condition_key, answer)
    if then is data.then and otherwise is data.otherwise:
        return value
    return choose(data.condition, then, otherwise).marked(value.marks)


def distribute(operation: Callable[..., Value], *operands: Value) -> Value:
    """Return the result of an operation for each combination of arms of the operands.

    A condition in several operands has the same answer in all of them. An arm that Terraform would refuse is unknown,
    with the error as its reason.

    Raises:
        EvaluationError: Terraform would refuse every arm, or the operands if none is a choice.

    """
    for operand in operands:
        if type(operand.data) is Choice:
            break
    else:
        return operation(*operands)
    total = 1
    for operand in operands:
        total *= arms(operand)
    if total > MAX_ARMS:
        return operation(*(flatten(operand) for operand in operands))
    return _split(operation, operands)


def _split(operation: Callable[..., Value], operands: Sequence[Value]) -> Value:
    for operand in operands:
        if isinstance(operand.data, Choice):
            condition, marks = operand.data.condition, operand.marks
            break
    else:
        return operation(*operands)
    results: list[Value] = []
    refused: list[EvaluationError] = []
    for answer in (True, False):
        try:
            arm = _split(operation, [assume(operand, condition.key, answer) for operand in operands])
        except EvaluationError as error:
            refused.append(error)
            arm = refused_arm(error, condition)
        results.append(arm)
    if len(refused) == 2:
        raise refused[0]
    return choose(condition, results[0], results[1]).marked(marks)


def refused_arm(error: EvaluationError, condition: Term) -> Value:
    """Return an unknown value for an arm that Terraform would refuse, with the error as its reason."""
    text = f"{error.summary}: {error.detail}" if error.detail else error.summary
    reason = Reason(Cause.ERROR, text)
    return unknown(DYNAMIC, fact_symbol(RefusedArm(condition, text), reason))


def is_refused(value: Value) -> bool:
    """Report whether a value is an arm that Terraform would refuse."""
    term = getattr(value.data, "term", None)
    return isinstance(term, Symbol) and isinstance(term.identity.fact, RefusedArm | RefusedExpression)


def flatten(value: Value) -> Value:
    """Return a choice as a plain unknown value, for operations with too many arms."""
    data = value.data
    if not isinstance(data, Choice):
        return value
    return unknown(value.type, term_of(value), value.origins, value.marks)


def term_of(value: Value) -> Term:
    """Return the term of a value for use in a larger term."""
    data = value.data
    if isinstance(data, Choice):
        return apply("?:", data.condition, term_of(data.then), term_of(data.otherwise))
    if hasattr(data, "term"):
        return data.term  # type: ignore[no-any-return]
    return constant(value)


def summary(value: Value) -> Term:
    """Return the term of a value of which some parts may be unknown, as one operand."""
    if not isinstance(value.data, tuple | dict) or is_wholly_known(value):
        return term_of(value)
    return apply("parts", *unknown_terms(value), constant(value))
