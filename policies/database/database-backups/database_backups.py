"""A database without backups is lost with its disk, or with one wrong statement."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Option, Resource, Severity, Violation

META = Meta(
    id="database-backups",
    title="Database has no backups",
    severity=Severity.HIGH,
    on=("supabase_project", "render_postgres", "aws_db_instance", "aws_rds_cluster"),
    why=(
        "Free databases of Render and Supabase have no backups, and Render deletes them when their time is up; RDS "
        "keeps none where the retention period is 0, and drops the last snapshot with the instance where it is told to."
    ),
    fix=(
        "Choose a paid plan (on Supabase an `instance_size` other than `nano`), set `backup_retention_period` to the "
        "days that a mistake may stay unnoticed, and leave `skip_final_snapshot` at false."
    ),
    references=(
        "https://supabase.com/docs/guides/platform/backups",
        "https://render.com/docs/postgresql-backups",
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
    ),
    options=(Option("days", 7, "The fewest days for which automated backups are kept."),),
)


def check(database: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """On Render and Supabase the plan decides, on RDS the retention period."""
    if database.type == "render_postgres":
        if database["plan"] == "free":
            yield Violation("a free database has no backups and is deleted after a while", at=database["plan"])
    elif database.type == "supabase_project":
        if database["instance_size"] == "nano":
            yield Violation("a free project has no backups", at=database["instance_size"])
    else:
        yield from _rds(database, options["days"])


def _rds(database: Resource, days: int) -> Iterator[Violation]:
    replica = "replicate_source_db" if database.type == "aws_db_instance" else "replication_source_identifier"
    if not database[replica].is_null:
        return
    retention = database["backup_retention_period"]
    if retention.is_null:
        cluster = database.type == "aws_rds_cluster"  # equivalent: words
        default = "backups are kept for one day" if cluster else "no backups are kept"  # equivalent: words
        yield Violation(f"backup_retention_period is not set, so {default}", at=retention)
    elif retention == 0:  # equivalent: words
        yield Violation("backup_retention_period is 0, so no backups are kept", at=retention)
    elif retention < days:
        yield Violation(f"backups are kept for less than {days} days", at=retention)
    if database["skip_final_snapshot"] == True:
        yield Violation("it is deleted without a last snapshot", at=database["skip_final_snapshot"])
