"""A part of a wrong type affects only itself."""

from pathlib import Path

import pytest
from tests.support.scans import report_of

SERVICE = """resource "render_web_service" "a" {
  name   = "x"
  plan   = "starter"
  region = "oregon"
  runtime_source = {
    image = { image_url = "x", tag = "1" }
  }
  autoscaling = {
    enabled = %s
    min     = 0
    max     = %s
    criteria = {
      cpu    = { enabled = %s, percentage = 60 }
      memory = { enabled = true, percentage = 60 }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("true", "3", '"maybe"'), 'attribute "criteria": attribute "cpu": attribute "enabled": a bool is required'),
        (("true", '"many"', "true"), 'attribute "max": a number is required'),
        (("true", "[3]", "true"), 'attribute "max": '),
    ],
)
def test_valid_parts_are_judged(tmp_path: Path, parts: tuple[str, str, str], path: str) -> None:
    """The wrong part is an error at the attribute, and the defect in the next line is found."""
    report = report_of(tmp_path, {"main.tf": SERVICE % parts}, wanted=("autoscaling-bounds",))
    assert [(f.message, f.location.line) for f in report.findings] == [("autoscaling.min is below 1", 10)]
    (problem,) = [d for d in report.diagnostics if d.severity == "error"]
    assert path in problem.detail


def test_wrong_parts_are_undecided(tmp_path: Path) -> None:
    """If the wrong part decides, the result is undecided."""
    report = report_of(
        tmp_path, {"main.tf": SERVICE.replace("= 0", "= []") % ("true", "3", "true")}, wanted=("autoscaling-bounds",)
    )
    assert report.findings == ()
    assert ['attribute "min": ' in why.text for u in report.undecided for why in u.reasons] == [True]
