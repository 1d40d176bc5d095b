"""`condition ? then : otherwise`: https://developer.hashicorp.com/terraform/language/expressions/conditionals."""

from iacpolicy.core.types import BOOL, DYNAMIC, TupleType, Type
from iacpolicy.evaluate.expressions.context import Context, Evaluate
from iacpolicy.evaluate.expressions.literals import written
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.choices import choose, distribute
from iacpolicy.evaluate.values.convert import convert, unify
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError, StaticError
from iacpolicy.evaluate.values.identities import RefusedExpression
from iacpolicy.evaluate.values.origins import OriginKind, join
from iacpolicy.evaluate.values.sizes import check_size
from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.evaluate.values.value import Unknown, Value, rest_of, unknown_because
from iacpolicy.hcl import ast


def conditional(node: ast.Conditional, context: Context, evaluate: Evaluate) -> Value:
    condition = evaluate(node.condition, context)
    then, then_error = _arm(node.then, context, evaluate)
    otherwise, otherwise_error = _arm(node.otherwise, context, evaluate)

    def choice(decided: Value) -> Value:
        return _decided(node, context, decided, (then, then_error), (otherwise, otherwise_error))

    return distribute(choice, condition)


_Arm = tuple[Value, EvaluationError | None]


def _arm(node: ast.Expression, context: Context, evaluate: Evaluate) -> _Arm:
    """Return the value of an arm and its error; as in HCL, the error of an arm that is not taken is ignored.

    A part of a tuple or an object that fails is unknown, so that the arm keeps its type.
    """
    try:
        if isinstance(node, ast.TupleCons):
            items = [_arm(item, context, evaluate) for item in node.items]
            made = Value(
                TupleType(tuple(v.type for v, _ in items)), tuple(v for v, _ in items), 0, written(node, context)
            )
            return check_size(made), next((error for _, error in items if error is not None), None)
        if isinstance(node, ast.ObjectCons):
            named = {i.key.name: _arm(i.value, context, evaluate) for i in node.items if isinstance(i.key, ast.KeyName)}
            if len(named) == len(node.items):
                made = values.object_of({name: value for name, (value, _) in named.items()}, written(node, context))
                return check_size(made), next((error for _, error in named.values() if error is not None), None)
        return evaluate(node, context), None
    except StaticError:
        raise
    except EvaluationError as error:
        return _failed(node, context, error), error


def _failed(node: ast.Expression, context: Context, error: EvaluationError) -> Value:
    text = f"{error.summary}: {error.detail}"
    fact = RefusedExpression(context.source.path, node.start, text)
    return unknown_because(DYNAMIC, fact, Reason(Cause.ERROR, text))


def _decided(node: ast.Conditional, context: Context, condition: Value, then: _Arm, otherwise: _Arm) -> Value:
    try:
        decided = convert(condition, BOOL)
    except ConversionError as error:
        raise EvaluationError(
            "Incorrect condition type", f"The condition value must be a bool: {error.detail}."
        ) from None
    if decided.data is None:
        raise EvaluationError("Null condition", "The condition value is null. Conditions must either be true or false.")
    if isinstance(decided.data, Unknown) and then[1] is not None and otherwise[1] is not None:
        raise then[1]
    chosen = then if decided.data is True else otherwise
    if not isinstance(decided.data, Unknown) and chosen[1] is not None:
        raise chosen[1]
    if isinstance(decided.data, Unknown):
        a, b = (
            arm if error is None else _failed(written, context, error)
            for (arm, error), written in ((then, node.then), (otherwise, node.otherwise))
        )
        shared = _shared_type(a, b)
        a, b = (_possibly(node, context, arm, which, shared) for arm, which in ((a, "true"), (b, "false")))
        return choose(decided.data.term, a, b).marked(decided.marks)
    a, b = then[0], otherwise[0]
    shared = _shared_type(a, b)
    result = _of_type(a, "true", shared) if decided.data else _of_type(b, "false", shared)
    deciding = tuple(o for o in condition.origins if o.kind is not OriginKind.LITERAL)
    if deciding:
        result = result.with_origins(join(result.origins, deciding))
    return result.marked(decided.marks | a.marks | b.marks)


def _shared_type(then: Value, otherwise: Value) -> Type:
    """Return the type of the result, `DYNAMIC` if each arm keeps its own type.

    Raises:
        EvaluationError: the arms have no common type.
    """
    if then.type == otherwise.type:
        return then.type
    if then.data is None and then.type is DYNAMIC:
        return otherwise.type
    if otherwise.data is None and otherwise.type is DYNAMIC:
        return then.type
    if rest_of(then.data) is not None or rest_of(otherwise.data) is not None:
        return DYNAMIC
    shared = unify([then.type, otherwise.type], unsafe=True)
    if shared is None:
        raise EvaluationError(
            "Inconsistent conditional result types",
            "The true and false result expressions must have consistent types.",
        )
    return shared


def _of_type(arm: Value, which: str, shared: Type) -> Value:
    """Return the chosen arm, converted to the common type.

    Raises:
        EvaluationError: the value cannot be converted.
    """
    if arm.data is None and arm.type is DYNAMIC:
        return Value(shared, None, arm.marks, arm.origins)
    try:
        return convert(arm, shared)
    except ConversionError as error:
        raise EvaluationError(
            "Inconsistent conditional result types",
            f"The {which} result value has the wrong type: {error.detail}.",
        ) from None


def _possibly(node: ast.Conditional, context: Context, arm: Value, which: str, shared: Type) -> Value:
    """Return an arm under an unknown condition, converted; unknown with the error as its reason if that fails."""
    try:
        return _of_type(arm, which, shared)
    except EvaluationError as error:
        return _failed(node.then if which == "true" else node.otherwise, context, error)
