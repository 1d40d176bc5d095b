"""PromQL expressions that Prometheus cannot parse."""

from collections.abc import Iterator

from iacpolicy.evaluate.values.terms import Cause, Reason, reasons
from iacpolicy.observability.marks import MARK
from iacpolicy.observability.monitors import Expression, Kind
from iacpolicy.observability.promql.parse import Invalid, Unparsed, parse
from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Undecidable, Violation
from iacpolicy.policy.library.monitoring import place_of

META = Meta(
    id="promql-invalid",
    title="PromQL expression cannot be parsed",
    severity=Severity.HIGH,
    on=("alert-rule", "dashboard"),
    why=(
        "Prometheus rejects a whole rule file for one invalid expression. Grafana accepts it, but the alert then "
        "never fires for the real problem, and the panel stays empty."
    ),
    fix="Correct the expression at the position in the message. Check rule files with `promtool check rules`.",
    references=(
        "https://prometheus.io/docs/prometheus/latest/querying/basics/",
        "https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/#syntax-checking-rules",
    ),
)


def check(node: Resource, graph: Graph) -> Iterator[Violation]:
    """Parse the queries to Prometheus, with sample text for Grafana's variables and for unknown parts."""
    unsure: list[Reason] = []
    if node.kind == "dashboard" and node.payload.unread is not None:
        unsure.extend(reasons(node.payload.unread))
    for expression in node.payload.expressions:
        if expression.kind is not Kind.PROMETHEUS:
            continue
        if _is_unknown(expression):
            terms = (expression.whole,) if expression.whole is not None else expression.parts.values()
            unsure.extend(reason for term in terms for reason in reasons(term))
            continue
        parsed = parse(expression.text, expression.variables)
        if isinstance(parsed, Invalid) and expression.parts:
            unsure.extend(reason for term in expression.parts.values() for reason in reasons(term))
        elif isinstance(parsed, Invalid):
            yield Violation(f"the expression is not valid PromQL: {parsed.reason}", at=place_of(expression, node))
        elif isinstance(parsed, Unparsed):
            unsure.append(Reason(Cause.LIMIT, f"the expression was not parsed: {parsed.reason}", node.at))
    if unsure:
        raise Undecidable(tuple(dict.fromkeys(unsure)), node)


def _is_unknown(expression: Expression) -> bool:
    """Return whether no part of an expression is known."""
    return expression.whole is not None or (bool(expression.parts) and not MARK.sub("", expression.text).strip())
