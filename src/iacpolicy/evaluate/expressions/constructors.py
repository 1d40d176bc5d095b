"""Tuples and objects, as literals or from `for`.

https://developer.hashicorp.com/terraform/language/expressions/types
"""

from iacpolicy.core.types import DYNAMIC, STRING, TupleType
from iacpolicy.evaluate.expressions import loops
from iacpolicy.evaluate.expressions.context import Context, Evaluate
from iacpolicy.evaluate.expressions.literals import written
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.choices import distribute
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError, StaticError
from iacpolicy.evaluate.values.lazy import closed
from iacpolicy.evaluate.values.sizes import check_size
from iacpolicy.evaluate.values.terms import loop
from iacpolicy.evaluate.values.value import Value, unknown, unknown_terms
from iacpolicy.hcl import ast


def tuple_cons(node: ast.TupleCons, context: Context, evaluate: Evaluate) -> Value:
    items = tuple(evaluate(i, context) for i in node.items)
    return check_size(Value(TupleType(tuple(i.type for i in items)), items, 0, written(node, context)))


def object_cons(node: ast.ObjectCons, context: Context, evaluate: Evaluate) -> Value:
    found: dict[str, Value] = {}
    marks = 0
    missing: Value | None = None
    for item in node.items:
        key = _object_key(item.key, context, evaluate)
        value = evaluate(item.value, context)
        if key.data is None:
            raise EvaluationError("Null value as key", "Can't use a null value as a key.")
        if not key.is_settled:
            missing = key
            continue
        marks |= key.marks
        found[key.data] = value
    if missing is not None:
        terms = unknown_terms(missing)
        term = loop(f"object {context.place(node.start)}", "{", terms)
        return unknown(DYNAMIC, term, written(node, context), missing.marks | marks)
    result = check_size(values.object_of(found, written(node, context)))
    return result.marked(marks) if marks else result


def _object_key(node: ast.Expression, context: Context, evaluate: Evaluate) -> Value:
    if isinstance(node, ast.KeyName):
        return values.string(node.name)
    if isinstance(node, ast.GetAttr | ast.Index):
        raise StaticError(
            "Ambiguous attribute key",
            "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a "
            "literal name containing periods, wrap it in quotes to create a string constant.",
        )
    key = evaluate(node, context)
    try:
        return distribute(lambda k: convert(k, STRING), key)
    except ConversionError as error:
        raise EvaluationError("Incorrect key type", f"Can't use this value as a key: {error.detail}.") from None


def for_tuple(node: ast.ForTuple, context: Context, evaluate: Evaluate) -> Value:
    collection = evaluate(node.collection, context)
    return distribute(lambda c: loops.for_tuple(node, closed(c), context, evaluate), collection)


def for_object(node: ast.ForObject, context: Context, evaluate: Evaluate) -> Value:
    collection = evaluate(node.collection, context)
    return distribute(lambda c: loops.for_object(node, closed(c), context, evaluate), collection)
