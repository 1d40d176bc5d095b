"""The exit code and its reasons."""

from typing import Any

import pytest
from tests.support import reports

from iacpolicy.core.diagnostics import error, note, warning
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Certainty, FindingStatus, Undecided
from iacpolicy.gate.decide import decide
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.policy.meta import Severity

LOW, HIGH = Severity.LOW, Severity.HIGH
UNDECIDED = Undecided("state-locking", "backend.s3", Span("main.tf", 1, 1, 1, 2), ())


def decided(*findings: Any, **changes: Any) -> tuple[int, list[str]]:
    """Return the decision with the default settings and the given changes."""
    values: dict[str, Any] = {
        "undecided": (),
        "diagnostics": (),
        "crashed": (),
        "fail_on": LOW,
        "possible": "fail",
        "undecided_fails": False,
    } | changes
    positional = [values.pop(name) for name in ("undecided", "diagnostics", "crashed")]
    code, reasons = decide(findings, *positional, **values)
    assert isinstance(code, ExitCode)
    return int(code), list(reasons)


def test_nothing_found() -> None:
    """A complete run without findings is clean, without reasons."""
    assert decided() == (0, [])


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("fail_on", list(Severity))
def test_severity_at_or_above(severity: Severity, fail_on: Severity) -> None:
    """A finding counts at or above the severity of the gate."""
    code, reasons = decided(reports.finding(severity=severity), fail_on=fail_on)
    order = ["low", "medium", "high", "critical"]
    assert code == (1 if order.index(severity) >= order.index(fail_on) else 0)
    assert bool(reasons) is bool(code)


def test_never() -> None:
    """With `never`, no finding counts, but unread files make the run incomplete."""
    assert decided(reports.finding(), fail_on=None) == (0, [])
    assert decided(reports.finding(), fail_on=None, diagnostics=[error("x")])[0] == 3


@pytest.mark.parametrize("status", [FindingStatus.KNOWN, FindingStatus.WAIVED])
def test_known_and_waived_findings_do_not_count(status: FindingStatus) -> None:
    """Only new findings fail a run."""
    assert decided(reports.finding(status=status)) == (0, [])


@pytest.mark.parametrize(("possible", "code"), [("fail", 1), ("allow", 0)])
def test_possible_findings(possible: str, code: int) -> None:
    """Possible findings count unless the settings allow them; certain ones always count."""
    maybe = reports.finding(certainty=Certainty.POSSIBLE)
    assert decided(maybe, possible=possible)[0] == code
    assert decided(maybe, reports.finding(), possible=possible)[0] == 1


@pytest.mark.parametrize(("fails", "code"), [(True, 3), (False, 0)])
def test_undecided_results(fails: bool, code: int) -> None:
    """Undecided results make the run incomplete only on request."""
    assert decided(undecided=[UNDECIDED], undecided_fails=fails)[0] == code


def test_diagnostics() -> None:
    """Errors make the run incomplete; warnings and notes do not."""
    assert decided(diagnostics=[note("x"), warning("y")]) == (0, [])
    assert decided(diagnostics=[error("x"), error("y"), note("z")]) == (
        3,
        ["incomplete: 2 errors in reading or evaluating the repository"],
    )


def test_crashed_policies() -> None:
    """A crashed policy makes the run incomplete."""
    assert decided(crashed=["b", "a", "b"]) == (3, ["incomplete: policies crashed: a, b"])


def test_violations_win_and_both_are_said() -> None:
    """Exit code 1 takes precedence over 3, and the reasons name every cause."""
    assert decided(
        reports.finding(),
        reports.finding(severity=LOW),
        reports.finding(severity=Severity.CRITICAL),
        undecided=[UNDECIDED],
        diagnostics=[error("x")],
        crashed=["p"],
        undecided_fails=True,
    ) == (
        1,
        [
            "3 violations at or above low: 1 critical, 1 high, 1 low",
            "incomplete: 1 error in reading or evaluating the repository",
            "incomplete: a policy crashed: p",
            "incomplete: 1 undecided result",
        ],
    )
