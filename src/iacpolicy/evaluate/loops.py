"""`for` expressions: https://developer.hashicorp.com/terraform/language/expressions/for."""

from collections.abc import Callable, Iterator

from iacpolicy.core.types import BOOL, DYNAMIC, STRING, SetType, friendly_name
from iacpolicy.evaluate import values
from iacpolicy.evaluate.access import through
from iacpolicy.evaluate.choices import distribute
from iacpolicy.evaluate.context import Context
from iacpolicy.evaluate.convert import convert
from iacpolicy.evaluate.errors import ConversionError, EvaluationError
from iacpolicy.evaluate.origins import Origins
from iacpolicy.evaluate.terms import Term, apply
from iacpolicy.evaluate.values import Unknown, Value, unknown, unknown_terms
from iacpolicy.hcl import ast

MAX_ITERATIONS = 100_000

Evaluate = Callable[[ast.Expression, Context], Value]


def pairs(collection: Value) -> Iterator[tuple[Value, Value]]:
    """The keys and values of a known collection, as `for` sees them; a set's keys are its values.

    Raises:
        EvaluationError: it is null, no collection, or larger than `MAX_ITERATIONS`.
    """
    data = collection.data
    if data is None:
        raise EvaluationError(
            "Iteration over null value", "A null value cannot be used as the collection in a 'for' expression."
        )
    if not isinstance(data, tuple | dict):
        raise EvaluationError(
            "Iteration over non-iterable value",
            f"A value of type {friendly_name(collection.type)} cannot be used as the collection in a 'for' expression.",
        )
    if len(data) > MAX_ITERATIONS:
        raise EvaluationError("Too many iterations", f"A `for` runs over at most {MAX_ITERATIONS} elements.")

    if isinstance(data, dict):
        for name, value in data.items():
            yield values.string(name), through(collection, value)
    elif isinstance(collection.type, SetType):
        for value in data:
            element = through(collection, value)
            yield element, element
    else:
        for index, value in enumerate(data):
            yield values.number(index), through(collection, value)


def for_tuple(node: ast.ForTuple, collection: Value, context: Context, evaluate: Evaluate) -> Value:
    """`[for … : value if condition]` over a settled or unknown collection."""
    written = collection.origins
    if isinstance(collection.data, Unknown):
        return _unknown(node, context, written, collection.marks, collection.data.term)
    items: list[Value] = []
    marks = collection.marks
    for inner in _contexts(node.key_name, node.value_name, collection, context):
        kept = _kept(node.condition, inner, evaluate)
        if not kept.is_settled:
            return _unknown(node, context, written, marks, *unknown_terms(kept))
        marks |= kept.marks
        if kept.data:
            items.append(evaluate(node.value, inner))
    return values.tuple_of(items, written).marked(marks)


def for_object(node: ast.ForObject, collection: Value, context: Context, evaluate: Evaluate) -> Value:
    """`{for … : key => value if condition}` over a settled or unknown collection."""
    written = collection.origins
    if isinstance(collection.data, Unknown):
        return _unknown(node, context, written, collection.marks, collection.data.term)
    found: dict[str, Value] = {}
    groups: dict[str, list[Value]] = {}
    marks = collection.marks
    for inner in _contexts(node.key_name, node.value_name, collection, context):
        kept = _kept(node.condition, inner, evaluate)
        if not kept.is_settled:
            return _unknown(node, context, written, marks, *unknown_terms(kept))
        marks |= kept.marks
        if not kept.data:
            continue
        key = _key(evaluate(node.key, inner))
        if not key.is_settled:
            return _unknown(node, context, written, marks, *unknown_terms(key))
        marks |= key.marks
        value = evaluate(node.value, inner)
        if node.grouping:
            groups.setdefault(key.data, []).append(value)
        elif key.data in found:
            raise EvaluationError(
                "Duplicate object key",
                f"Two different items produced the key \"{key.data}\" in this 'for' expression. If duplicates are "
                "expected, use the ellipsis (...) after the value expression to enable grouping by key.",
            )
        else:
            found[key.data] = value
    for name, grouped in groups.items():
        found[name] = values.tuple_of(grouped)
    return values.object_of(found, written).marked(marks)


def _contexts(key_name: str | None, value_name: str, collection: Value, context: Context) -> Iterator[Context]:
    for key, value in pairs(collection):
        names = {value_name: value}
        if key_name is not None:
            names[key_name] = key
        yield context.bound(names)


def _kept(condition: ast.Expression | None, context: Context, evaluate: Evaluate) -> Value:
    if condition is None:
        return values.TRUE

    def flag(one: Value) -> Value:
        try:
            converted = convert(one, BOOL)
        except ConversionError as error:
            raise EvaluationError(
                "Invalid 'for' condition", f"The 'if' clause value is invalid: {error.detail}."
            ) from None
        if converted.data is None:
            raise EvaluationError("Condition is null", "The value of the 'if' clause must not be null.")
        return converted

    return distribute(flag, evaluate(condition, context))


def _key(value: Value) -> Value:
    def text(one: Value) -> Value:
        if one.data is None:
            raise EvaluationError(
                "Invalid object key", "Key expression in 'for' expression must not produce a null value."
            )
        try:
            return convert(one, STRING)
        except ConversionError as error:
            raise EvaluationError(
                "Invalid object key", f"The key expression produced an invalid result: {error.detail}."
            ) from None

    return distribute(text, value)


def _unknown(node: ast.ForTuple | ast.ForObject, context: Context, written: Origins, marks: int, *terms: Term) -> Value:
    """A `for` whose elements are not known: unknown, of the same identity for the same place and collection."""
    place = f"for@{context.source.path}:{node.start}"
    return unknown(DYNAMIC, apply(place, *terms), written, marks)
