"""S3 encrypts by itself since 2023; what is left to get wrong is the key."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Attribute, Graph, Meta, Option, Resource, Severity, Violation
from iacpolicy.policy.library.elsewhere import ask_modules

CONFIGURATION = "aws_s3_bucket_server_side_encryption_configuration"
BY_KMS = ("aws:kms", "aws:kms:dsse")

META = Meta(
    id="bucket-encryption",
    title="A bucket is not encrypted with the key that it should be",
    severity=Severity.MEDIUM,
    on=("aws_s3_bucket", CONFIGURATION),
    why=(
        "S3 encrypts every object with a key of its own, which opens for whoever may read the object. A KMS key is a "
        "second lock with its own policy and its own log; named beside another algorithm it does nothing, and a key "
        "that is disabled makes every object unreadable."
    ),
    fix=(
        'Set `sse_algorithm = "aws:kms"` together with `kms_master_key_id`, and keep the key enabled. Where no KMS key '
        "is wanted, leave the key out."
    ),
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_server_side_encryption_configuration",
    ),
    options=(Option("kms_key", False, "Whether every bucket must be encrypted with a KMS key."),),
)


def check(resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """A bucket that says nothing passes unless a KMS key is asked for."""
    rules = resource["rule" if resource.type == CONFIGURATION else "server_side_encryption_configuration"]
    if resource.type == "aws_s3_bucket":
        if options["kms_key"] and rules.is_absent and not any(graph.naming(resource, CONFIGURATION, "bucket")):
            ask_modules(resource, graph, "its encryption")
            yield Violation("no KMS key encrypts the bucket", at=resource)
        rules = rules["rule"]
    for rule in rules:
        yield from _rule(rule["apply_server_side_encryption_by_default"], graph, options["kms_key"])


def _rule(default: Attribute, graph: Graph, is_required: bool) -> Iterator[Violation]:
    algorithm, key = default["sse_algorithm"], default["kms_master_key_id"]
    is_kms = algorithm.is_one_of(BY_KMS)
    if is_required and not is_kms:
        yield Violation("the bucket is not encrypted with a KMS key", at=algorithm)
    elif key.is_set and not is_kms:
        yield Violation("a KMS key is named, but the algorithm does not use it", at=algorithm, also=(("key", key.at),))
    elif not key.is_null:
        for named in graph.named(key, "aws_kms_key"):
            if named["is_enabled"] == False:
                yield Violation("the key is disabled", at=key, also=(("disabled", named["is_enabled"].at),))
