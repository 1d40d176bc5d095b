"""JSON as Terraform reads and writes it: keys sorted, numbers exact, characters of HTML escaped as in Go."""

import json
from collections.abc import Iterator
from json.encoder import encode_basestring

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.types import DYNAMIC, STRING
from iacpolicy.evaluate.functions.common import MAX_TEXT, bounded_elements, text
from iacpolicy.evaluate.functions.frame import Function, Parameter
from iacpolicy.evaluate.values import numbers
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.errors import FunctionError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.value import Value

_ESCAPED = lazy_pattern("[<>&\u2028\u2029\x7f]")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029", "\x7f": "\x7f"}
_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_TOO_DEEP = f"the value is nested more than {values.MAX_DEPTH} levels deep (limit: depth of values)"


def _jsonencode(value: Value) -> Value:
    return text(encode(value))


def encode(value: Value) -> str:
    """Return a known value in JSON.

    Raises:
        FunctionError: it holds an infinite number, is nested too deeply, or its text would be too long.
    """
    pieces: list[str] = []
    length = 0
    for piece in _pieces(value, 0):
        pieces.append(piece)
        length += len(piece)
        if length > MAX_TEXT:
            raise FunctionError(f"the result would be longer than {MAX_TEXT} characters (limit: length of strings)")
    return "".join(pieces)


def _pieces(value: Value, depth: int) -> Iterator[str]:
    data = value.data
    if data is None:
        yield "null"
    elif isinstance(data, bool):
        yield "true" if data else "false"
    elif isinstance(data, str):
        yield quoted(data)
    elif isinstance(data, Number):
        if data.is_infinite:
            raise FunctionError("an infinite number cannot be written in JSON", 0)
        yield str(data)
    elif depth > values.MAX_DEPTH:
        raise FunctionError(_TOO_DEEP, 0)
    elif isinstance(data, dict):
        yield "{"
        for index, (name, part) in enumerate(data.items()):
            yield f"{',' if index else ''}{quoted(name)}:"
            yield from _pieces(part, depth + 1)
        yield "}"
    else:
        yield "["
        for index, part in enumerate(data):
            if index:
                yield ","
            yield from _pieces(part, depth + 1)
        yield "]"


def quoted(content: str) -> str:
    """Return a string in JSON, with Go's escapes for `<`, `>`, `&` and the two line separators."""
    return _ESCAPED.sub(lambda match: _ESCAPES[match[0]], encode_basestring(content))


def _jsondecode(string: Value) -> Value:
    try:
        parsed = json.loads(
            string.data, parse_int=_number, parse_float=_number, parse_constant=_constant, object_pairs_hook=_object
        )
    except RecursionError:
        raise FunctionError(_TOO_DEEP, 0) from None
    except ValueError as problem:
        raise FunctionError(f"not valid JSON: {problem}", 0) from None
    bounded_elements(string.data.count(","))
    return _value(parsed, 0)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return dict(pairs)


def _number(digits: str) -> Number:
    number = numbers.parse(digits)
    if number is None:
        raise FunctionError("a number is out of bounds (limit: digits and exponents of numbers)", 0)
    return number


def _constant(name: str) -> Number:
    raise ValueError(f"{name} is no JSON value")


def _value(parsed: object, depth: int) -> Value:
    if depth > values.MAX_DEPTH:
        raise FunctionError(_TOO_DEEP, 0)
    if isinstance(parsed, str):
        return text(_SURROGATE.sub("\ufffd", parsed))
    if isinstance(parsed, bool):
        return values.boolean(parsed)
    if isinstance(parsed, Number):
        return values.number(parsed)
    if isinstance(parsed, list):
        return values.tuple_of(_value(item, depth + 1) for item in parsed)
    if isinstance(parsed, dict):
        return values.object_of({str(text(name).data): _value(item, depth + 1) for name, item in parsed.items()})
    return values.null()


FUNCTIONS = (
    Function("jsondecode", (Parameter("str", STRING),), DYNAMIC, _jsondecode),
    Function("jsonencode", (Parameter("val", DYNAMIC, null=True),), STRING, _jsonencode),
)
