"""The files that `iacpolicy new policy` writes: a working check with fixtures."""

import re
from collections.abc import Mapping

from iacpolicy.policy.loading.policy import module_name

NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
MAX_NAME = 60

_PYTHON = '''"""A bucket without an owner stays in the account without maintenance."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Option, Resource, Severity, Violation

META = Meta(
    id="ID",
    title="Bucket has no owner",
    severity=Severity.MEDIUM,
    on=("aws_s3_bucket",),
    why="An incident takes longer if the owner of the bucket is unknown.",
    fix="Write the team that owns the bucket into its tag `Owner`.",
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html",),
    options=(Option("tag", "Owner", "The tag that names the owner."),),
)


def check(bucket: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """An absent attribute has the place of the block's header; any other has its own line."""
    tags, tag = bucket["tags"], options["tag"]
    if not tags.contains(tag):
        yield Violation(f"there is no tag {tag}", at=tags)
    elif tags[tag] == "":
        yield Violation(f"the tag {tag} is empty", at=tags[tag])
'''

_YAML = """title: Bucket has no owner
severity: medium
on: [aws_s3_bucket]
why: An incident takes longer if the owner of the bucket is unknown.
fix: Write the team that owns the bucket into its tag `Owner`.
references:
  - https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html
options:
  tag:
    default: Owner
    description: The tag that names the owner.

require:
  - attribute: tags
    contains: { option: tag }
    message: there is no tag that names the owner

forbid:
  - attribute: tags.Owner
    equals: ""
    message: the tag Owner is empty
"""

_FAILING = """# A comment marks the line of each finding: `expect` for a certain finding, `expect-possible` for one that
# depends on an input. A line without a mark must not have a finding.
variable "owner" {
  type = string
}

resource "aws_s3_bucket" "without_tags" { # expect: ID
  bucket = "without-tags"
}

resource "aws_s3_bucket" "without_owner" {
  bucket = "without-owner"
  tags   = { Environment = "production" } # expect: ID
}

resource "aws_s3_bucket" "empty_owner" {
  bucket = "empty-owner"
  tags = {
    Owner = "" # expect: ID
  }
}

resource "aws_s3_bucket" "as_given" {
  bucket = "as-given"
  tags   = { Owner = var.owner } # expect-possible: ID
}
"""

_PASSING = """# Configurations without a violation, including edge cases.
resource "aws_s3_bucket" "owned" {
  bucket = "owned"
  tags   = { Owner = "payments" }
}

resource "aws_s3_bucket" "not_created" {
  count  = 0
  bucket = "not-created"
}
"""


def new_policy(policy_id: str, *, in_yaml: bool) -> Mapping[str, str]:
    """Return the texts of the files of a policy by file name."""
    policy = {"policy.yaml": _YAML} if in_yaml else {f"{module_name(policy_id)}.py": _PYTHON}
    files = {**policy, "fail.tf": _FAILING, "pass.tf": _PASSING}
    return {name: re.sub(r"\bID\b", policy_id, text) for name, text in files.items()}


def refused_name(name: str) -> str | None:
    """Return why a name is not valid for a policy or domain, None if it is valid."""
    if len(name) > MAX_NAME:
        return f"it has more than {MAX_NAME} characters"
    return None if NAME.match(name) else "write it in kebab case, such as `bucket-owner`"
