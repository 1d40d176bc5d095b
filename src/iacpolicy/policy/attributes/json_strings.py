"""Reads the document in a JSON string, also if parts of it are unknown.

Terraform makes a whole string unknown if one part is. The argument of `jsonencode(…)` still shows the keys of the
document and its known values.
"""

from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.functions import frame, registry
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.identities import CallResult
from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.evaluate.values.value import Value, unknown_because
from iacpolicy.policy.attributes.places import ExpressionPlace
from iacpolicy.terraform.static_expressions import encoded_document


def document_of(value: Value, place: ExpressionPlace, context: Context) -> Value:
    """Return the document in the string at a place; unknown if the string is not JSON."""
    document = encoded_document(place.expression)
    try:
        if document is not None:
            return evaluate(document, context.within(place.source)).marked(value.marks)
        return frame.call(registry.FUNCTIONS["jsondecode"], [value], context.module.files)
    except EvaluationError as problem:
        reason = Reason(Cause.ERROR, problem.detail or problem.summary, place.span)
        return unknown_because(DYNAMIC, CallResult("json", str(place.span), "the document"), reason)
