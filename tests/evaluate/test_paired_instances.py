"""Symbolic instances over one unknown collection are joined in pairs, by the same element only."""

from pathlib import Path

import pytest
from tests.support.scans import write_files

from iacpolicy.graph.joins import arms_of, joins_of, key_of
from iacpolicy.graph.nodes import Node
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import prepare

MAIN = """variable "a" {{
  type = list(string)
}}
variable "b" {{
  type = list(string)
}}
resource "aws_s3_bucket" "this" {{
  count  = length(var.a)
  bucket = var.a[count.index]
}}
resource "aws_s3_bucket_versioning" "this" {{
  count  = length(var.a)
  bucket = {bucket}
  versioning_configuration {{
    status = "Enabled"
  }}
}}
"""


def _joined(tmp_path: Path, bucket: str) -> list[str]:
    """Return the addresses of the buckets that the versioning is joined with."""
    write_files(tmp_path, {"main.tf": MAIN.format(bucket=bucket)})
    graph = prepare(Request(tmp_path, ("",), checkov="off")).graphs[0]
    joins = joins_of(graph)
    versioning: Node = next(iter(graph.of("aws_s3_bucket_versioning")))
    value = joins.value(versioning, "bucket")
    named = joins.by_identity("aws_s3_bucket")
    keys = frozenset(key for arm in arms_of(value) if (key := key_of(arm)) is not None)
    return [node.address for node in named.candidates(keys)]


@pytest.mark.parametrize(
    ("bucket", "expected"),
    [
        ("var.a[count.index]", ["aws_s3_bucket.this[*]"]),
        ("aws_s3_bucket.this[count.index].id", ["aws_s3_bucket.this[*]"]),
        ("var.b[count.index]", []),
    ],
)
def test_elements_of_two_variables_are_not_joined(tmp_path: Path, bucket: str, expected: list[str]) -> None:
    """The same index in the same variable is one name; in two variables these are two names."""
    assert _joined(tmp_path, bucket) == expected
