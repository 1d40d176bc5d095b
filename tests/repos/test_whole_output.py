"""The complete report of the repositories `leaky` and `clean`, and of the project's own `infra`."""

from pathlib import Path

import pytest
from tests.support import snapshots
from tests.support.expectations import results_of

from iacpolicy.core.tree import WorkTree
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.gate.report import Report
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.scan import scan
from iacpolicy.policy.testing.expectations import differences, read_expectations
from iacpolicy.report import FORMATS

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "expected"


def _report(folder: str) -> Report:
    report = scan(Request(ROOT / folder, ("",), checkov="off")).report
    assert report is not None
    return report


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("name", ["leaky", "clean"])
def test_the_report_is_as_recorded(name: str, format_: str) -> None:
    """The report equals the recorded one, byte for byte."""
    text = FORMATS[format_](_report(f"fixtures/repos/{name}"))
    snapshots.check(EXPECTED / f"{name}.{'txt' if format_ == 'text' else format_}", text)


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_clean_repositories_have_no_findings(folder: str) -> None:
    """The scan has no finding and no error, and exits with 0."""
    report = _report(folder)
    assert [(f.policy, str(f.location), f.message) for f in report.findings] == []
    assert [(d.summary, str(d.location)) for d in report.diagnostics if d.severity != "note"] == []
    assert report.exit_code is ExitCode.CLEAN


def test_leaky_has_defects_of_every_family() -> None:
    """The repository `leaky` has at least 25 defects, from all listed families of policies."""
    report = _report("fixtures/repos/leaky")
    assert report.exit_code is ExitCode.VIOLATIONS
    assert len(report.findings) >= 25
    families = {f.policy for f in report.findings}
    assert {
        "autoscaling-bounds",
        "plaintext-secret",
        "resource-limits",
        "row-level-security",
        "secret-default",
        "state-backend-credentials",
        "state-encryption",
        "state-locking",
        "state-remote-backend",
        "state-workspace-isolation",
    } <= families


def test_every_result_in_leaky_is_marked_on_its_line() -> None:
    """The results of all policies in `leaky` are exactly the marked ones."""
    root = ROOT / "fixtures/repos/leaky"
    expected = read_expectations(WorkTree(root))
    report = _report("fixtures/repos/leaky")
    found = results_of(report, {e.policy for e in expected} | {f.policy for f in report.findings})
    assert differences(expected, found) == []
