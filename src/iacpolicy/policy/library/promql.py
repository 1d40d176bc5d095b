"""The PromQL expressions of alert rules and dashboards, parsed."""

from collections.abc import Iterator
from dataclasses import dataclass

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.terms import Cause, Reason, reasons
from iacpolicy.observability.marks import MARK
from iacpolicy.observability.monitors import DataSourceKind, Expression
from iacpolicy.observability.promql.parse import Invalid, Unparsed, parse
from iacpolicy.policy.api import Attribute, Resource
from iacpolicy.policy.library.monitoring import place_of


@dataclass(frozen=True, slots=True)
class ParsedPromql:
    """The result for one expression: `error` if it has a syntax error, `reasons` if that is not known."""

    node: Resource
    expression: Expression | None
    error: str | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def at(self) -> Attribute | Span:
        """The place of the expression, else that of the node; finding it in a dashboard takes time."""
        return place_of(self.expression, self.node) if self.expression is not None else self.node.at


def parsed_expressions(node: Resource) -> Iterator[ParsedPromql]:
    """Yield the result for each PromQL expression of an alert rule or a dashboard, and one for an unread dashboard."""
    if node.kind == "dashboard" and node.payload.unread is not None:
        yield ParsedPromql(node, None, reasons=reasons(node.payload.unread))
    for expression in node.payload.expressions:
        if expression.kind is DataSourceKind.PROMETHEUS:
            error, why = _parsed(expression, node)
            yield ParsedPromql(node, expression, error, why)


def _parsed(expression: Expression, node: Resource) -> tuple[str | None, tuple[Reason, ...]]:
    if expression.whole is not None:
        return None, reasons(expression.whole)
    why = tuple(reason for term in expression.parts.values() for reason in reasons(term))
    if expression.parts and not MARK.sub("", expression.text).strip():
        return None, why
    parsed = parse(expression.text, expression.variables)
    if isinstance(parsed, Invalid):
        return (None, why) if expression.parts else (parsed.reason, ())
    if isinstance(parsed, Unparsed):
        return None, (Reason(Cause.LIMIT, f"the expression was not parsed: {parsed.reason}", node.at),)
    return None, ()
