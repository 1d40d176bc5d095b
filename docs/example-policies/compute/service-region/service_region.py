"""Our customers' data stays in the European Union, and so do the services that read it."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation

META = Meta(
    id="service-region",
    title="Service runs outside the European Union",
    severity=Severity.HIGH,
    on=("render_web_service", "render_private_service", "render_background_worker"),
    why="Our contracts promise that personal data is processed in the European Union.",
    fix='Set `region = "frankfurt"`. A region cannot be changed later: Render makes the service anew.',
)


def check(service: Resource, graph: Graph) -> Iterator[Violation]:
    """Judges every instance in every workspace."""
    region = service["region"]
    if region != "frankfurt":
        yield Violation(f"the service runs in {region}", at=region)
