"""The property that makes verdicts correct: no value contradicts the result for an unknown in its place."""

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from tests.evaluate.grammar import DECLARATIONS, VALUES, expressions, inputs
from tests.support.modules import root_of

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.types import DYNAMIC, STRING, ListType, MapType, ObjectType, SetType, TupleType, Type
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.choices import is_refused
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.refinements import is_never_null
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, content_key, is_wholly_known
from iacpolicy.hcl.parse import parse_expression

FEW = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def root_with(given_values: dict[str, str]) -> ModuleInstance:
    """Return a root module whose variables have these values; the others have none."""
    tfvars = "".join(f"{name} = {value}\n" for name, value in given_values.items())
    return root_of({"main.tf": DECLARATIONS, "terraform.tfvars": tfvars})


def result(root: ModuleInstance, text: str) -> Value | None:
    """Return the value of an expression, None if Terraform would refuse it."""
    source = SourceFile("<expression>", text)
    node, problems = parse_expression(source)
    assert not problems, (text, problems)
    try:
        value = evaluate(node, Context(root, source, {}))
    except EvaluationError as error:
        note(f"{text}: {error.summary}: {error.detail}")
        return None
    return None if is_refused(value) else value


def contradiction(said: Value, true: Value, concrete: ModuleInstance, strict: bool) -> str | None:
    """Return how a known value contradicts the result for an unknown one, None if it does not.

    Unless `strict` is set, the types of parts are ignored.

    """
    data = said.data
    if isinstance(data, Choice):
        answer = _answer(concrete, data.condition.text)
        arms = [data.then, data.otherwise] if answer is None else [data.then if answer else data.otherwise]
        refuted = [contradiction(arm, true, concrete, strict) for arm in arms]
        return None if None in refuted else f"under `{data.condition.text}` ({answer}): {refuted}"
    if is_refused(said):
        return f"refused, but {true!r}"
    if strict and not _admits(said.type, true.type):
        return f"{said.type} said, {true.type} true"
    if isinstance(data, Unknown):
        return "null, but said never to be" if true.data is None and is_never_null(data.term) else None
    if is_wholly_known(said):
        same = content_key(said) == content_key(true) if strict else _loose(said) == _loose(true)
        return None if same else f"{said!r} said, {true!r} true"
    if isinstance(said.type, SetType) and isinstance(true.data, tuple):
        return None if len(true.data) <= len(data) else "more elements"
    if type(data) is not type(true.data) or len(data) != len(true.data):
        return f"{said!r} said, {true!r} true"
    if isinstance(data, tuple):
        pairs = list(zip(data, true.data, strict=True))
    elif set(data) == set(true.data):
        pairs = [(data[k], true.data[k]) for k in data]
    else:
        return f"{list(data)} said, {list(true.data)} true"
    return next((wrong for a, b in pairs if (wrong := contradiction(a, b, concrete, strict)) is not None), None)


def _loose(value: Value) -> object:
    """Return a value without the types of its parts."""
    if isinstance(value.data, dict):
        return {k: _loose(v) for k, v in value.data.items()}
    if isinstance(value.data, tuple):
        return [_loose(v) for v in value.data]
    return value.data if value.data is None else convert(value, STRING).data


def _answer(root: ModuleInstance, condition: str) -> bool | None:
    """Return the answer to a condition whose text is an expression that can be evaluated."""
    if "can(" in condition:
        return None  # its text does not contain every part that may fail
    source = SourceFile("<condition>", condition)
    node, problems = parse_expression(source)
    if problems:
        return None
    try:
        value = evaluate(node, Context(root, source, {}))
    except EvaluationError:
        return None
    return value.data if isinstance(value.data, bool) else None


def _admits(said: Type, true: Type) -> bool:
    """Report whether a value of one type may turn out to be of another, where types of parts are open."""
    if said is DYNAMIC or true is DYNAMIC or said == true:
        return True
    if isinstance(said, ListType | SetType | MapType) and type(said) is type(true):
        return _admits(said.element, true.element)
    if isinstance(said, TupleType) and isinstance(true, TupleType) and len(said.elements) == len(true.elements):
        return all(_admits(a, b) for a, b in zip(said.elements, true.elements, strict=True))
    if isinstance(said, ObjectType) and isinstance(true, ObjectType):
        a, b = dict(said.attributes), dict(true.attributes)
        return set(a) == set(b) and all(_admits(a[k], b[k]) for k in a)
    return False


@FEW
@given(expressions(), inputs, st.sets(st.sampled_from(sorted(VALUES)), min_size=1))
def test_never_contradicted(text: str, values: dict[str, str], missing: set[str]) -> None:
    """For all values of the missing variables, the result is one of the possible results."""
    concrete = root_with(values)
    true = result(concrete, text)
    if true is None or not is_wholly_known(true):
        return
    said = result(root_with({k: v for k, v in values.items() if k not in missing}), text)
    if said is None:
        # the type of an arm that is not taken must fit the other arm, unless that arm is refused
        assert "?" in text, f"{text} was refused, but it is {true!r} with {values}"
        return
    # an arm of unknown type may become a string once its type is known, in Terraform too
    wrong = contradiction(said, true, concrete, strict="?" not in text)
    if wrong is not None and is_wholly_known(said) and "?" in text and ("try(" in text or "can(" in text):
        return  # an arm that fails once it is known has no type, so it may fit the other only then, in Terraform too
    assert wrong is None, f"{text} without {sorted(missing)} of {values}: {wrong}"


@FEW
@given(expressions(), inputs)
def test_known_stays_known(text: str, values: dict[str, str]) -> None:
    """A variable without a value does not change results that do not depend on it."""
    used = {name for name in values if f"var.{name}" in text}
    whole = result(root_with(values), text)
    part = result(root_with({k: v for k, v in values.items() if k in used}), text)
    assert (whole is None) == (part is None)
    if whole is not None and part is not None:
        assert (whole.type, content_key(whole)) == (part.type, content_key(part))


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("try([var.any.a, 1][1], 0)", False),  # there may be no `a`
        ('try("a" == var.o.c[0], null)', False),  # there may be no element
        ("can([tonumber(var.s), 1][1])", False),
        ("try([var.n + 1, 2][1], 0)", False),  # null is not a valid operand
        ("try([var.o.a, 1][1], 0)", True),  # its type has the attribute
        ("try(length([var.s, var.n]), 0)", True),
        ("can(var.any)", True),
        ("try(true ? 1 : var.any.a, 0)", True),  # the arm is not taken
    ],
)
def test_dropped_parts_may_fail(text: str, known: bool) -> None:
    """`try` and `can` depend on a part that may fail, although it is not in the value."""
    value = result(root_with({}), text)
    assert value is not None
    assert is_wholly_known(value) is known
