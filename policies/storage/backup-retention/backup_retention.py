"""Buckets and plans that keep backups for too short a time."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation, linear_regex
from iacpolicy.policy.library.custom_endpoints import has_custom_endpoint
from iacpolicy.policy.library.uninstalled_modules import check_uninstalled_modules

LOCK = "aws_s3_bucket_object_lock_configuration"
LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"

# The remediation by resource.
BUCKET = (
    "Add an `aws_s3_bucket_object_lock_configuration` with a `default_retention` of {} days or more, or a lifecycle "
    "rule that keeps objects and their old versions that long."
)
TIME = "Set `{}` to {} or more."

META = Meta(
    id="backup-retention",
    title="Backups are not kept long enough",
    severity=Severity.HIGH,
    on=("aws_s3_bucket", "aws_backup_plan"),
    why=(
        "An attacker, or a mistake, that deletes the data often deletes the backups too. Many losses are noticed "
        "only days later. Only a retention that the storage itself enforces keeps the backups until then."
    ),
    fix=BUCKET.format("`min_days`") + " In an `aws_backup_plan`, raise `delete_after`.",
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_object_lock_configuration",
    ),
    options=(
        Option("min_days", 7, "The minimum number of days for which a backup must be kept."),
        Option(
            "buckets",
            r'(^|[-_./"])(db-?)?(backups?|dumps?|snapshots?)([-_./"]|$)',
            "A regular expression that recognises backup buckets by their name or by the name of their resource.",
        ),
        Option(
            "others",
            r'(^|[-_./"])(access-?)?logs?([-_./"]|$)',
            "A regular expression for buckets without backups that `buckets` matches.",
        ),
    ),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Report too short a time where it is written, and a missing retention at the bucket."""
    minimum = options["min_days"]
    if resource.type == "aws_backup_plan":
        for rule in resource["rule"]:
            yield from _too_short(rule["lifecycle"]["delete_after"], minimum)
    elif _holds_backups(resource, options) and not has_custom_endpoint(resource, graph, "s3"):
        times = [*_locks(resource, graph), *_lifecycle(resource, graph, options["buckets"])]
        if not times:
            check_uninstalled_modules(resource, graph, "its lifecycle or lock")
            yield Violation(
                "the backup bucket has neither an object lock nor a lifecycle rule",
                at=resource,
                fix=BUCKET.format(minimum),
            )
        for time, in_days in times:
            yield from _too_short(time, minimum if in_days else 1)


def _too_short(time: Attribute, minimum: int) -> Iterator[Violation]:
    if time < minimum:
        yield Violation(
            f"backups are kept for less than {minimum} days",
            at=time,
            fix=TIME.format(time.path.rpartition(".")[2], minimum),
        )


def _holds_backups(bucket: Resource, options: Mapping[str, Any]) -> bool:
    texts = [bucket.address, *(str(bucket[n]) for n in ("bucket", "bucket_prefix") if not bucket[n].is_null)]
    return _matches(options["buckets"], texts) and not _matches(options["others"], texts)


def _matches(pattern: str, texts: list[str]) -> bool:
    return any(linear_regex(f"(?i){pattern}").search(text) is not None for text in texts)


def _locks(bucket: Resource, graph: Graph) -> Iterator[tuple[Attribute, bool]]:
    """Yield each default retention of object lock, with whether it is in days; also the form of provider version 3."""
    locks: tuple[Attribute | Resource, ...] = (
        bucket["object_lock_configuration"],
        *graph.naming(bucket, LOCK, "bucket"),
    )
    for lock in locks:
        retention = lock["rule"]["default_retention"]
        for unit in ("days", "years"):
            if not retention[unit].is_null:
                yield retention[unit], unit == "days"


def _lifecycle(bucket: Resource, graph: Graph, pattern: str) -> Iterator[tuple[Attribute, bool]]:
    """Yield the times after which lifecycle rules that cover the backups delete them or their old versions."""
    for rule in bucket["lifecycle_rule"]:
        if rule["enabled"] == True and rule["tags"].is_null:
            yield from _times(rule, rule["prefix"], "days", pattern)
    for lifecycle in graph.naming(bucket, LIFECYCLE, "bucket"):
        for rule in lifecycle["rule"]:
            filter_ = rule["filter"]
            is_for_all = filter_["tag"].is_absent and filter_["and"].is_absent
            if is_for_all and rule["status"] == "Enabled":
                prefix = rule["prefix"] if filter_["prefix"].is_null else filter_["prefix"]
                yield from _times(rule, prefix, "noncurrent_days", pattern)


def _times(rule: Attribute, prefix: Attribute, old: str, pattern: str) -> Iterator[tuple[Attribute, bool]]:
    if bool(prefix.is_null | (prefix == "")) or _matches(pattern, [str(prefix)]):
        for time in (rule["expiration"]["days"], rule["noncurrent_version_expiration"][old]):
            if not time.is_null:
                yield time, True
