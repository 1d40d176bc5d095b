"""A service without both bounds scales to zero, or to an unbounded bill."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.scaling import is_scaled

RENDER = ("render_web_service", "render_private_service", "render_background_worker")
# Where the bounds stand: (least, greatest).
AWS = {
    "aws_autoscaling_group": ("min_size", "max_size"),
    "aws_appautoscaling_target": ("min_capacity", "max_capacity"),
}
RENDER_MOST = 100

META = Meta(
    id="autoscaling-bounds",
    title="Autoscaling has no usable bounds",
    severity=Severity.HIGH,
    on=(*RENDER, *AWS, "aws_ecs_service"),
    why=(
        "Below one instance a service is gone until somebody notices; without a greatest number, a flood of requests "
        "is answered by a flood of machines and their bill. A fixed number beside autoscaling is ignored or fights it, "
        "and a disk can be mounted by one instance only."
    ),
    fix=(
        "Set autoscaling with `enabled = true`, a `min` of 1 or more and a `max` that is not below it. Take "
        "`num_instances` out where autoscaling decides, and autoscaling where a `disk` allows one instance only."
    ),
    references=(
        "https://render.com/docs/scaling",
        "https://registry.terraform.io/providers/render-oss/render/latest/docs/resources/web_service",
        "https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-capacity-limits.html",
    ),
    options=(
        Option("max_instances", 0, "The greatest number of instances that anything may ask for; 0 sets no limit."),
        Option("required_on", list(RENDER), "Types of services that must scale; aws_ecs_service may be added."),
    ),
)


def check(service: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """One violation at most for the bounds; a fixed number of instances is told beside it."""
    most = options["max_instances"]
    if service.type == "aws_ecs_service":
        if service.type in options["required_on"] and not is_scaled(service, graph):
            yield Violation("nothing scales the service: no aws_appautoscaling_target belongs to it", at=service)
    elif service.type in AWS:
        least, greatest = AWS[service.type]
        yield from _bounds(service[least], service[greatest], most)
    else:
        yield from _render(service, most, service.type in options["required_on"])


def _render(service: Resource, most: int, is_required: bool) -> Iterator[Violation]:
    scaling, disk, fixed = service["autoscaling"], service["disk"], service["num_instances"]
    if scaling.is_null:
        if not disk.is_null and fixed > 1:
            yield _beside_disk(fixed, disk)
        elif disk.is_null and is_required:
            yield Violation("autoscaling is not set", at=scaling)
    elif scaling["enabled"] == False:
        if disk.is_null and is_required:
            yield Violation("autoscaling is off", at=scaling["enabled"])
        elif not disk.is_null and fixed > 1:
            yield _beside_disk(fixed, disk)
    else:
        yield from _scaled(scaling, disk, most)
        if not fixed.is_null:
            yield Violation("a fixed number of instances stands beside autoscaling, which overrides it", at=fixed)


def _scaled(scaling: Attribute, disk: Attribute, most: int) -> Iterator[Violation]:
    violations = list(_bounds(scaling["min"], scaling["max"], most))
    yield from violations
    if not violations and not disk.is_null and scaling["max"] > 1:
        yield _beside_disk(scaling["max"], disk)
    if not violations and scaling["max"].is_known & (scaling["max"] > RENDER_MOST):
        yield Violation(f"max is above {RENDER_MOST}, more than Render runs", at=scaling["max"])
    criteria = scaling["criteria"]
    measured = [c for c in (criteria["cpu"], criteria["memory"]) if not c.is_null]
    if measured and all(c["enabled"].is_known & (c["enabled"] == False) for c in measured):
        yield Violation("no criterion is enabled, so nothing scales", at=criteria)


def _bounds(least: Attribute, greatest: Attribute, most: int) -> Iterator[Violation]:
    if least.is_null:
        yield Violation("there is no least number of instances", at=least)
    elif least < 1:
        yield Violation(f"{_name(least)} is below 1", at=least)
    elif greatest.is_null:
        yield Violation("there is no greatest number of instances", at=greatest)
    elif least > greatest:
        yield Violation(f"{_name(least)} is above {_name(greatest)}", at=least, also=((_name(greatest), greatest.at),))
    elif most and greatest > most:
        yield Violation(f"{_name(greatest)} is above {most}, the limit that is set for it", at=greatest)


def _beside_disk(count: Attribute, disk: Attribute) -> Violation:
    return Violation(
        f"{_name(count)} allows more than one instance, but a disk belongs to one",
        at=count,
        also=(("the disk", disk.at),),
    )


def _name(attribute: Attribute) -> str:
    return attribute.path.rpartition(".")[2]
