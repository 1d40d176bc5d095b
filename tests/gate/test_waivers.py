"""Apply waivers to findings, with dates before and after their last day."""

from datetime import date
from typing import Any

import msgspec
import pytest
from tests.support import reports

from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Finding, FindingStatus, Undecided, Waiver
from iacpolicy.gate.waiver_comments import InlineWaiver
from iacpolicy.gate.waivers import WaiverResult, apply
from iacpolicy.policy.meta import Meta

TODAY = date(2027, 1, 31)
COMMENT = Span("infra/main.tf", 1, 1, 1, 40)
OLD = msgspec.structs.replace(reports.metas()["autoscaling-bounds"], aliases=("scaling",))
FIXED = msgspec.structs.replace(reports.metas()["state-encryption"], waivable=False)
CATALOGUE: dict[str, Meta] = {**reports.metas(), OLD.id: OLD, FIXED.id: FIXED}


def waiver(**changes: Any) -> InlineWaiver:
    """Return a waiver of `state-locking` for lines 2 to 9 of the main file, with the given changes."""
    values: dict[str, Any] = {
        "policies": ("state-locking",),
        "reason": "moved next month",
        "until": TODAY,
        "location": COMMENT,
        "first_line": 2,
        "last_line": 9,
    }
    return InlineWaiver(**(values | changes))


def applied(*waivers: InlineWaiver, findings: tuple[Finding, ...] | None = None, **changes: Any) -> WaiverResult:
    """Return the result for one finding of `state-locking` on line 2."""
    values: dict[str, Any] = {"today": TODAY, "catalogue": CATALOGUE, "ran": set(CATALOGUE)}
    return apply((reports.finding(),) if findings is None else findings, waivers, **(values | changes))


def said(result: WaiverResult) -> list[tuple[str, str]]:
    """Return the ids of the governance policies with their messages."""
    return [(problem.policy, problem.message) for problem in result.problems]


def test_a_waiver_counts_through_its_last_day() -> None:
    """A waived finding has the reason, the last day and the location of the waiver; nothing else changes."""
    result = applied(waiver())
    expected = Waiver("moved next month", "2027-01-31", COMMENT)
    assert result.findings == (reports.finding(status=FindingStatus.WAIVED, waiver=expected),)
    assert result.problems == ()


def test_an_expired_waiver_waives_nothing_and_is_a_finding() -> None:
    """The day after the last day, the finding counts again."""
    result = applied(waiver(), today=date(2027, 2, 1))
    assert result.findings == (reports.finding(),)
    assert said(result) == [("waiver-expired", "the waiver of state-locking expired on 2027-01-31")]
    assert result.problems[0].location == COMMENT
    assert result.problems[0].subject == "state-locking"


def test_without_a_day_it_never_expires() -> None:
    """A waiver without `until` never expires."""
    assert applied(waiver(until=None), today=date(9999, 12, 31)).findings[0].status is FindingStatus.WAIVED


def test_without_a_reason_it_counts_and_is_a_finding() -> None:
    """A waiver without a reason is valid, but reported."""
    result = applied(waiver(reason=None))
    assert result.findings[0].status is FindingStatus.WAIVED
    assert said(result) == [("waiver-unexplained", "the waiver of state-locking gives no reason")]


@pytest.mark.parametrize(
    "changes",
    [
        {"first_line": 3},
        {"first_line": 1, "last_line": 1},
        {"location": Span("infra/other.tf", 1, 1, 1, 40)},
    ],
)
def test_uncovered_findings_stay_and_the_waiver_is_unused(changes: dict[str, Any]) -> None:
    """A finding on another line, in another file or of another policy is not waived."""
    result = applied(waiver(**changes))
    assert result.findings == (reports.finding(),)
    assert said(result) == [("waiver-unused", "state-locking has no violation here")]


def test_another_policy_is_not_waived() -> None:
    """A waiver of several policies covers each of them."""
    result = applied(waiver(policies=("autoscaling-bounds", "state-locking")), findings=(reports.waived(),))
    assert [r.subject for r in result.problems] == ["autoscaling-bounds", "state-locking"]
    assert {r.policy for r in result.problems} == {"waiver-unused"}


def test_waivers_of_skipped_policies_are_not_unused() -> None:
    """A waiver of a skipped policy is not reported as unused."""
    assert applied(waiver(first_line=3), ran={"autoscaling-bounds"}).problems == ()


def test_waivers_of_undecided_results_are_not_unused() -> None:
    """A waiver of an undecided result is not reported as unused."""
    undecided = Undecided("state-locking", "backend.s3", Span("infra/main.tf", 4, 1, 4, 2), ())
    assert applied(waiver(first_line=3), undecided=(undecided,)).problems == ()


def test_unknown_policies_are_said_with_a_suggestion() -> None:
    """A waiver of an unknown policy is reported, with a suggestion."""
    result = applied(waiver(policies=("state-loking",)))
    assert said(result) == [("waiver-unused", 'there is no policy "state-loking" (did you mean "state-locking"?)')]


def test_checkov_ids() -> None:
    """Checkov checks are waived by id; their waivers are not reported as unused if Checkov did not run."""
    checkov = reports.finding(policy="CKV_AWS_18")
    ids = waiver(policies=("CKV_AWS_18", "CKV2_AWS_1"))
    result = applied(ids, findings=(checkov,), ran={"CKV_AWS_18"})
    assert result.findings[0].status is FindingStatus.WAIVED
    assert result.problems == ()


def test_an_old_id_is_as_good() -> None:
    """A waiver with an alias of the policy is valid."""
    finding = reports.finding(policy="autoscaling-bounds")
    assert applied(waiver(policies=("scaling",)), findings=(finding,)).findings[0].status is FindingStatus.WAIVED


def test_a_policy_that_cannot_be_waived() -> None:
    """A finding of a policy that cannot be waived stays, and the comment is reported as unused."""
    finding = reports.finding(policy="state-encryption")
    result = applied(waiver(policies=("state-encryption",)), findings=(finding,))
    assert result.findings == (finding,)
    assert said(result) == [("waiver-unused", "state-encryption cannot be waived")]


def test_the_nearest_waiver_is_named() -> None:
    """Of several waivers of a finding, the one with the fewest lines counts; none is reported as unused."""
    inner = waiver(reason="here", last_line=2, location=Span("infra/main.tf", 2, 20, 2, 60))
    result = applied(waiver(), inner)
    assert result.findings[0].waiver is not None
    assert result.findings[0].waiver.reason == "here"
    assert result.problems == ()


def test_known_findings_stay_known() -> None:
    """A waiver of a known finding is not reported as unused and does not change the finding."""
    known = reports.finding(status=FindingStatus.KNOWN)
    result = applied(waiver(), findings=(known,))
    assert result.findings == (known,)
    assert result.problems == ()


def test_remarks_are_in_order_of_place() -> None:
    """The order of problems does not depend on the order of files."""
    one = waiver(first_line=3, location=Span("b.tf", 1, 1, 1, 2))
    two = waiver(first_line=3, location=Span("a.tf", 9, 1, 9, 2))
    assert applied(one, two).problems == applied(two, one).problems
    assert [r.location.path for r in applied(one, two).problems] == ["a.tf", "b.tf"]
