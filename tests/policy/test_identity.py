"""Unknown ids in policies: equal for one resource, different for two."""

from pathlib import Path

from tests.support.scans import report_of, write_policy

MAIN = """
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_vpc" "b" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "one" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_subnet" "two" {
  vpc_id     = local.same
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "other" {
  vpc_id     = aws_vpc.b.id
  cidr_block = "10.1.0.0/24"
}

locals {
  same = aws_vpc.a.id
}
"""
CHECK = """
for subnet in graph.of("aws_subnet"):
    if subnet != resource and subnet["vpc_id"] == resource["vpc_id"]:
        yield Violation(f"shares its network with {subnet.name}", at=resource["vpc_id"])
"""


def test_ids_of_different_resources_differ(tmp_path: Path) -> None:
    """Ids are compared through locals too, and the result is certain."""
    policies = write_policy(tmp_path / "policies", "shared-network", "aws_subnet", CHECK)
    report = report_of(tmp_path / "repo", {"main.tf": MAIN}, policy_dirs=(policies,), wanted=("shared-network",))
    assert not report.undecided
    assert [(f.address, f.message) for f in report.findings] == [
        ("aws_subnet.one", "shares its network with two"),
        ("aws_subnet.two", "shares its network with one"),
    ]
