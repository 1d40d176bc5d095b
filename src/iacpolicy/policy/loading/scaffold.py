"""The files of a new policy: one that works, with fixtures that prove it, for its author to change."""

import re
from collections.abc import Mapping

from iacpolicy.policy.loading.policy import module_name

NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
MAX_NAME = 60

_PYTHON = '''"""A bucket without an owner is one that nobody pays for, patches or deletes."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.policy.api import Graph, Meta, Option, Resource, Severity, Violation

META = Meta(
    id="ID",
    title="Bucket has no owner",
    severity=Severity.MEDIUM,
    on=("aws_s3_bucket",),
    why="When something is wrong with it, nobody knows whom to ask.",
    fix="Write the team that owns the bucket into its tag `Owner`.",
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html",),
    options=(Option("tag", "Owner", "The tag that names the owner."),),
)


def check(bucket: Resource, graph: Graph, options: Mapping[str, Any]) -> Iterator[Violation]:
    """An attribute that is absent stands at its block's header, one that is there at its own line."""
    tags, tag = bucket["tags"], options["tag"]
    if not tags.contains(tag):
        yield Violation(f"there is no tag {tag}", at=tags)
    elif tags[tag] == "":
        yield Violation(f"the tag {tag} is empty", at=tags[tag])
'''

_YAML = """title: Bucket has no owner
severity: medium
on: [aws_s3_bucket]
why: When something is wrong with it, nobody knows whom to ask.
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

_FAILING = """# A comment marks the line of a finding: `expect` for one that is certain, `expect-possible` for one
# that hangs on an input. Every finding must be marked, and nothing else.
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

_PASSING = """# What must not be found, the cases near the edge among it.
resource "aws_s3_bucket" "owned" {
  bucket = "owned"
  tags   = { Owner = "payments" }
}

resource "aws_s3_bucket" "nobody_makes" {
  count  = 0
  bucket = "nobody-makes"
}
"""


def new_policy(policy_id: str, *, in_yaml: bool) -> Mapping[str, str]:
    """The files of a policy by their names, in its folder."""
    policy = {"policy.yaml": _YAML} if in_yaml else {f"{module_name(policy_id)}.py": _PYTHON}
    files = {**policy, "fail.tf": _FAILING, "pass.tf": _PASSING}
    return {name: re.sub(r"\bID\b", policy_id, text) for name, text in files.items()}


def refused_name(name: str) -> str | None:
    """Why a name cannot be that of a policy or a domain; None where it can."""
    if len(name) > MAX_NAME:
        return f"it has more than {MAX_NAME} characters"
    return None if NAME.match(name) else "write it in kebab case, such as `bucket-owner`"
