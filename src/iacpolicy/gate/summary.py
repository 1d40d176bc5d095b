"""The counts of a run."""

from collections.abc import Sequence

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.engine.findings import Certainty, Finding, FindingStatus, Undecided
from iacpolicy.gate.report import Summary
from iacpolicy.policy.meta import Severity


def summarise(
    findings: Sequence[Finding],
    undecided: Sequence[Undecided],
    diagnostics: Sequence[Diagnostic],
    *,
    passed: int,
    files: int,
    roots: int,
    cells: int,
    resources: int,
    policies: int,
) -> Summary:
    """Return the summary of a run; `findings`, `certain`, `possible` and `by_severity` count new findings only."""
    new = [f for f in findings if f.status is FindingStatus.NEW]
    return Summary(
        files=files,
        roots=roots,
        cells=cells,
        resources=resources,
        policies=policies,
        findings=len(new),
        certain=sum(f.certainty is Certainty.CERTAIN for f in new),
        possible=sum(f.certainty is Certainty.POSSIBLE for f in new),
        undecided=len(undecided),
        passed=passed,
        waived=sum(f.status is FindingStatus.WAIVED for f in findings),
        known=sum(f.status is FindingStatus.KNOWN for f in findings),
        diagnostics=len(diagnostics),
        by_severity={s.value: sum(f.severity is s for f in new) for s in reversed(Severity)},
    )
