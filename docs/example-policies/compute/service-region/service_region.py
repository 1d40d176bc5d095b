"""Personal data of our customers is processed in the European Union, so the services run there too."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

META = Meta(
    id="service-region",
    title="Service runs outside the European Union",
    severity=Severity.HIGH,
    on=("render_web_service", "render_private_service", "render_background_worker"),
    why="Our contracts require that personal data is processed in the European Union.",
    fix='Set `region = "frankfurt"`. A change of the region replaces the service.',
)


def check(service: Resource, graph: Graph) -> Iterator[Violation]:
    """Yield a violation for each instance outside the European Union."""
    region = service["region"]
    if region != "frankfurt":
        yield Violation(f"the service runs in {region}", at=region)
