"""Scalable targets of ECS services, by a reference or by the name in `resource_id`.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from iacpolicy.graph.joins import attribute
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Graph, Resource
from iacpolicy.policy.library.hosts import text_of

TARGET = "aws_appautoscaling_target"
_UNKNOWN = ""


def is_scaled(service: Resource, graph: Graph) -> bool:
    """Report that an ECS service has a scalable target."""
    if any(True for _ in graph.connected(service, TARGET)):
        return True
    name = text_of(service["name"])
    targets: dict[str, list[Node]] = graph.once(("scalable targets", graph.inner), lambda: _by_service(graph))
    candidates = [Resource(node) for node in (*targets.get(name, ()), *targets.get(_UNKNOWN, ()))]
    return any(bool(target.exists) and _names(target, name) for target in candidates)


def _by_service(graph: Graph) -> dict[str, list[Node]]:
    """Return the targets by the name of their service, empty if it is unknown."""
    found: dict[str, list[Node]] = {}
    for node in graph.inner.of(TARGET):
        value = attribute(node, "resource_id")
        known = value.data if value is not None and isinstance(value.data, str) else _UNKNOWN
        found.setdefault(known.rpartition("/")[2], []).append(node)
    return found


def _names(target: Resource, name: str) -> bool:
    text = text_of(target["resource_id"])
    return text.startswith("service/") and text.endswith(f"/{name}")
