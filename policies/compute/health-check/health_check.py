"""Services that take requests without a health check of the application."""

from collections.abc import Iterator

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation, linear_regex

TARGET_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")
# Resource types that attach an Auto Scaling group to a load balancer from outside the group.
TASK = "aws_ecs_task_definition"
ATTACHMENTS = ("aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment")

# The remediation by resource.
RENDER = "Set `health_check_path` to a path that answers when the service works."
TARGET_GROUP = "Remove `enabled = false` from `health_check`."
AUTOSCALING_GROUP = 'Set `health_check_type = "ELB"`.'
ECS = "Give a container of the task a `healthCheck`, or attach the service to a load balancer."

META = Meta(
    id="health-check",
    title="Service that takes requests has no health check",
    severity=Severity.MEDIUM,
    on=("render_web_service", *TARGET_GROUPS, "aws_autoscaling_group", "aws_ecs_service"),
    why=(
        "Without a health check, the platform only sees that a port is open. A broken release replaces a working "
        "one. A hanging instance keeps receiving requests that it never answers."
    ),
    fix=(
        f"Render: {RENDER} Target group: {TARGET_GROUP} Auto Scaling group behind a load balancer: {AUTOSCALING_GROUP} "
        f"ECS service: {ECS}"
    ),
    references=(
        "https://render.com/docs/health-checks",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
        "https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html",
    ),
)


def check(service: Resource, graph: Graph) -> Iterator[Violation]:
    """Only web services of Render have a health check; a target group has one unless it is disabled."""
    match service.type:
        case "render_web_service":
            yield from _check_path(service["health_check_path"])
        case "aws_lb_target_group" | "aws_alb_target_group":
            switch = service["health_check"]["enabled"]
            if switch == False:
                yield Violation(
                    "health_check.enabled is false, so the target group checks nothing", at=switch, fix=TARGET_GROUP
                )
        case "aws_autoscaling_group":
            kind = service["health_check_type"]
            if _is_balanced(service, graph) and not kind.test(_uses_balancer_check, "names ELB"):
                yield Violation(
                    "health_check_type is not ELB, so the load balancer's health check is ignored",
                    at=kind,
                    fix=AUTOSCALING_GROUP,
                )
        case _:
            yield from _containers(service, graph)


def _check_path(path: Attribute) -> Iterator[Violation]:
    if path.is_null:
        yield Violation("health_check_path is not set, so any open port counts as healthy", at=path, fix=RENDER)
    elif path == "":
        yield Violation("health_check_path is empty, so any open port counts as healthy", at=path, fix=RENDER)


def _uses_balancer_check(kinds: str) -> bool:
    """Return whether a comma-separated list of check types contains the load balancer's or VPC Lattice's."""
    return linear_regex(r"(?i)\b(ELB|VPC_LATTICE)\b").search(kinds) is not None


def _is_balanced(group: Resource, graph: Graph) -> bool:
    lists = (group["target_group_arns"], group["load_balancers"])
    return (
        not group["traffic_source"].is_absent
        or any(not a.is_null and not _is_empty(a) for a in lists)
        or any(True for type_ in ATTACHMENTS for _ in graph.naming(group, type_, "autoscaling_group_name"))
    )


def _is_empty(attribute: Attribute) -> bool:
    return bool(attribute.is_known) and len(attribute) == 0


def _containers(service: Resource, graph: Graph) -> Iterator[Violation]:
    """Report an ECS service without a load balancer that listens, when no container has a `healthCheck`."""
    if not service["load_balancer"].is_absent:
        return
    named = list(graph.named(service["task_definition"], TASK))
    for task in named or [r for r in graph.references(service) if r.type == TASK]:
        containers = list(task["container_definitions"].json)
        listening = [c for c in containers if not c["portMappings"].is_null and not _is_empty(c["portMappings"])]
        if listening and all(c["healthCheck"].is_null for c in containers):
            names = ", ".join(str(c["name"]) for c in listening)
            yield Violation(
                f"no load balancer and no healthCheck checks the container {names}",
                at=service,
                also=(("the task", task.at),),
                fix=ECS,
            )
