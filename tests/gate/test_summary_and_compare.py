"""The counts of a run, and the comparison of a head with its base."""

from tests.support import reports

from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import FindingStatus
from iacpolicy.gate.comparison import against


def test_summary_counts_new_findings_apart() -> None:
    """Known and waived findings are counted separately."""
    summary = reports.report().summary
    assert (summary.findings, summary.certain, summary.possible, summary.known, summary.waived) == (3, 2, 1, 1, 1)
    assert summary.by_severity == {"critical": 1, "high": 1, "medium": 1, "low": 0}
    assert list(summary.by_severity) == ["critical", "high", "medium", "low"]


def test_against_a_base() -> None:
    """A finding of the base is known on any line; one only in the head is new, one only in the base is fixed."""
    moved = reports.finding(location=Span("infra/main.tf", 99, 1, 99, 2))
    result = against([moved, reports.autoscaling()], [reports.finding(), reports.overlapping()])
    assert [f.status for f in result.findings] == [FindingStatus.KNOWN, FindingStatus.NEW]
    assert result.fixed == (reports.overlapping(),)


def test_waivers_on_both_sides_of_a_comparison() -> None:
    """A removed waiver makes the finding new; an added waiver does not make it fixed."""
    assert (
        against([reports.finding()], [reports.finding(status=FindingStatus.WAIVED)]).findings[0].status
        is FindingStatus.NEW
    )
    waived = against([reports.finding(status=FindingStatus.WAIVED)], [reports.finding()])
    assert waived.findings[0].status is FindingStatus.WAIVED
    assert waived.fixed == ()
