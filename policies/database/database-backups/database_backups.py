"""Databases without backups, or with backups that are kept too briefly."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Option, Resource, Severity, Violation

# The remediation by product.
RENDER = "Choose a paid `plan`."
SUPABASE = "Move the organization to a paid plan, and set `instance_size` to `micro` or larger."
RDS_PERIOD = "Set `backup_retention_period` to {} or more."
RDS_SNAPSHOT = "Set `skip_final_snapshot = false`, and name the snapshot in `final_snapshot_identifier`."

META = Meta(
    id="database-backups",
    title="Database has no backups, or keeps them too briefly",
    severity=Severity.HIGH,
    on=("supabase_project", "render_postgres", "aws_db_instance", "aws_rds_cluster"),
    why=(
        "Without backups, a failed disk or one wrong statement destroys the data for good. Free databases of Render "
        "and Supabase have none. RDS keeps none where the retention period is 0."
    ),
    fix=f"Render: {RENDER} Supabase: {SUPABASE} RDS: {RDS_PERIOD.format('`days`')} {RDS_SNAPSHOT}",
    references=(
        "https://supabase.com/docs/guides/platform/backups",
        "https://render.com/docs/postgresql-backups",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
    ),
    options=(Option("days", 7, "The minimum number of days for which automated backups are kept."),),
)


def check(database: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Check the plan on Render and Supabase, and the retention period on RDS."""
    if database.type == "render_postgres":
        if database["plan"] == "free":
            yield Violation(
                "plan is free: the database has no backups and is deleted when the free period ends",
                at=database["plan"],
                fix=RENDER,
            )
    elif database.type == "supabase_project":
        if database["instance_size"] == "nano":
            yield Violation(
                "instance_size is nano: a free project has no backups", at=database["instance_size"], fix=SUPABASE
            )
    else:
        yield from _rds(database, options["days"])


def _rds(database: Resource, days: int) -> Iterator[Violation]:
    replica = "replicate_source_db" if database.type == "aws_db_instance" else "replication_source_identifier"
    if not database[replica].is_null:
        return
    retention, period = database["backup_retention_period"], RDS_PERIOD.format(days)
    if retention.is_null:
        cluster = database.type == "aws_rds_cluster"  # equivalent: wording
        default = "backups are kept for only one day" if cluster else "no backups are kept"  # equivalent: wording
        yield Violation(f"backup_retention_period is not set, so {default}", at=retention, fix=period)
    elif retention == 0:  # equivalent: wording
        yield Violation("backup_retention_period is 0, so no backups are kept", at=retention, fix=period)
    elif retention < days:
        yield Violation(
            f"backup_retention_period keeps backups for less than {days} days",
            at=retention,
            fix=period,
        )
    if database["skip_final_snapshot"] == True:
        yield Violation(
            "skip_final_snapshot is true, so deleting the database also deletes its data for good",
            at=database["skip_final_snapshot"],
            fix=RDS_SNAPSHOT,
        )
