"""The result over unknown arguments agrees with the result over known ones.

Each recorded call is repeated with an unknown part of an argument, and with a part that is a choice of two values.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.evaluate.functions.calls import NoFiles, either, missing, value
from tests.oracle import language
from tests.support.modules import root_of

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.types import DYNAMIC, ListType, MapType, ObjectType, SetType, TupleType, Type
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.functions import registry
from iacpolicy.evaluate.functions.frame import Function, call
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.choices import assume
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.refinements import is_never_null
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, content_key, is_wholly_known
from iacpolicy.hcl import ast
from iacpolicy.hcl.parse import parse_expression

FAMILIES = [
    pytest.param(path, id=path.stem.removeprefix("functions_"))
    for path in sorted(language.FOLDER.glob("functions_*.tf"))
    if path.stem != "functions_files"
]
MAX_PARTS = 6


def known_calls(text: str) -> Iterator[tuple[str, Function, list[Value]]]:
    """Yield the recorded calls of a fixture with known arguments: text, function and arguments."""
    root = root_of({"main.tf": text})
    for case in language.cases_of(text):
        source = SourceFile("<expression>", case.expression)
        node, _ = parse_expression(source)
        if not isinstance(node, ast.Call) or node.expand_final:
            continue
        function = registry.lookup(node.name)
        if function is None or function.facts.impurity is not None:
            continue
        try:
            arguments = [evaluate(a, Context(root, source, {})) for a in node.arguments]
        except EvaluationError:
            continue
        if all(map(is_wholly_known, arguments)):
            yield case.expression, function, arguments


def with_part(whole: Value, part: Value, depth: int = 0) -> Iterator[tuple[Value, Value]]:
    """Yield the value with each of its parts replaced, and the replaced part."""
    yield Value(whole.type, part.data, whole.marks), whole
    if not depth:
        yield part.marked(whole.marks), whole
    data = whole.data
    if isinstance(data, dict):
        for name in list(data)[:MAX_PARTS]:
            for changed, was in with_part(data[name], part, depth + 1):
                yield rebuilt(whole, {**data, name: changed}), was
    elif isinstance(data, tuple):
        for index in range(min(len(data), MAX_PARTS)):
            for changed, was in with_part(data[index], part, depth + 1):
                yield rebuilt(whole, (*data[:index], changed, *data[index + 1 :])), was


def rebuilt(whole: Value, data: object) -> Value:
    if isinstance(whole.type, SetType) and isinstance(data, tuple):
        return values.set_of(whole.type.element, data)
    return Value(whole.type, data, whole.marks)


def outcome(function: Function, arguments: list[Value]) -> Value | None:
    try:
        return call(function, arguments, NoFiles())
    except EvaluationError:
        return None


def admits(predicted: Type, true: Type) -> bool:
    """Report whether a value of the true type fits the type of an unknown result."""
    match predicted, true:
        case _ if predicted is DYNAMIC or predicted == true:
            return True
        case (ListType(a), ListType(b)) | (SetType(a), SetType(b)) | (MapType(a), MapType(b)):
            return b is DYNAMIC or admits(a, b)
        case TupleType(a), TupleType(b):
            return len(a) == len(b) and all(map(admits, a, b))
        case ObjectType(a), ObjectType(b):
            return [k for k, _ in a] == [k for k, _ in b] and all(
                admits(s, t) for (_, s), (_, t) in zip(a, b, strict=True)
            )
        case _:
            return False


def agrees(predicted: Value, true: Value) -> bool:
    """Report whether the result over an unknown does not contradict the true result."""
    data = predicted.data
    if isinstance(data, Choice):
        return agrees(data.then, true) or agrees(data.otherwise, true)
    if not admits(predicted.type, true.type):
        return False
    if isinstance(data, Unknown):
        return true.data is not None or not is_never_null(data.term)
    if is_wholly_known(predicted):
        return bool(content_key(predicted) == content_key(true))
    if isinstance(predicted.type, SetType) and isinstance(true.data, tuple):
        return len(true.data) <= len(data)
    if isinstance(data, tuple) and isinstance(true.data, tuple):
        return len(data) == len(true.data) and all(map(agrees, data, true.data))
    if isinstance(data, dict) and isinstance(true.data, dict):
        return set(data) == set(true.data) and all(agrees(data[k], true.data[k]) for k in data)
    return False


@pytest.mark.parametrize("path", FAMILIES)
def test_unknown_part(path: Path) -> None:
    """With an unknown part the result is the same or unknown, and an error only if it is one with the known part."""
    wrong = []
    for text, function, arguments in known_calls(path.read_text(encoding="utf-8")):
        true = outcome(function, arguments)
        for index, argument in enumerate(arguments):
            for changed, was in with_part(argument, missing(type_=DYNAMIC)):
                predicted = outcome(function, [*arguments[:index], changed, *arguments[index + 1 :]])
                if function.name == "coalesce" and changed.type is DYNAMIC:
                    continue  # as in Terraform, its type may widen once that of an argument is known
                if true is not None and (predicted is None or not agrees(predicted, true)):
                    wrong.append(f"{text} with {was!r} unknown: {predicted!r} predicted, {true!r} true")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", FAMILIES)
def test_part_of_two_values(path: Path) -> None:
    """With an argument that is a choice, the result under its condition is that of the first arm."""
    wrong = []
    for text, function, arguments in known_calls(path.read_text(encoding="utf-8")):
        true = outcome(function, arguments)
        for index, argument in enumerate(arguments):
            for other in ("", "a", 1, None, ["a"]):
                changed = either(argument, value(other))
                predicted = outcome(function, [*arguments[:index], changed, *arguments[index + 1 :]])
                if true is not None and (predicted is None or not agrees(assume(predicted, "var.c", True), true)):
                    wrong.append(f"{text} with {argument!r} or {other!r}: {predicted!r} predicted, {true!r} true")
    assert not wrong, "\n".join(wrong)
