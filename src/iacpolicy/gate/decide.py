"""Decide the exit code, with its reasons."""

from collections.abc import Iterable, Sequence
from typing import Literal

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.engine.findings import Certainty, Finding, FindingStatus, Undecided
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.policy.meta import Severity

Verdict = Literal["fail", "allow"]


def decide(
    findings: Iterable[Finding],
    undecided: Sequence[Undecided],
    diagnostics: Iterable[Diagnostic],
    crashed: Sequence[str],
    *,
    fail_on: Severity | None,
    possible: Verdict,
    undecided_fails: bool,
) -> tuple[ExitCode, tuple[str, ...]]:
    """Return the exit code and all reasons; violations take precedence over incompleteness.

    Args:
        findings: all findings; known and waived ones do not count.
        crashed: the ids of the policies that raised an exception.
        fail_on: the lowest severity that counts; None counts no finding.
        possible: "fail" to count possible findings.
        undecided_fails: True if an undecided result makes the run incomplete.
    """
    violations = [f for f in findings if _counts(f, fail_on, possible)]
    reasons: list[str] = []
    if violations and fail_on is not None:
        reasons.append(_violations(violations, fail_on))
    gaps = list(_gaps(undecided, diagnostics, crashed, undecided_fails))
    reasons += gaps
    if violations:
        return ExitCode.VIOLATIONS, tuple(reasons)
    return (ExitCode.INCOMPLETE if gaps else ExitCode.CLEAN), tuple(reasons)


def _counts(finding: Finding, fail_on: Severity | None, possible: Verdict) -> bool:
    if fail_on is None or finding.status is not FindingStatus.NEW or finding.severity.rank < fail_on.rank:
        return False
    return finding.certainty is Certainty.CERTAIN or possible == "fail"


def _violations(violations: Sequence[Finding], fail_on: Severity) -> str:
    parts = []
    for severity in sorted({f.severity for f in violations}, key=lambda s: -s.rank):
        parts.append(f"{sum(f.severity is severity for f in violations)} {severity.value}")
    noun = "violation" if len(violations) == 1 else "violations"
    return f"{len(violations)} {noun} at or above {fail_on.value}: {', '.join(parts)}"


def _gaps(
    undecided: Sequence[Undecided], diagnostics: Iterable[Diagnostic], crashed: Sequence[str], undecided_fails: bool
) -> Iterable[str]:
    """Yield a reason for each kind of incompleteness; warnings and notes do not count."""
    errors = sum(d.severity is Level.ERROR for d in diagnostics)
    if errors:
        yield f"incomplete: {errors} {'error' if errors == 1 else 'errors'} in reading or evaluating the repository"
    if crashed:
        names = ", ".join(sorted(set(crashed)))
        yield f"incomplete: {'a policy' if len(set(crashed)) == 1 else 'policies'} crashed: {names}"
    if undecided and undecided_fails:
        noun = "result" if len(undecided) == 1 else "results"
        yield f"incomplete: {len(undecided)} undecided {noun}"
