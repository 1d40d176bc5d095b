"""Parts of production that run as a single instance."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.environments import PRODUCTION, is_production
from iacpolicy.policy.library.scaling import is_scaled

RENDER = ("render_web_service", "render_private_service", "render_background_worker")
# The switch that makes a datastore redundant, by type.
SWITCHES = {
    "render_postgres": "high_availability_enabled",
    "aws_db_instance": "multi_az",
    "aws_dms_replication_instance": "multi_az",
    "aws_elasticache_replication_group": "multi_az_enabled",
}
# The argument with the minimum number of instances, by type.
COUNTS = {
    "aws_autoscaling_group": "min_size",
    "aws_ecs_service": "desired_count",
}

# The remediation by defect.
SWITCH = "Set `{} = true`."
COUNT = "Set `{}` to 2 or more."
RENDER_DISK = (
    "Move the data from the `disk` to a datastore or bucket, since a disk allows one instance. Then set `{}` to 2."
)

META = Meta(
    id="production-redundancy",
    title="Production has a single point of failure",
    severity=Severity.HIGH,
    on=(*RENDER, *SWITCHES, *COUNTS, "aws_appautoscaling_target"),
    why=(
        "A single instance means an outage at every machine failure, zone failure and upgrade. In production, "
        "customers notice each one."
    ),
    fix=(
        "Run at least two instances: set `min`, `min_size`, `min_capacity`, `desired_count` or `num_instances` to 2 or "
        "more. Turn on the standby of datastores: `high_availability_enabled`, `multi_az` or `multi_az_enabled`."
    ),
    references=(
        "https://render.com/docs/scaling",
        "https://render.com/docs/postgresql-high-availability",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html",
    ),
    options=(PRODUCTION,),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """An absent argument counts as the provider's default: one instance and no standby."""
    if not is_production(graph.cell, options["production"]):
        return
    if resource.type in RENDER:
        yield from _service(resource)
    elif resource.type in SWITCHES:
        switch = resource[SWITCHES[resource.type]]
        if not _is_replica(resource) and ~(switch == True):
            yield Violation(
                f"{switch.path} is not true, so there is no standby", at=switch, fix=SWITCH.format(switch.path)
            )
    elif resource.type == "aws_appautoscaling_target":
        if resource["service_namespace"] == "ecs":
            yield from _too_few(resource["min_capacity"])
    elif resource.type == "aws_ecs_service":
        runs_everywhere = resource["scheduling_strategy"] == "DAEMON"
        if not runs_everywhere and not is_scaled(resource, graph):
            yield from _too_few(resource["desired_count"])
    else:
        yield from _too_few(resource[COUNTS[resource.type]])


def _service(service: Resource) -> Iterator[Violation]:
    scaling = service["autoscaling"]
    scales = not scaling.is_null and not scaling["enabled"] == False
    count = scaling["min"] if scales else service["num_instances"]
    yield from _too_few(count, COUNT if service["disk"].is_absent else RENDER_DISK)  # equivalent: wording


def _too_few(count: Attribute, fix: str = COUNT) -> Iterator[Violation]:
    if count.is_null:
        yield Violation(f"{count.path} is not set, so at most one instance runs", at=count, fix=fix.format(count.path))
    elif count < 2:
        yield Violation(f"{count.path} is below 2", at=count, fix=fix.format(count.path))


def _is_replica(database: Resource) -> bool:
    """Return whether the database is a replica: its source needs the standby."""
    return database.type == "aws_db_instance" and not database["replicate_source_db"].is_null
