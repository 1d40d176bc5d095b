"""Everything that a policy imports, beside the helpers of `iacpolicy.policy.library`.

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

`docs/writing-policies.md` documents each name and each member.
"""

import msgspec

from iacpolicy.core.linear_regex import linear_regex
from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.policy.attributes.attribute import Attribute
from iacpolicy.policy.attributes.truth import Truth
from iacpolicy.policy.attributes.world import Undecidable
from iacpolicy.policy.meta import Meta, Option, Severity
from iacpolicy.policy.views.graph import Graph
from iacpolicy.policy.views.resource import ArgumentText, Resource
from iacpolicy.secrets.secret import Secret
from iacpolicy.terraform.cells import Cell

__all__ = [
    "ArgumentText",
    "Attribute",
    "Cause",
    "Cell",
    "Graph",
    "Hint",
    "Meta",
    "Option",
    "Reason",
    "Resource",
    "Secret",
    "Severity",
    "Span",
    "Truth",
    "Undecidable",
    "Violation",
    "linear_regex",
]


class Violation(msgspec.Struct, frozen=True):
    """A defect that a policy found.

    `message` describes it in one sentence without a full stop. `at` is its place. `cause` distinguishes two defects at
    one place and must not contain a value. `also` names further places of the defect, such as the other side of an
    overlap, each with a word. `secret` is set for a written secret: the finding then has the address, attribute and
    trace of the secret's first sink, and its place is the literal. `fix` is the remediation for this resource, in full
    sentences; without one, the finding shows the general `fix` of the policy's Meta.
    """

    message: str
    at: Attribute | Resource | Span
    cause: str = ""
    also: tuple[tuple[str, Span], ...] = ()
    secret: Secret | None = None
    fix: str | None = None

    @property
    def place(self) -> Span:
        """The place that `at` has or is."""
        return self.at if isinstance(self.at, Span) else self.at.at


class Hint(msgspec.Struct, frozen=True):
    """A note about something that is not a defect, such as a deprecation; it never fails a run.

    `summary` is short and has no full stop; `detail` is a sentence that ends with the remediation.
    """

    summary: str
    detail: str
    at: Attribute | Resource | Span
