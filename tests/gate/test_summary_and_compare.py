"""Counts of a run, and a head held against its base."""

from tests.support import reports

from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import FindingStatus
from iacpolicy.gate.comparison import against


def test_summary_counts_new_findings_apart() -> None:
    """Known and waived findings are counted by themselves."""
    summary = reports.report().summary
    assert (summary.findings, summary.certain, summary.possible, summary.known, summary.waived) == (3, 2, 1, 1, 1)
    assert summary.by_severity == {"critical": 1, "high": 1, "medium": 1, "low": 0}
    assert list(summary.by_severity) == ["critical", "high", "medium", "low"]


def test_against_a_base() -> None:
    """What the base has is known whatever its line, what it lacks new, what the head lacks fixed."""
    moved = reports.finding(location=Span("infra/main.tf", 99, 1, 99, 2))
    result = against([moved, reports.autoscaling()], [reports.finding(), reports.overlapping()])
    assert [f.status for f in result.findings] == [FindingStatus.KNOWN, FindingStatus.NEW]
    assert result.fixed == (reports.overlapping(),)


def test_waivers_on_both_sides_of_a_comparison() -> None:
    """To take a waiver away makes the finding new; to add one does not fix it."""
    assert (
        against([reports.finding()], [reports.finding(status=FindingStatus.WAIVED)]).findings[0].status
        is FindingStatus.NEW
    )
    waived = against([reports.finding(status=FindingStatus.WAIVED)], [reports.finding()])
    assert waived.findings[0].status is FindingStatus.WAIVED
    assert waived.fixed == ()
