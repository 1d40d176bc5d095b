"""Limits of the size of values: a chain of locals, each twice as large as the one before, would fill the memory.

The size is that of the value as a tree. A shared part counts each time, because a comparison, a conversion or a type
visits it each time.

"""

from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import Choice, Value

MAX_SIZE = 250_000
_NESTED = frozenset({tuple, dict, Choice})


def size(value: Value) -> int:
    """Return the number of values in a value, itself included; the count stops after `MAX_SIZE`.

    Lazy objects (resources, modules) count as one.

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
    """Return the value unchanged.

    Raises:
        EvaluationError: it has more than `MAX_SIZE` parts.

    """
    if type(value.data) in _NESTED and size(value) > MAX_SIZE:
        raise EvaluationError(
            "Value too large",
            f"A value may have at most {MAX_SIZE} parts, nested ones included (limit: size of values).",
        )
    return value
