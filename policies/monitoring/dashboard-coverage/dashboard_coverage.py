"""Services that no dashboard shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.monitoring import OPTIONS, SERVICES, is_covered, must_be_monitored

META = Meta(
    id="dashboard-coverage",
    title="No dashboard shows the service",
    severity=Severity.LOW,
    on=tuple(SERVICES),
    why=(
        "After an alert, people look at a dashboard first. For a service on no dashboard they must write queries by "
        "hand during the outage, which costs time."
    ),
    fix=(
        "Add a panel whose expression selects the service by its name in a label matcher, or by a dashboard variable "
        '(`service=~"$service"`).'
    ),
    references=(
        "https://grafana.com/docs/grafana/latest/dashboards/variables/",
        "https://prometheus.io/docs/practices/consoles/",
    ),
    options=OPTIONS,
)


def check(service: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Search the dashboards of the cell and of every other root, also through recording rules."""
    if must_be_monitored(service, graph, options) and not is_covered(service, graph, "dashboard", options):
        yield Violation(f"no dashboard selects the service {service[SERVICES[service.type]]} by its name", at=service)
