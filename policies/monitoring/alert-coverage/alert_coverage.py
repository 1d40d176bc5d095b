"""A service that no alert watches fails until its users tell."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.monitoring import OPTIONS, SERVICES, is_asked, is_covered

META = Meta(
    id="alert-coverage",
    title="Service is watched by no alert",
    severity=Severity.MEDIUM,
    on=tuple(SERVICES),
    why=(
        "Alerts are written service by service, and a new service is not in any of them until somebody thinks of it. "
        "Until then its failures are seen by its users first."
    ),
    fix=(
        "Add an alert whose expression selects the service by its name in a label matcher, or widen the regular "
        "expression of one that watches its neighbours; best of all, make the alerts from the list of services."
    ),
    references=(
        "https://prometheus.io/docs/practices/alerting/",
        "https://sre.google/workbook/alerting-on-slos/",
    ),
    options=OPTIONS,
)


def check(service: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Looks at the alerts of the cell and of every other root, through recorded series too."""
    if is_asked(service, graph, options) and not is_covered(service, graph, "alert-rule", options):
        yield Violation(f"no alert selects {service[SERVICES[service.type]]} by its name", at=service)
