"""Attributes with a JSON text, read as the object in it.

If the text is written with `jsonencode`, the object is its argument, so one unknown part leaves the others known.
"""

import json
from typing import Any

from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.values.choices import choose
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import Choice, Unknown, Value, null, unknown
from iacpolicy.policy.api import Resource
from iacpolicy.policy.attributes.attribute import Attribute
from iacpolicy.policy.attributes.compare import to_value
from iacpolicy.policy.attributes.places import ExpressionPlace
from iacpolicy.terraform.static_expressions import encoded_document

MAX_TEXT = 1_000_000


def json_document(attribute: Attribute) -> Attribute:
    """Return the object in the JSON text of an attribute; absent if the attribute is, null if it is not JSON."""
    written = _written(attribute)
    if written is not None:
        return written
    value = attribute.known_value
    if value is None:
        return attribute
    return Attribute(attribute.owner, attribute.path, _decoded(value, 0), attribute.place)


def _written(attribute: Attribute) -> Attribute | None:
    """Return the argument of the `jsonencode` of the attribute, None if it is not written with it."""
    argument = encoded_document(attribute.place.expression)
    owner = attribute.owner
    if argument is None or not isinstance(owner, Resource) or owner.node.body is None:
        return None
    source = attribute.place.source
    try:
        value = evaluate(argument, owner.node.body.context.within(source))
    except EvaluationError:
        return None
    place = ExpressionPlace(source, argument.start, argument.end, argument)
    return Attribute(owner, attribute.path, value, place)


def _decoded(value: Value, depth: int) -> Value:
    data = value.data
    if isinstance(data, Choice) and depth < 20:
        then, otherwise = _decoded(data.then, depth + 1), _decoded(data.otherwise, depth + 1)
        return choose(data.condition, then, otherwise).marked(value.marks)
    if isinstance(data, Unknown):
        return unknown(DYNAMIC, data.term).marked(value.marks)
    if not isinstance(data, str) or len(data) > MAX_TEXT:
        return null()
    try:
        parsed: Any = json.loads(data)
    except (ValueError, RecursionError):
        return null()
    return to_value(parsed).marked(value.marks)
