"""Buckets without versioning."""

from collections.abc import Iterator

from iacpolicy.policy.api import Graph, Meta, Resource, Severity, Violation
from iacpolicy.policy.library.custom_endpoints import has_custom_endpoint
from iacpolicy.policy.library.uninstalled_modules import check_uninstalled_modules

# The remediation by the form in which versioning is written.
RESOURCE = 'Add an `aws_s3_bucket_versioning` for the bucket, with `status = "Enabled"`.'
STATUS = 'Set `status = "Enabled"`.'
INLINE = "Set `enabled = true`."

META = Meta(
    id="bucket-versioning",
    title="Bucket keeps no versions of its objects",
    severity=Severity.MEDIUM,
    on=("aws_s3_bucket", "aws_s3_bucket_versioning"),
    why=(
        "A wrong deployment, a faulty script or a stolen key can overwrite and delete objects for good. With "
        "versioning, the old objects can be restored."
    ),
    fix=f"{RESOURCE} Add a lifecycle rule that deletes old versions after some time.",
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_versioning",
    ),
)


def check(resource: Resource, graph: Graph) -> Iterator[Violation]:
    """Report missing versioning at the bucket, and disabled versioning where it is written."""
    if has_custom_endpoint(resource, graph, "s3"):
        return
    if resource.type == "aws_s3_bucket_versioning":
        status = resource["versioning_configuration"]["status"]
        if not status == "Enabled":
            yield Violation("status of the versioning is not Enabled", at=status, fix=STATUS)
    elif not resource["versioning"].is_absent:
        enabled = resource["versioning"]["enabled"]
        if not enabled == True:
            yield Violation("versioning.enabled is not true", at=enabled, fix=INLINE)
    elif not _is_locked(resource) and not any(graph.naming(resource, "aws_s3_bucket_versioning", "bucket")):
        check_uninstalled_modules(resource, graph, "its versioning")
        yield Violation("the bucket has no aws_s3_bucket_versioning", at=resource, fix=RESOURCE)


def _is_locked(bucket: Resource) -> bool:
    """Return whether object lock turns versioning on: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html"""
    inline = bucket["object_lock_configuration"]
    return bool((bucket["object_lock_enabled"] == True) | (inline["object_lock_enabled"] == "Enabled"))
