"""Scans of fixtures, compared with the expectations in them."""

from collections.abc import Iterable
from pathlib import Path

from iacpolicy.core.tree import WorkTree
from iacpolicy.gate.report import Report
from iacpolicy.pipeline.commands import run_fixtures
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.scan import scan
from iacpolicy.policy.testing.expectations import Expectation, differences, read_expectations


def results_of(report: Report, policies: Iterable[str]) -> list[Expectation]:
    """Return the findings and undecided results of some policies as expectations."""
    return run_fixtures.results_of(report.findings, report.undecided, policies)


def scan_fixture(root: Path, *policies: str) -> Report:
    """Return the report of some policies over a folder of fixtures, without Checkov."""
    report = scan(Request(root.resolve(), ("",), wanted=policies, checkov="off")).report
    assert report is not None
    return report


def assert_as_expected(root: Path, *policies: str) -> Report:
    """Scan a folder, compare the results of some policies with its expectations, and return the report."""
    report = scan_fixture(root, *policies)
    expected = [e for e in read_expectations(WorkTree(root.resolve())) if e.policy in policies]
    wrong = differences(expected, results_of(report, policies))
    assert not wrong, "\n".join(["the scan differs from the expectations:", *wrong])
    return report
