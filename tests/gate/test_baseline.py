"""Write, read, update and apply the baseline."""

import json
from datetime import date
from typing import Any

import pytest
from tests.support import reports

from iacpolicy.core.sources import SourceFile
from iacpolicy.engine.findings import FindingStatus
from iacpolicy.gate.baseline import Baseline, BaselineResult, mark, read, update, write

TODAY = date(2027, 1, 31)
PATH = "policies/baseline.json"
TEXT = """\
{
  "schema_version": "1.0",
  "findings": [
    {
      "fingerprint": "v1:1111",
      "policy": "state-locking",
      "address": "backend.s3",
      "path": "infra/main.tf",
      "owner": "platform",
      "reason": "moved next month",
      "until": "2027-01-31"
    }
  ]
}
"""


def baseline(text: str = TEXT) -> Baseline:
    """Return the baseline of a valid text."""
    found, problems = read(SourceFile(PATH, text))
    assert problems == []
    return found


def marked(*findings: Any, today: date = TODAY, **changes: Any) -> BaselineResult:
    """Return the findings marked by the baseline, after a run of all policies."""
    return mark(findings, baseline(), today=today, **({"ran": {"state-locking"}} | changes))


def test_round_trip() -> None:
    """A written baseline reads as the same value, and is written as the same text."""
    assert write(baseline()) == TEXT


def test_known_through_the_last_day() -> None:
    """A finding in the baseline is known; another one stays new."""
    result = marked(reports.finding(), reports.autoscaling())
    assert [f.status for f in result.findings] == [FindingStatus.KNOWN, FindingStatus.NEW]
    assert result.problems == ()


def test_an_expired_entry_counts_no_more_and_is_a_finding() -> None:
    """The day after the last day of an entry, the finding is new again."""
    result = marked(reports.finding(), today=date(2027, 2, 1))
    assert result.findings[0].status is FindingStatus.NEW
    assert [(r.policy, str(r.location)) for r in result.problems] == [("waiver-expired", f"{PATH}:5")]


@pytest.mark.parametrize(
    ("changes", "remarks"),
    [
        ({}, ["waiver-unused"]),
        ({"ran": set()}, []),
        ({"scanned": {"infra/other.tf"}}, []),
        ({"scanned": {"infra/main.tf"}}, ["waiver-unused"]),
    ],
)
def test_entries_without_findings_are_unused_if_scanned(changes: dict[str, Any], remarks: list[str]) -> None:
    """An entry without a finding is unused, unless its policy or its file was skipped."""
    assert [r.policy for r in marked(**changes).problems] == remarks


def test_waived_findings_stay_waived() -> None:
    """A waived finding stays waived if it is also in the baseline."""
    waived = reports.finding(status=FindingStatus.WAIVED)
    assert marked(waived).findings == (waived,)


def test_update_keeps_owner_reason_and_day() -> None:
    """Existing entries keep owner, reason and day; new ones get the given values; fixed and waived ones are removed."""
    gone = TEXT.replace("v1:1111", "v1:0000")
    old = baseline(gone.replace("  ]\n", "  ]\n"))
    both = baseline(TEXT)
    findings = [reports.finding(), reports.autoscaling(), reports.waived(), reports.finding()]
    new = update(both, findings, owner="me", reason="r", until=date(2027, 6, 1))
    entries = json.loads(write(new))["findings"]
    assert [(e["fingerprint"], e["owner"], e["until"]) for e in entries] == [
        ("v1:1111", "platform", "2027-01-31"),
        ("v1:2222", "me", "2027-06-01"),
    ]
    assert set(update(old, [reports.autoscaling()]).entries) == {"v1:2222"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("{", 1, "truncated"),
        ('{\n"schema_version": "1.0",\n "findings": [,]}', 3, "invalid"),
        ('{"schema_version": "1.0"}', 1, "missing required field `findings`"),
        ('{"schema_version": "2.0", "findings": []}', 1, 'schema_version is "2.0"'),
        (TEXT.replace('"policy"', '"polcy"'), 1, "unknown field `polcy`"),
        (TEXT.replace("2027-01-31", "soon"), 5, '"soon", which is not a day'),
        ("[" * 100_000, 1, ""),
        ('{"schema_version": "1.0", "findings": ' + "[" * 100_000, 1, ""),
        ('{"x": ' * 100_000, 1, ""),
        ("\ud800", 1, ""),
        ("", 1, ""),
    ],
    ids=["open", "comma", "missing", "version", "key", "day", "deep", "deeper", "deepest", "surrogate", "empty"],
)
def test_wrong_files(text: str, line: int, words: str) -> None:
    """An invalid baseline is empty, with an error and its location."""
    found, problems = read(SourceFile(PATH, text))
    assert found == Baseline()
    assert [p.severity.value for p in problems] == ["error"]
    assert problems[0].location is not None
    assert problems[0].location.line == line
    assert words.lower() in problems[0].detail.lower()
