"""Services that no alert watches."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.monitoring import OPTIONS, SERVICES, is_covered, must_be_monitored

META = Meta(
    id="alert-coverage",
    title="No alert watches the service",
    severity=Severity.MEDIUM,
    on=tuple(SERVICES),
    why=(
        "Alerts are written service by service, and a new service is easily forgotten. Without an alert, your "
        "customers are the first to notice that it fails."
    ),
    fix=(
        "Add an alert whose expression selects the service by its name in a label matcher. Or extend the regular "
        "expression of an existing alert, or generate the alerts from the list of services."
    ),
    references=(
        "https://prometheus.io/docs/practices/alerting/",
        "https://sre.google/workbook/alerting-on-slos/",
    ),
    options=OPTIONS,
)


def check(service: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Search the alerts of the cell and of every other root, also through recording rules."""
    if must_be_monitored(service, graph, options) and not is_covered(service, graph, "alert-rule", options):
        yield Violation(f"no alert selects the service {service[SERVICES[service.type]]} by its name", at=service)
