"""Values that the provider's schema refuses occur in no possible world."""

from pathlib import Path

import pytest
from tests.support.scans import report_of, write_policy

from iacpolicy.engine.findings import Finding

CHECK = """
if resource["region"].is_one_of(["frankfurt", "ohio", "oregon", "singapore"]):
    return
yield Violation("far away", at=resource["region"])
"""
SERVICE = """variable "region" {
  type = string
}

variable "e" {
  type = bool
}

resource "render_web_service" "a" {
%s  name   = "a"
  plan   = "starter"
  region = %s
  runtime_source = {
    image = { image_url = "x", tag = "1" }
  }
}

resource "terraform_data" "b" {
  input = var.region == "mars" && var.e ? 0 : 1
}
"""


def _findings(root: Path, on: str, check: str, count: str, region: str) -> tuple[Finding, ...]:
    policies = write_policy(root / "policies", "own", on, check)
    report = report_of(root / "repo", {"main.tf": SERVICE % (count, region)}, policy_dirs=(policies,), wanted=("own",))
    assert report.undecided == ()
    return report.findings


def test_the_remaining_values_are_the_condition(tmp_path: Path) -> None:
    """If one of five allowed regions violates the policy, that region is the condition."""
    (finding,) = _findings(tmp_path, "render_web_service", CHECK, "", "var.region")
    assert finding.condition is not None
    assert finding.certainty == "possible"


@pytest.mark.parametrize(
    ("count", "region", "found"),
    [
        ("", "var.region", 0),
        ("", 'var.e ? var.region : "oregon"', 0),
        ("", 'var.e ? "oregon" : var.region', 1),
        ("  count = var.e ? 1 : 0\n", "var.region", 0),
        ("  count = var.e ? 0 : 1\n", "var.region", 1),
        ("", '"oregon"', 1),
    ],
)
def test_another_resource_restricts_the_variable(tmp_path: Path, count: str, region: str, found: int) -> None:
    """A variable cannot have a value that another resource refuses, in the cells where that resource exists."""
    check = 'if resource["input"] == 0:\n    yield Violation("zero", at=resource["input"])'
    assert len(_findings(tmp_path, "terraform_data", check, count, region)) == found
