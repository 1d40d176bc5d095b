"""The PromQL expressions of alert rules and dashboards, parsed."""

from collections.abc import Iterator
from dataclasses import dataclass

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.terms import Cause, Reason, reasons
from iacpolicy.observability.marks import MARK
from iacpolicy.observability.monitors import Expression, Kind
from iacpolicy.observability.promql.parse import Invalid, Unparsed, parse
from iacpolicy.policy.api import Attribute, Resource
from iacpolicy.policy.library.monitoring import place_of


@dataclass(frozen=True, slots=True)
class ParsedPromql:
    """The result for one expression: `error` if it has a syntax error, `reasons` if that is not known."""

    at: Attribute | Span
    error: str | None = None
    reasons: tuple[Reason, ...] = ()


def parsed_expressions(node: Resource) -> Iterator[ParsedPromql]:
    """Yield the result for each PromQL expression of an alert rule or a dashboard, and one for an unread dashboard."""
    if node.kind == "dashboard" and node.payload.unread is not None:
        yield ParsedPromql(node.at, reasons=reasons(node.payload.unread))
    for expression in node.payload.expressions:
        if expression.kind is Kind.PROMETHEUS:
            yield _parsed(expression, node)


def _parsed(expression: Expression, node: Resource) -> ParsedPromql:
    at = place_of(expression, node)
    if expression.whole is not None:
        return ParsedPromql(at, reasons=reasons(expression.whole))
    why = tuple(reason for term in expression.parts.values() for reason in reasons(term))
    if expression.parts and not MARK.sub("", expression.text).strip():
        return ParsedPromql(at, reasons=why)
    parsed = parse(expression.text, expression.variables)
    if isinstance(parsed, Invalid):
        return ParsedPromql(at, reasons=why) if expression.parts else ParsedPromql(at, parsed.reason)
    if isinstance(parsed, Unparsed):
        limit = Reason(Cause.LIMIT, f"the expression was not parsed: {parsed.reason}", node.at)
        return ParsedPromql(at, reasons=(limit,))
    return ParsedPromql(at)
