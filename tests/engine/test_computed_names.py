"""Names that providers compute are never null, and findings of a root module name the resource at their place."""

from pathlib import Path

from tests.support.scans import report_of, write_policy

MAIN = """resource "aws_kms_key" "key" {
  description = "Files"
}

locals {
  algorithm = aws_kms_key.key.arn == null ? "AES256" : "aws:kms"
  tags      = aws_kms_key.key.tags_all == null ? "none" : "some"
}

resource "terraform_data" "by_arn" {
  input = local.algorithm
}

resource "terraform_data" "by_tags" {
  input = local.tags
}

data "aws_vpc" "shared" {
  id = "vpc-0a1b2c3d"
}

resource "terraform_data" "by_data" {
  input = cidrsubnet(data.aws_vpc.shared.cidr_block, 4, 1)
}
"""


def test_an_arn_is_never_null(tmp_path: Path) -> None:
    """A condition on the ARN of a resource is decided, and one on its other attributes is not."""
    policies = write_policy(
        tmp_path / "policies",
        "never-plain",
        "terraform_data",
        'if resource["input"].is_one_of(("AES256", "none")):\n    yield Violation("plain", at=resource["input"])',
    )
    report = report_of(tmp_path / "repository", {"main.tf": MAIN}, policy_dirs=(policies,), wanted=("never-plain",))
    assert report.findings == ()
    assert [u.address for u in report.undecided] == ["terraform_data.by_tags", "terraform_data.by_data"]


def test_an_argument_of_a_data_source_is_read_too(tmp_path: Path) -> None:
    """`cidr_block` of a network that is looked up by its id comes from the provider and is not null."""
    report = report_of(tmp_path, {"main.tf": MAIN}, wanted=("variable-untyped",))
    assert report.diagnostics == ()


def test_a_finding_of_a_root_names_its_resource(tmp_path: Path) -> None:
    """A policy on the root module reports the resource that contains the attribute of the finding."""
    policies = write_policy(
        tmp_path / "policies",
        "whole-root",
        "root",
        'for data in graph.of("terraform_data"):\n    yield Violation("here", at=data["input"])\n'
        'yield Violation("and here", at=resource)',
    )
    report = report_of(tmp_path / "repository", {"main.tf": MAIN}, policy_dirs=(policies,), wanted=("whole-root",))
    assert [(f.address, f.attribute) for f in report.findings] == [
        (".", None),
        ("terraform_data.by_arn", "input"),
        ("terraform_data.by_tags", "input"),
        ("terraform_data.by_data", "input"),
    ]


def test_names_of_meta_arguments_inside_blocks(tmp_path: Path) -> None:
    """`lifecycle` and `count` in a nested block, and `version` in a resource, are ordinary names."""
    plan = """resource "aws_backup_plan" "p" {
  version = "1"

  lifecycle {
    prevent_destroy = true
  }

  rule {
    count = 2

    lifecycle {
      delete_after = 3
    }
  }
}

resource "terraform_data" "d" {
  input = [
    aws_backup_plan.p.version,
    aws_backup_plan.p.rule[0].lifecycle[0].delete_after,
    aws_backup_plan.p.rule[0].count,
  ]
}
"""
    policies = write_policy(
        tmp_path / "policies",
        "whole-root",
        "terraform_data",
        "yield Violation(f\"{resource['input']}\", at=resource)",
    )
    report = report_of(tmp_path / "repository", {"main.tf": plan}, policy_dirs=(policies,), wanted=("whole-root",))
    assert [f.message for f in report.findings] == ['["1", 3, 2]']
