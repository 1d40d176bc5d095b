"""What a JSON string of a configuration says, even where parts of it are not known.

Terraform makes a string unknown as soon as one part of it is. A document that is written as `jsonencode(…)` where it
is used says much more than that: which keys there are, and every value that hangs on nothing.
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
    """The document in a string that is written at a place; unknown where the string is no JSON."""
    document = encoded_document(place.expression)
    try:
        if document is not None:
            return evaluate(document, context.within(place.source)).marked(value.marks)
        return frame.call(registry.FUNCTIONS["jsondecode"], [value], context.module.files)
    except EvaluationError as problem:
        reason = Reason(Cause.ERROR, problem.detail or problem.summary, place.span)
        return unknown_because(DYNAMIC, CallResult("json", str(place.span), "the document"), reason)
