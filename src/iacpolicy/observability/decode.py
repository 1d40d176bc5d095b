"""JSON in strings of a configuration, as plain Python with a `Value` for each unknown part."""

from typing import Any

import msgspec

from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.value import MAX_DEPTH, Value
from iacpolicy.terraform.static_expressions import encoded_document


class InvalidJson(Exception):  # noqa: N818 - caught by the caller, who knows the place of the text
    """A text is no JSON; the message says why."""


def decode(text: str) -> Any:
    """Return the document in a JSON text.

    Raises:
        Unreadable: it is no JSON, or nests too deeply.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as problem:
        said = str(problem) if isinstance(problem, msgspec.DecodeError) else "it nests too deeply"
        raise InvalidJson(said) from None


def document_in(body: BlockInstance, name: str) -> Any:
    """Return the document in an attribute: plain Python, with a `Value` for an unknown text or part.

    The parts of a string that is written as `jsonencode(…)` are known even where some are unknown.

    Raises:
        Unreadable: the text is known and is no JSON.
    """
    value = body.attribute(name)
    if value is None or value.data is None:
        return None
    if isinstance(value.data, str):
        return decode(value.data)
    written = body.argument(name)
    document = encoded_document(written.value) if written is not None else None
    if written is not None and document is not None:
        try:
            return partly_plain(evaluate(document, body.context.within(written.source)))
        except EvaluationError:
            return value
    return value


def partly_plain(value: Value, depth: int = 0) -> Any:
    """Return a value as plain Python; an unknown part, or one under a condition, stays a `Value`."""
    data = value.data
    if depth > MAX_DEPTH or not value.is_settled:
        return value
    if isinstance(data, dict):
        return {key: partly_plain(part, depth + 1) for key, part in data.items()}
    if isinstance(data, tuple):
        return [partly_plain(part, depth + 1) for part in data]
    if isinstance(data, Number):
        return int(data) if data.is_integer else float(data)
    return data
