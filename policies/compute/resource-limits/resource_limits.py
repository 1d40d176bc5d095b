"""Services, databases and containers without an explicit size for CPU and memory."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation

RENDER_SERVICES = (
    "render_web_service",
    "render_private_service",
    "render_background_worker",
    "render_cron_job",
)
# The argument that sets CPU and memory, by type, and the option that lists its allowed values.
SIZES = {
    **dict.fromkeys(RENDER_SERVICES, ("plan", "plans")),
    "render_postgres": ("plan", "datastore_plans"),
    "render_keyvalue": ("plan", "datastore_plans"),
    "render_redis": ("plan", "datastore_plans"),
    "supabase_project": ("instance_size", "instance_sizes"),
    "aws_instance": ("instance_type", "instance_types"),
    "aws_db_instance": ("instance_class", "instance_types"),
    "aws_rds_cluster_instance": ("instance_class", "instance_types"),
    "aws_elasticache_cluster": ("node_type", "instance_types"),
    "aws_elasticache_replication_group": ("node_type", "instance_types"),
}
# Arguments that name another resource from which the size is inherited.
INHERITED = {
    "aws_instance": ("launch_template",),
    "aws_db_instance": ("replicate_source_db",),
    "aws_elasticache_cluster": ("replication_group_id",),
    "aws_elasticache_replication_group": ("global_replication_group_id",),
}

# The remediation by defect.
SIZE = "Set `{}` explicitly, even to the provider's default."
ALLOWED = "Set `{}` to one of: {}."
ECS = "Give the task `cpu` and `memory`, or give each container `cpu` and `memory` (or `memoryReservation`)."

META = Meta(
    id="resource-limits",
    title="CPU and memory are not set",
    severity=Severity.MEDIUM,
    on=(*SIZES, "aws_ecs_task_definition"),
    why=(
        "Without an explicit size, the provider chooses one: too small under load, or among the most expensive. A "
        "container without limits uses its neighbours' memory until one of them is killed."
    ),
    fix=(
        "Set the plan, size or instance class of every service and datastore, even where it equals the provider's "
        f"default. ECS: {ECS}"
    ),
    references=(
        "https://render.com/docs/web-services",
        "https://supabase.com/docs/guides/platform/compute-and-disk",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
    ),
    options=(
        Option("plans", [], "The plans that a Render service may have; an empty list allows all."),
        Option("datastore_plans", [], "The plans that a Render datastore may have; an empty list allows all."),
        Option("instance_sizes", [], "The compute sizes that a Supabase project may have; an empty list allows all."),
        Option("instance_types", [], "The AWS instance types and classes that may be used; an empty list allows all."),
    ),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """A size that only the provider's default supplies counts as not set."""
    if resource.type == "aws_ecs_task_definition":
        yield from _task(resource)
        return
    argument, option = SIZES[resource.type]
    size, allowed = resource[argument], options[option]
    if size.is_null:
        if all(resource[name].is_null for name in INHERITED.get(resource.type, ())):
            yield Violation(f"{argument} is not set", at=size, fix=SIZE.format(argument))
    elif allowed and not size.is_one_of(allowed):
        yield Violation(
            f"{argument} is not one of the allowed values: {', '.join(allowed)}",
            at=size,
            fix=ALLOWED.format(argument, ", ".join(allowed)),
        )


def _task(task: Resource) -> Iterator[Violation]:
    """Limits of the task apply to all of its containers; without them each container needs its own."""
    if not task["cpu"].is_null and not task["memory"].is_null:
        return
    definitions = task["container_definitions"]
    without = [str(container["name"]) for container in definitions.json if not _is_limited(container)]
    if without:
        yield Violation(
            f"no cpu and memory for the container {', '.join(without)}, and none for the task", at=definitions, fix=ECS
        )


def _is_limited(container: Attribute) -> bool:
    has_memory = _is_set(container["memory"]) or _is_set(container["memoryReservation"])
    return _is_set(container["cpu"]) and has_memory


def _is_set(limit: Attribute) -> bool:
    """Return whether a container's limit is set; 0 is no limit, and an unknown value is one."""
    if limit.is_null:
        return False
    return not (limit.is_known & (limit == 0))
