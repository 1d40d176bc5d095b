"""Buckets whose encryption uses no KMS key, ignores the named key, or uses a disabled one."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.uninstalled_modules import check_uninstalled_modules

CONFIGURATION = "aws_s3_bucket_server_side_encryption_configuration"
BY_KMS = ("aws:kms", "aws:kms:dsse")

# The remediation by defect.
KMS_KEY = 'Set `sse_algorithm = "aws:kms"` together with `kms_master_key_id`.'
ADDED = f"Add an `{CONFIGURATION}` for the bucket. {KMS_KEY}"
UNUSED = 'Set `sse_algorithm = "aws:kms"`, or remove `kms_master_key_id`.'
DISABLED = "Set `is_enabled = true` on the key, or name another key."

META = Meta(
    id="bucket-encryption",
    title="Bucket is not encrypted with the intended key",
    severity=Severity.MEDIUM,
    on=("aws_s3_bucket", CONFIGURATION),
    why=(
        "By default, S3 encrypts with a key that opens for everyone who may read the object. A KMS key adds a second "
        "permission and a log of its use. A key that the algorithm ignores protects nothing, and a disabled key "
        "makes all objects unreadable."
    ),
    fix=f"{KMS_KEY} Keep the key enabled. Remove `kms_master_key_id` where no KMS key is intended.",
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_server_side_encryption_configuration",
    ),
    options=(Option("kms_key", False, "Whether every bucket must be encrypted with a KMS key."),),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """Pass a bucket without encryption settings unless the option `kms_key` is set."""
    rules = resource["rule" if resource.type == CONFIGURATION else "server_side_encryption_configuration"]
    if resource.type == "aws_s3_bucket":
        if options["kms_key"] and rules.is_absent and not any(graph.naming(resource, CONFIGURATION, "bucket")):
            check_uninstalled_modules(resource, graph, "its encryption")
            yield Violation("the bucket has no encryption with a KMS key", at=resource, fix=ADDED)
        rules = rules["rule"]
    for rule in rules:
        yield from _rule(rule["apply_server_side_encryption_by_default"], graph, options["kms_key"])


def _rule(default: Attribute, graph: Graph, is_required: bool) -> Iterator[Violation]:
    algorithm, key = default["sse_algorithm"], default["kms_master_key_id"]
    is_kms = algorithm.is_one_of(BY_KMS)
    if is_required and not is_kms:
        yield Violation("sse_algorithm is not aws:kms, so no KMS key encrypts the bucket", at=algorithm, fix=KMS_KEY)
    elif key.is_set and not is_kms:
        yield Violation(
            "kms_master_key_id names a key, but sse_algorithm is not aws:kms, so the key is not used",
            at=algorithm,
            also=(("key", key.at),),
            fix=UNUSED,
        )
    elif not key.is_null:
        for named in graph.named(key, "aws_kms_key"):
            if named["is_enabled"] == False:
                yield Violation(
                    "kms_master_key_id names a disabled key",
                    at=key,
                    also=(("disabled", named["is_enabled"].at),),
                    fix=DISABLED,
                )
