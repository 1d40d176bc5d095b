"""What scales a service of ECS, whether it refers to the service or has its name in `resource_id`.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from iacpolicy.policy.api import Graph, Resource
from iacpolicy.policy.hosts import text_of

TARGET = "aws_appautoscaling_target"


def is_scaled(service: Resource, graph: Graph) -> bool:
    """Whether a scalable target belongs to a service of ECS."""
    name = text_of(service["name"])
    return any(True for _ in graph.connected(service, TARGET)) or any(
        text_of(target["resource_id"]).startswith("service/") and text_of(target["resource_id"]).endswith(f"/{name}")
        for target in graph.of(TARGET)
    )
