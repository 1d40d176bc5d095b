"""`iacpolicy explain` shows what violates a policy and what does not, wherever its fixtures lie."""

from pathlib import Path

import pytest
from tests.support.commands import Runner

POLICIES = Path(__file__).parents[2] / "policies"
IDS = sorted(p.parent.name for d in POLICIES.iterdir() if d.name != "checkov" for p in d.glob("*/*.py"))


@pytest.mark.parametrize("policy", IDS)
def test_examples_are_shown(
    policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each policy of the catalogue has an example of both kinds: a file of fixtures, or the first of a folder."""
    told = Runner(tmp_path, monkeypatch, capsys)("explain", policy).out
    assert "Example with a violation (fail" in told
    assert "Example without a violation (pass" in told
