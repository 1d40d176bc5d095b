"""PromQL expressions that Prometheus cannot parse."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Reason, Resource, Severity, Undecidable, Violation
from iacpolicy.policy.library.promql import parsed_expressions

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
    for expression in parsed_expressions(node):
        unsure.extend(expression.reasons)
        if expression.error is not None:
            yield Violation(f"the expression is not valid PromQL: {expression.error}", at=expression.at)
    if unsure:
        raise Undecidable(tuple(dict.fromkeys(unsure)), node)
