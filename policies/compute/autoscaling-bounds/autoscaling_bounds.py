"""Services whose autoscaling has no usable lower or upper bound."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.scaling import is_scaled

RENDER = ("render_web_service", "render_private_service", "render_background_worker")
# The arguments that hold the bounds: (minimum, maximum).
AWS = {
    "aws_autoscaling_group": ("min_size", "max_size"),
    "aws_appautoscaling_target": ("min_capacity", "max_capacity"),
}
RENDER_LIMIT = 100

# The remediation by defect.
BOUNDS = "Set `{}` to 1 or more, and `{}` to at least that number."
LIMIT = "Set `{}` to {} or less."
RENDER_SCALING = "Set `autoscaling` with `enabled = true`, a `min` of 1 or more and a `max` of at least `min`."
RENDER_DISK = "Allow one instance only, or move the data from the `disk` to a datastore or bucket."
RENDER_FIXED = "Remove `num_instances`."
RENDER_CRITERIA = "Set `enabled = true` for `cpu` or `memory` in `criteria`."
ECS = "Add an `aws_appautoscaling_target` for the service, with `min_capacity` and `max_capacity`."

META = Meta(
    id="autoscaling-bounds",
    title="Autoscaling has no usable bounds",
    severity=Severity.HIGH,
    on=(*RENDER, *AWS, "aws_ecs_service"),
    why=(
        "Without a minimum, a service can scale to zero and stop answering. Without a maximum, a flood of requests "
        "becomes a flood of machines and a large bill. A service with a disk cannot run as several instances at all."
    ),
    fix=(
        "Set the minimum number of instances to 1 or more, and the maximum to at least that number. Remove a fixed "
        "number of instances beside autoscaling. Do not scale a service that has a disk."
    ),
    references=(
        "https://render.com/docs/scaling",
        "https://registry.terraform.io/providers/render-oss/render/latest/docs/resources/web_service",
        "https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html",
    ),
    options=(
        Option("max_instances", 0, "The highest number of instances that any service may request; 0 sets no limit."),
        Option("required_on", list(RENDER), "Resource types that must have autoscaling; aws_ecs_service may be added."),
    ),
)


def check(service: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield at most one violation for the bounds, and one for a fixed number of instances beside autoscaling."""
    limit = options["max_instances"]
    if service.type == "aws_ecs_service":
        if service.type in options["required_on"] and not is_scaled(service, graph):
            yield Violation(
                "the service has no autoscaling: no aws_appautoscaling_target refers to it", at=service, fix=ECS
            )
    elif service.type in AWS:
        minimum, maximum = AWS[service.type]
        yield from _bounds(service[minimum], service[maximum], limit)
    else:
        yield from _render(service, limit, service.type in options["required_on"])


def _render(service: Resource, limit: int, is_required: bool) -> Iterator[Violation]:
    scaling, disk, fixed = service["autoscaling"], service["disk"], service["num_instances"]
    if scaling.is_null:
        if not disk.is_null and fixed > 1:
            yield _beside_disk(fixed, disk)
        elif disk.is_null and is_required:
            yield Violation("autoscaling is not set", at=scaling, fix=RENDER_SCALING)
    elif scaling["enabled"] == False:
        if disk.is_null and is_required:
            yield Violation("autoscaling.enabled is false", at=scaling["enabled"], fix=RENDER_SCALING)
        elif not disk.is_null and fixed > 1:
            yield _beside_disk(fixed, disk)
    else:
        yield from _scaled(scaling, disk, limit)
        if not fixed.is_null:
            yield Violation("num_instances is set, but autoscaling overrides it", at=fixed, fix=RENDER_FIXED)


def _scaled(scaling: Attribute, disk: Attribute, limit: int) -> Iterator[Violation]:
    violations = list(_bounds(scaling["min"], scaling["max"], limit))
    yield from violations
    if not violations and not disk.is_null and scaling["max"] > 1:
        yield _beside_disk(scaling["max"], disk)
    if not violations and scaling["max"].is_known & (scaling["max"] > RENDER_LIMIT):
        yield Violation(
            f"autoscaling.max is above {RENDER_LIMIT}, the most instances that Render runs",
            at=scaling["max"],
            fix=LIMIT.format("max", RENDER_LIMIT),
        )
    criteria = scaling["criteria"]
    measured = [c for c in (criteria["cpu"], criteria["memory"]) if not c.is_null]
    if measured and all(c["enabled"].is_known & (c["enabled"] == False) for c in measured):
        yield Violation(
            "neither cpu nor memory is enabled in autoscaling.criteria, so the service never scales",
            at=criteria,
            fix=RENDER_CRITERIA,
        )


def _bounds(minimum: Attribute, maximum: Attribute, limit: int) -> Iterator[Violation]:
    bounds = BOUNDS.format(minimum.path, maximum.path)
    if minimum.is_null:
        yield Violation(
            f"{minimum.path} is not set, so there is no minimum number of instances", at=minimum, fix=bounds
        )
    elif minimum < 1:
        yield Violation(f"{minimum.path} is below 1", at=minimum, fix=bounds)
    elif maximum.is_null:
        yield Violation(
            f"{maximum.path} is not set, so there is no maximum number of instances", at=maximum, fix=bounds
        )
    elif minimum > maximum:
        yield Violation(
            f"{minimum.path} is above {maximum.path}", at=minimum, also=((maximum.path, maximum.at),), fix=bounds
        )
    elif limit and maximum > limit:
        yield Violation(
            f"{maximum.path} is above {limit}, the limit in the option max_instances",
            at=maximum,
            fix=LIMIT.format(maximum.path, limit),
        )


def _beside_disk(count: Attribute, disk: Attribute) -> Violation:
    return Violation(
        f"{count.path} allows more than one instance, but a service with a disk runs as one",
        at=count,
        also=(("the disk", disk.at),),
        fix=RENDER_DISK,
    )
