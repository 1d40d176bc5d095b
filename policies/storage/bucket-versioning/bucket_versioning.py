"""Without versions, what is overwritten or deleted in a bucket is gone."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.elsewhere import ask_modules
from iacpolicy.policy.library.endpoints import is_sent_elsewhere

META = Meta(
    id="bucket-versioning",
    title="A bucket keeps no versions of its objects",
    severity=Severity.MEDIUM,
    on=("aws_s3_bucket", "aws_s3_bucket_versioning"),
    why=(
        "A wrong deploy, a careless script or somebody with a stolen key overwrites and deletes objects for good. With "
        "versioning the old ones are still there, and object lock and replication need it."
    ),
    fix=(
        'Add an `aws_s3_bucket_versioning` for the bucket, with `status = "Enabled"`, and a lifecycle rule that lets '
        "old versions go after a while."
    ),
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_versioning",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """What is missing is said at the bucket, what is written and wrong where it is written."""
    if is_sent_elsewhere(resource, graph, "s3"):
        return
    if resource.type == "aws_s3_bucket_versioning":
        status = resource["versioning_configuration"]["status"]
        if not status == "Enabled":
            yield Violation("versioning is not enabled", at=status)
    elif not resource["versioning"].is_absent:
        enabled = resource["versioning"]["enabled"]
        if not enabled == True:
            yield Violation("versioning is off", at=enabled)
    elif not _is_locked(resource) and not any(graph.naming(resource, "aws_s3_bucket_versioning", "bucket")):
        ask_modules(resource, graph, "its versioning")
        yield Violation("no aws_s3_bucket_versioning belongs to the bucket", at=resource)


def _is_locked(bucket: Resource) -> bool:
    """Object lock turns versioning on: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"""
    inline = bucket["object_lock_configuration"]
    return bool((bucket["object_lock_enabled"] == True) | (inline["object_lock_enabled"] == "Enabled"))
