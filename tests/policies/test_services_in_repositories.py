"""The policies on health, redundancy and parity over the careless repository, the well-kept one, and our own."""

import shutil
from pathlib import Path

import pytest
from tests.policies.catalogue import REPOSITORY
from tests.policies.test_broken_infra import Break
from tests.support.expectations import assert_as_expected, scan_fixture

POLICIES = ("health-check", "production-redundancy")

BREAKS = {
    "no health check": Break(
        "health-check",
        "modules/compute/web.tf",
        '  root_directory    = "apps/api"\n  start_command     = "node dist/server.js"\n'
        '  health_check_path = "/healthz"\n',
        '  root_directory    = "apps/api"\n  start_command     = "node dist/server.js"\n',
        'resource "render_web_service" "api"',
    ),
    "one instance in production": Break(
        "production-redundancy",
        "env/production.tfvars",
        '    plan        = "pro"\n    min         = 3\n',
        '    plan        = "pro"\n    min         = 1\n',
        'min     = var.services["api"].min',
        "modules/compute/web.tf",
    ),
}


@pytest.mark.parametrize("policy_id", POLICIES)
def test_leaky(policy_id: str) -> None:
    """Every defect of the careless repository is found on its line, and nothing else is."""
    assert_as_expected(REPOSITORY / "fixtures/repos/leaky", policy_id)


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_nothing_is_found(folder: str) -> None:
    """The well-kept repository and our own infrastructure give no finding and no doubt."""
    report = scan_fixture(REPOSITORY / folder, *POLICIES)
    assert [(f.policy, str(f.location), f.message) for f in report.findings] == []
    assert [(u.policy, str(u.location)) for u in report.undecided] == []
    assert {p.policy for p in report.passed} == set(POLICIES)


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_broken_infra(change: Break, tmp_path: Path) -> None:
    """A copy of our infrastructure with one defect shows it, certain, on its line, and nothing else."""
    infra = Path(shutil.copytree(REPOSITORY / "infra", tmp_path / "infra"))
    change.apply(infra)
    report = scan_fixture(infra, change.policy)
    assert {(f.location.path, f.location.line) for f in report.findings} == {change.place(infra)}
    assert {(f.policy, str(f.certainty)) for f in report.findings} == {(change.policy, "certain")}
