"""The fixtures of the policies for secrets."""

from pathlib import Path

import pytest
from tests.support.expectations import assert_as_expected

POLICIES = Path(__file__).parents[2] / "policies/secrets"


@pytest.mark.parametrize("name", ["pass.tf", "fail.tf"])
@pytest.mark.parametrize("policy", ["plaintext-secret", "secret-default"])
def test_fixtures_of_policy(policy: str, name: str, tmp_path: Path) -> None:
    """`fail.tf` has findings at exactly the marked lines, and `pass.tf` has none."""
    (tmp_path / name).write_text((POLICIES / policy / name).read_text(encoding="utf-8"), encoding="utf-8")
    report = assert_as_expected(tmp_path, policy)
    assert bool(report.findings) is (name == "fail.tf")
