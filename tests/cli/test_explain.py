"""`iacpolicy explain` shows a failing and a passing example, for fixtures in files and in folders."""

from pathlib import Path

import pytest
from tests.support.commands import Runner

POLICIES = Path(__file__).parents[2] / "policies"
IDS = sorted(p.parent.name for d in POLICIES.iterdir() if d.name != "checkov" for p in d.glob("*/*.py"))


@pytest.mark.parametrize("policy", IDS)
def test_examples_are_shown(
    policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each policy of the catalogue has both examples, from a fixture file or the first file of a folder."""
    told = Runner(tmp_path, monkeypatch, capsys)("explain", policy).out
    assert "Example with a violation (fail" in told
    assert "Example without a violation (pass" in told
