"""The numeric functions: https://developer.hashicorp.com/terraform/language/functions/abs."""

import math

from iacpolicy.core.types import DYNAMIC, NUMBER, STRING, ListType, SetType, TupleType, Type, friendly_name
from iacpolicy.evaluate.functions import floats
from iacpolicy.evaluate.functions.common import whole
from iacpolicy.evaluate.functions.frame import Function, Parameter, undecided
from iacpolicy.evaluate.values import numbers, value
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError, FunctionError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.value import Value, is_wholly_known

MAX_RANGE = 1024
MAX_DIGITS = 20_000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _abs(number: Value) -> Value:
    return value.number(abs(number.data))


def _ceil(number: Value) -> Value:
    return value.number(_rounded_to_whole(number.data, up=True))


def _floor(number: Value) -> Value:
    return value.number(_rounded_to_whole(number.data, up=False))


def _rounded_to_whole(number: Number, up: bool) -> Number:
    if number.is_infinite or number.is_integer:
        return number
    cut = int(number)
    if up and number.mantissa > 0:
        cut += 1
    elif not up and number.mantissa < 0:
        cut -= 1
    return Number(cut, 0, number.precision)


def _signum(number: Value) -> Value:
    integer = whole(number, 0)
    return value.number(numbers.count((integer > 0) - (integer < 0)))


def _max(*arguments: Value) -> Value:
    if not arguments:
        raise FunctionError("must pass at least one number")
    return value.number(max(n.data for n in arguments))


def _min(*arguments: Value) -> Value:
    if not arguments:
        raise FunctionError("must pass at least one number")
    return value.number(min(n.data for n in arguments))


def _log(number: Value, base: Value) -> Value:
    return _float(floats.divide(floats.log(float(number.data)), floats.log(float(base.data))))


def _pow(number: Value, power: Value) -> Value:
    return _float(floats.power(float(number.data), float(power.data)))


def _float(result: float) -> Value:
    if math.isnan(result):
        raise FunctionError("the result is not a number")
    return value.number(numbers.from_float(result))


def _parseint_type(text: Value, base: Value) -> Type:
    if text.type not in (STRING, DYNAMIC):
        raise FunctionError(f"first argument must be a string, not {friendly_name(text.type)}", 0)
    return NUMBER


def _parseint(text: Value, base: Value) -> Value:
    _parseint_type(text, base)
    radix = whole(base, 1)
    if not 2 <= radix <= 62:
        raise FunctionError("base must be a whole number between 2 and 62 inclusive", 1)
    digits = text.data
    negative = digits.startswith("-")
    if digits[:1] in ("-", "+"):
        digits = digits[1:]
    if radix <= 36:
        digits = digits.lower()
    if len(digits) > MAX_DIGITS:
        raise FunctionError(f"a number may have at most {MAX_DIGITS} digits (limit: digits of numbers)", 0)
    total = 0
    allowed = _DIGITS[:radix]
    for digit in digits:
        place = allowed.find(digit)
        if place < 0:
            raise FunctionError(f"cannot parse {text.data!r} as a base {radix} integer", 0)
        total = total * radix + place
    if not digits:
        raise FunctionError(f"cannot parse {text.data!r} as a base {radix} integer", 0)
    return value.number(Number(-total if negative else total, 0, max(numbers.COUNTED, total.bit_length())))


def _range(*bounds: Value) -> Value:
    if not 1 <= len(bounds) <= 3:
        raise FunctionError("must have one, two, or three arguments")
    data = [b.data for b in bounds]
    start = numbers.ZERO if len(data) == 1 else data[0]
    end = data[0] if len(data) == 1 else data[1]
    step = data[2] if len(data) == 3 else Number(-1 if end < start else 1)
    if end == start:
        return value.list_of(NUMBER, ())
    if (end < start) != (step.mantissa < 0) or step.mantissa == 0:
        raise FunctionError("the step must lead from the start towards the end")
    found: list[Value] = []
    current = start
    while current < end if step.mantissa > 0 else end < current:
        if len(found) >= MAX_RANGE:
            raise FunctionError(f"more than {MAX_RANGE} values were generated (limit: size of a range)")
        found.append(value.number(current))
        current = current + step
    return value.list_of(NUMBER, found)


def _sum(collection: Value) -> Value:
    if not isinstance(collection.type, ListType | SetType | TupleType):
        raise FunctionError(f"argument must be list, set, or tuple, not {friendly_name(collection.type)}", 0)
    if not collection.data:
        raise FunctionError("cannot sum an empty list", 0)
    if not is_wholly_known(collection):
        return undecided("sum", NUMBER, collection).marked(value.deep_marks(collection))
    total: Number | None = None
    for item in collection.data:
        try:
            data = convert(item, NUMBER).data
        except ConversionError:
            data = None
        if data is None:
            raise FunctionError("argument must be list, set, or tuple of number values", 0)
        if total is not None and total.is_infinite and data.is_infinite and total != data:
            raise FunctionError("cannot sum infinities of opposite sign", 0)
        total = data if total is None else total + data
    assert total is not None
    return value.number(total).marked(value.deep_marks(collection))


_NUM = Parameter("num", NUMBER)

FUNCTIONS = (
    Function("abs", (_NUM,), NUMBER, _abs),
    Function("ceil", (_NUM,), NUMBER, _ceil),
    Function("floor", (_NUM,), NUMBER, _floor),
    Function("log", (_NUM, Parameter("base", NUMBER)), NUMBER, _log),
    Function("max", (), NUMBER, _max, variadic=Parameter("numbers", NUMBER)),
    Function("min", (), NUMBER, _min, variadic=Parameter("numbers", NUMBER)),
    Function("parseint", (Parameter("number", DYNAMIC), Parameter("base", NUMBER)), _parseint_type, _parseint),
    Function("pow", (_NUM, Parameter("power", NUMBER)), NUMBER, _pow),
    Function("range", (), ListType(NUMBER), _range, variadic=Parameter("params", NUMBER)),
    Function("signum", (_NUM,), NUMBER, _signum),
    Function("sum", (Parameter("list", DYNAMIC, partial=True),), NUMBER, _sum),
)
