"""Values from schemas."""

from typing import Any

import msgspec

from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.values import numbers, value
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError
from iacpolicy.evaluate.values.value import Value
from iacpolicy.schemas.schema import AttributeSchema


def default_value(attribute: AttributeSchema) -> Value | None:
    """Return the provider's default of an attribute, None if there is none or it is unknown."""
    if attribute.default is msgspec.UNSET or attribute.default is None:
        return None
    try:
        return convert(from_json(attribute.default), attribute.type)
    except ConversionError:
        return None


def from_json(data: Any) -> Value:
    """Return the value of a JSON document, as from `jsondecode`."""
    match data:
        case None:
            return value.null(DYNAMIC)
        case bool():
            return value.boolean(data)
        case int():
            return value.number(data)
        case float():
            return value.number(numbers.parse(repr(data)) or numbers.ZERO)
        case str():
            return value.string(data)
        case list():
            return value.tuple_of(from_json(d) for d in data)
        case dict():
            return value.object_of({k: from_json(v) for k, v in data.items()})
        case _:
            raise TypeError(f"no JSON: {type(data)}")
