"""A service that no dashboard shows is searched in the dark when it fails."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.monitoring import OPTIONS, SERVICES, is_asked, is_covered

META = Meta(
    id="dashboard-coverage",
    title="Service is shown on no dashboard",
    severity=Severity.LOW,
    on=tuple(SERVICES),
    why=(
        "Whoever is woken by an alert looks at a dashboard first. A service that is on none has to be found by "
        "queries that are written under pressure."
    ),
    fix=(
        "Add a panel whose expression selects the service by its name in a label matcher, or let a variable choose "
        'among the services (`service=~"$service"`).'
    ),
    references=(
        "https://grafana.com/docs/grafana/latest/dashboards/variables/",
        "https://prometheus.io/docs/practices/consoles/",
    ),
    options=OPTIONS,
)


def check(service: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Looks at the dashboards of the cell and of every other root, through recorded series too."""
    if is_asked(service, graph, options) and not is_covered(service, graph, "dashboard", options):
        yield Violation(f"no dashboard selects {service[SERVICES[service.type]]} by its name", at=service)
