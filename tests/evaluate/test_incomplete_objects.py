"""An object without a required attribute is an error, and its other attributes are judged."""

from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

SERVICE = """
resource "render_web_service" "this" {{
  name        = "shop"
  plan        = "starter"
  region      = "frankfurt"
  autoscaling = {autoscaling}
}}
"""


@pytest.mark.parametrize(
    ("autoscaling", "words", "code"),
    [
        ("{ enabled = true, min = 0, max = 3 }", "main.tf:6:35: high: autoscaling.min is below 1", 1),
        ("{ enabled = true, min = 2, max = 3 }", "0 findings", 3),
        ("{ enabled = true, max = 3 }", "main.tf:6:3: undecided: render_web_service.this", 3),
        ('{ enabled = true, min = "x", max = 3 }', "undecided: render_web_service.this", 3),
    ],
)
def test_written_attributes_are_judged(
    autoscaling: str,
    words: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The required `criteria` is missing in each case; `min` is judged if it is written, and open if not."""
    write_files(tmp_path, {"main.tf": SERVICE.format(autoscaling=autoscaling)})
    ran = Runner(tmp_path, monkeypatch, capsys)("scan", "--checkov", "off", "--policy", "autoscaling-bounds")
    assert ran.code == code, ran.out
    assert words in ran.out
    assert "error: Incorrect attribute value type" in ran.out
