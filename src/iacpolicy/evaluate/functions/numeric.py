"""The numeric functions: `abs`, `ceil`, `floor`, `max`, `min`, `signum`, … (one family, as an example of the form)."""

from iacpolicy.core.types import NUMBER
from iacpolicy.evaluate import values
from iacpolicy.evaluate.errors import FunctionError
from iacpolicy.evaluate.functions.frame import Function, Parameter
from iacpolicy.evaluate.values import Value


def _abs(number: Value) -> Value:
    return values.number(-number.data if number.data.mantissa < 0 else number.data)


def _max(*numbers: Value) -> Value:
    if not numbers:
        raise FunctionError("must pass at least one number")
    return values.number(max(n.data for n in numbers))


FUNCTIONS = (
    Function("abs", (Parameter("num", NUMBER),), NUMBER, _abs),
    Function("max", (), NUMBER, _max, variadic=Parameter("numbers", NUMBER)),
)
