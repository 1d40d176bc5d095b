"""How large values may become: locals that double each other would else fill any memory with their types.

What is counted is the tree that a value stands for. Parts that several places share count each time, as every
operation that walks the value (a comparison, a conversion, its type) meets them each time.
"""

from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import Choice, Value

MAX_SIZE = 250_000
_NESTED = frozenset({tuple, dict, Choice})


def size(value: Value) -> int:
    """The number of values in a value, itself included; past `MAX_SIZE` it counts no further.

    Objects that are evaluated when they are asked for (resources, modules) count as one.
    """
    pending = [value]
    count = 0
    while pending and count <= MAX_SIZE:
        data = pending.pop().data
        count += 1
        kind = type(data)
        if kind is tuple:
            nested = [part for part in data if type(part.data) in _NESTED]
            count += len(data) - len(nested)
            pending.extend(nested)
        elif kind is dict:
            nested = [part for part in data.values() if type(part.data) in _NESTED]
            count += len(data) - len(nested)
            pending.extend(nested)
        elif kind is Choice:
            pending += (data.then, data.otherwise)
    return count


def check_size(value: Value) -> Value:
    """The same value.

    Raises:
        EvaluationError: it has more than `MAX_SIZE` parts.
    """
    if type(value.data) in _NESTED and size(value) > MAX_SIZE:
        raise EvaluationError(
            "Value too large",
            f"A value may have at most {MAX_SIZE} parts, nested ones included (limit: size of values).",
        )
    return value
