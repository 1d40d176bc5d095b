"""Objects that do not meet their schema: their valid parts are kept, so that policies can judge them."""

from collections.abc import Callable

from iacpolicy.core.types import ListType, MapType, ObjectType, SetType, Type
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError
from iacpolicy.evaluate.values.identities import AttributeStep, IndexStep, PathStep
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.value import Unknown, Value, object_of, tuple_of

MAX_DEPTH = 60
Missing = Callable[[Type, tuple[PathStep, ...]], Value]


def completed(value: Value, target: Type, missing: Missing, path: tuple[PathStep, ...] = (), depth: int = 0) -> Value:
    """Return the value with the required attributes that it lacks, and its parts of a wrong type, made by `missing`.

    `missing` gets the type and the path of a part. A value that is wrong as a whole is returned unchanged.
    """
    data = value.data
    if depth > MAX_DEPTH or data is None or isinstance(data, Unknown):
        return value
    if isinstance(target, ObjectType) and isinstance(data, dict):
        parts = dict(data)
        for name, type_ in target.attributes:
            below = (*path, AttributeStep(name))
            if name in data:
                parts[name] = completed(data[name], type_, missing, below, depth + 1)
            elif name not in target.optional:
                parts[name] = missing(type_, below)
        made = object_of(parts)
    elif isinstance(target, MapType) and isinstance(data, dict):
        made = object_of(
            {k: completed(v, target.element, missing, (*path, AttributeStep(k)), depth + 1) for k, v in data.items()}
        )
    elif isinstance(target, ListType | SetType) and isinstance(data, tuple):
        steps = (IndexStep(Number(i), str(i)) for i in range(len(data)))
        items = [completed(v, target.element, missing, (*path, s), depth + 1) for v, s in zip(data, steps, strict=True)]
        made = tuple_of(items)
    else:
        return value if not depth or _fits(value, target) else missing(target, path)
    return Value(made.type, made.data, value.marks, value.origins)


def _fits(value: Value, target: Type) -> bool:
    try:
        convert(value, target)
    except ConversionError:
        return False
    return True
