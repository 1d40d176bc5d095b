"""Conversions and marks: `tostring`, `tolist`, `sensitive`, … and `type`, which exists in a console only.

https://developer.hashicorp.com/terraform/language/functions/tostring.
"""

from collections.abc import Callable

from iacpolicy.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, SetType, Type, friendly_name
from iacpolicy.evaluate.functions.common import text
from iacpolicy.evaluate.functions.frame import Function, Parameter, undecided
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError, FunctionError
from iacpolicy.evaluate.values.value import EPHEMERAL, SENSITIVE, Choice, Unknown, Value


def _to(name: str, target: Type) -> Function:
    def body(value: Value) -> Value:
        try:
            return convert(value, target)
        except ConversionError as problem:
            raise FunctionError(
                f"cannot convert {friendly_name(value.type)} to {friendly_name(target)}; {problem.detail}", 0
            ) from None

    return Function(name, (_VALUE,), target, body)


def _sensitive(value: Value) -> Value:
    return value.marked(SENSITIVE)


def _nonsensitive(value: Value) -> Value:
    return Value(value.type, value.data, value.marks & ~SENSITIVE, value.origins)


def _issensitive(value: Value) -> Value:
    if value.marks & SENSITIVE:
        return values.TRUE
    if not value.is_settled:
        return undecided("issensitive", BOOL, value)
    return values.FALSE


def _ephemeralasnull(value: Value) -> Value:
    return _without_ephemeral(value, 0)


def _without_ephemeral(value: Value, depth: int) -> Value:
    if value.marks & EPHEMERAL:
        return Value(value.type, None, value.marks & ~EPHEMERAL, value.origins)
    if not values.deep_marks(value) & EPHEMERAL:
        return value
    if depth > values.MAX_DEPTH:
        raise FunctionError(f"the value is nested more than {values.MAX_DEPTH} levels deep (limit: depth of values)")
    data = value.data
    if isinstance(data, dict):
        data = {name: _without_ephemeral(part, depth + 1) for name, part in data.items()}
    elif isinstance(data, tuple):
        data = tuple(_without_ephemeral(part, depth + 1) for part in data)
    elif isinstance(data, Choice):
        arms = (_without_ephemeral(data.then, depth + 1), _without_ephemeral(data.otherwise, depth + 1))
        data = Choice(data.condition, *arms)
    return Value(value.type, data, value.marks, value.origins)


def _type(value: Value) -> Value:
    if isinstance(value.data, Unknown) and value.type is DYNAMIC:
        return undecided("type", STRING, value)
    return text("dynamic" if value.type is DYNAMIC else str(value.type).replace("any", "dynamic"))


_VALUE = Parameter("v", DYNAMIC, null=True, unknown=True, partial=True)
_WHOLE = Parameter("value", DYNAMIC, null=True, unknown=True, partial=True)


def _of_same_type(value: Value) -> Type:
    return value.type


def _marks(name: str, body: Callable[[Value], Value]) -> Function:
    return Function(name, (_WHOLE,), _of_same_type, body, keeps_marks=False)


FUNCTIONS = (
    _marks("ephemeralasnull", _ephemeralasnull),
    Function("issensitive", (_WHOLE,), BOOL, _issensitive, keeps_marks=False),
    _marks("nonsensitive", _nonsensitive),
    _marks("sensitive", _sensitive),
    _to("tobool", BOOL),
    _to("tolist", ListType(DYNAMIC)),
    _to("tomap", MapType(DYNAMIC)),
    _to("tonumber", NUMBER),
    _to("toset", SetType(DYNAMIC)),
    _to("tostring", STRING),
    Function("type", (_WHOLE,), STRING, _type, keeps_marks=False),
)
