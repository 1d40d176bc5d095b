"""`for` expressions: https://developer.hashicorp.com/terraform/language/expressions/for.

If the condition of an element is unknown, the result is a choice between lists with and without it, up to a bound.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from iacpolicy.core.types import BOOL, DYNAMIC, STRING, Primitive, SetType, friendly_name
from iacpolicy.evaluate.expressions.context import Context, Evaluate
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.choices import choose, distribute, refused_arm, term_of
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.element_steps import through
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError, StaticError
from iacpolicy.evaluate.values.identities import AnyElement
from iacpolicy.evaluate.values.sizes import check_size
from iacpolicy.evaluate.values.terms import Cause, Reason, Term, loop
from iacpolicy.evaluate.values.value import Unknown, Value, unknown, unknown_because, unknown_terms
from iacpolicy.hcl import ast

MAX_ITERATIONS = 100_000
MAX_OPEN_CONDITIONS = 4
MAX_UNSURE_ELEMENTS = 200

_For: TypeAlias = ast.ForTuple | ast.ForObject
# an element: its key, its value, and the condition under which it is kept (None: always)
_Kept: TypeAlias = tuple[str, Value, Term | None]


def pairs(collection: Value) -> Iterator[tuple[Value, Value]]:
    """Yield the keys and values of a known collection as in `for`; the keys of a set are its values.

    Raises:
        EvaluationError: the value is null, not a collection, or larger than `MAX_ITERATIONS`.
    """
    data = collection.data
    if data is None:
        raise EvaluationError(
            "Iteration over null value", "A null value cannot be used as the collection in a 'for' expression."
        )
    if not isinstance(data, tuple | dict):
        raise _no_collection(collection)
    if len(data) > MAX_ITERATIONS:
        raise EvaluationError(
            "Too many iterations",
            f"A `for` runs over at most {MAX_ITERATIONS} elements (limit: iterations of a `for`).",
        )
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


def _no_collection(collection: Value) -> EvaluationError:
    return EvaluationError(
        "Iteration over non-iterable value",
        f"A value of type {friendly_name(collection.type)} cannot be used as the collection in a 'for' expression.",
    )


def check_iterable(collection: Value) -> None:
    """Refuse an unknown value of a type without elements.

    Raises:
        EvaluationError: the type is a string, a number or a bool.
    """
    if isinstance(collection.type, Primitive) and collection.type is not DYNAMIC:
        raise _no_collection(collection)


def for_tuple(node: ast.ForTuple, collection: Value, context: Context, evaluate: Evaluate) -> Value:
    """Return `[for … : value if condition]` over a known or unknown collection."""
    kept, opened, result = _elements(node, collection, context, evaluate, lambda inner: "")
    if result is not None:
        return result
    marks = opened.marks | collection.marks

    def made(known: list[_Kept]) -> Value:
        return values.tuple_of((value for _, value, _ in known), collection.origins)

    return check_size(_alternatives(kept, {}, made)).marked(marks)


def for_object(node: ast.ForObject, collection: Value, context: Context, evaluate: Evaluate) -> Value:
    """Return `{for … : key => value if condition}` over a known or unknown collection."""

    def key(inner: Context) -> Value:
        return _key(evaluate(node.key, inner))

    kept, opened, result = _elements(node, collection, context, evaluate, key)
    if result is not None:
        return result
    marks = opened.marks | collection.marks

    def made(known: list[_Kept]) -> Value:
        found = _grouped(known) if node.grouping else _distinct(known)
        return values.object_of(found, collection.origins)

    return check_size(_alternatives(kept, {}, made)).marked(marks)


class _OpenConditions:
    """The marks of conditions and keys, and the unknown conditions."""

    def __init__(self) -> None:
        self.marks = 0
        self.terms: dict[str, Term] = {}


def _elements(
    node: _For, collection: Value, context: Context, evaluate: Evaluate, key_of: Callable[[Context], Value | str]
) -> tuple[list[_Kept], _OpenConditions, Value | None]:
    """Return the kept elements, or the unknown value of the whole expression."""
    opened = _OpenConditions()
    plain = collection.unmarked()
    if isinstance(plain.data, Unknown):
        check_iterable(plain)
        _try_condition(node, context, evaluate)
        return [], opened, _unknown(node, context, collection, 0, plain.data.term)
    kept: list[_Kept] = []
    if not plain.data:
        _try_condition(node, context, evaluate)
    for index, (key, value) in enumerate(pairs(plain)):
        context.module.spend(1)
        names = {node.value_name: value}
        if node.key_name is not None:
            names[node.key_name] = key
        inner = context.bound(names, index)
        flag = _kept(node.condition, inner, evaluate)
        opened.marks |= flag.marks
        if flag.data is False:
            continue
        condition: Term | None = None
        if flag.data is not True:
            condition = term_of(flag)
            opened.terms[condition.key] = condition
            if len(opened.terms) > MAX_OPEN_CONDITIONS or len(kept) > MAX_UNSURE_ELEMENTS:
                return (
                    [],
                    opened,
                    _unknown(node, context, collection, opened.marks, *unknown_terms(flag)),
                )
        element = _element(node, inner, evaluate, key_of, condition)
        if isinstance(element, Value):
            return (
                [],
                opened,
                _unknown(node, context, collection, opened.marks, *unknown_terms(element)),
            )
        name, item, marks = element
        opened.marks |= marks
        kept.append((name, item, condition))
    if opened.terms and len(kept) > MAX_UNSURE_ELEMENTS:
        return (
            [],
            opened,
            _unknown(node, context, collection, opened.marks, *opened.terms.values()),
        )
    return kept, opened, None


def _element(
    node: _For,
    inner: Context,
    evaluate: Evaluate,
    key_of: Callable[[Context], Value | str],
    condition: Term | None,
) -> tuple[str, Value, int] | Value:
    """Return the key, value and marks of an element, or its key if that is unknown.

    The error of an element with a condition is kept as an unknown value, because the condition may exclude it.
    """
    try:
        key = key_of(inner)
        name, marks = (key, 0) if isinstance(key, str) else (key.data, key.marks)
        if not isinstance(name, str):
            assert isinstance(key, Value)
            return key
        return name, evaluate(node.value, inner), marks
    except StaticError:
        raise
    except EvaluationError as error:
        if condition is None:
            raise
        refused = refused_arm(error, condition)
        return ("", refused, 0) if isinstance(node, ast.ForTuple) else refused


def _alternatives(kept: list[_Kept], known: Mapping[str, bool], made: Callable[[list[_Kept]], Value]) -> Value:
    """Return the value made of the elements, as a choice for each open condition."""
    left = [(k, v, c) for k, v, c in kept if c is None or known.get(c.key, True)]
    condition = next((c for _, _, c in left if c is not None and c.key not in known), None)
    if condition is None:
        return made(left)
    arms: list[Value] = []
    failures: list[EvaluationError] = []
    for answer in (True, False):
        try:
            arms.append(_alternatives(left, {**known, condition.key: answer}, made))
        except EvaluationError as error:
            failures.append(error)
            arms.append(refused_arm(error, condition))
    if len(failures) == 2:
        raise failures[0]
    return choose(condition, arms[0], arms[1])


def _distinct(known: list[_Kept]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value, _ in known:
        if key in found:
            raise EvaluationError(
                "Duplicate object key",
                f"Two different items produced the key \"{key}\" in this 'for' expression. If duplicates are "
                "expected, use the ellipsis (...) after the value expression to enable grouping by key.",
            )
        found[key] = value
    return found


def _grouped(known: list[_Kept]) -> dict[str, Value]:
    groups: dict[str, list[Value]] = {}
    for key, value, _ in known:
        groups.setdefault(key, []).append(value)
    return {name: values.tuple_of(grouped) for name, grouped in groups.items()}


def _try_condition(node: _For, context: Context, evaluate: Evaluate) -> None:
    """Evaluate the condition for an unknown element, to report one that can never be a bool.

    Raises:
        EvaluationError: the condition is not a bool for any element.
    """
    if node.condition is None:
        return
    element = AnyElement(context.place(node.start), node.value_name)
    anything = unknown_because(DYNAMIC, element, Reason(Cause.LIMIT, "no element is known"))
    names = {node.value_name: anything}
    if node.key_name is not None:
        names[node.key_name] = anything
    _kept(node.condition, context.bound(names, "?"), evaluate)


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


def _unknown(node: _For, context: Context, collection: Value, marks: int, *terms: Term) -> Value:
    """Return the unknown value of a `for` with unknown elements; the same one for the same place and terms."""
    opening = "[" if isinstance(node, ast.ForTuple) else "{"
    is_same = isinstance(node.value, ast.Name) and node.value.name == node.value_name and len(terms) == 1
    if isinstance(node, ast.ForObject) and node.grouping:
        is_same = False
    term = loop(context.place(node.start), opening, terms, is_same)
    return unknown(DYNAMIC, term, collection.origins, collection.marks | marks)
