"""IAM policies that a data source `aws_iam_policy_document` composes."""

from iacpolicy.evaluate.values.identities import AttributeStep, BlockAt, FactIdentity
from iacpolicy.evaluate.values.terms import Symbol
from iacpolicy.evaluate.values.value import Unknown
from iacpolicy.graph.joins import joins_of
from iacpolicy.policy.api import Attribute, Graph, Resource
from iacpolicy.policy.library.hosts import chosen

DOCUMENT = "data.aws_iam_policy_document"


def policy_document(policy: Attribute, graph: Graph) -> Resource | None:
    """Return the `aws_iam_policy_document` whose `json` an attribute has; None if it has another value."""
    value = joins_of(graph.inner).resolved(chosen(policy))
    match value.data if value is not None else None:
        case Unknown(term=Symbol(identity=FactIdentity(fact=BlockAt(address=address), path=(AttributeStep("json"),)))):
            pass
        case _:
            return None
    documents = graph.once_in_cell("policy documents", lambda: {d.address: d for d in graph.declared(DOCUMENT)})
    return documents.get(address)
