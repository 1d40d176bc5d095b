"""Group the findings of the same defect, so that a report shows the defect once."""

from collections.abc import Sequence

from iacpolicy.engine.findings import Finding, FindingStatus


def grouped(findings: Sequence[Finding]) -> list[tuple[Finding, list[Finding]]]:
    """Return each finding to show, in order, with its overlapping findings, which are not shown separately.

    Two findings overlap if one names the other in `also`, their lines overlap, and their status is the same. The most
    severe one leads the group, the first of several.
    """
    order = sorted(range(len(findings)), key=lambda i: (-findings[i].severity.rank, i))
    by_fingerprint: dict[str, list[int]] = {}
    named_by: dict[str, list[int]] = {}
    for i, finding in enumerate(findings):
        by_fingerprint.setdefault(finding.fingerprint, []).append(i)
        for fingerprint in finding.also:
            named_by.setdefault(fingerprint, []).append(i)
    leader: dict[int, int] = {}
    for i in order:
        if i in leader:
            continue
        leader[i] = i
        finding = findings[i]
        linked = [j for fingerprint in finding.also for j in by_fingerprint.get(fingerprint, ())]
        for j in (*linked, *named_by.get(finding.fingerprint, ())):
            if j not in leader and _same_place(finding, findings[j]):
                leader[j] = i
    groups: dict[int, list[Finding]] = {i: [] for i in range(len(findings)) if leader[i] == i}
    for i, finding in enumerate(findings):
        if leader[i] != i:
            groups[leader[i]].append(finding)
    return [(findings[i], others) for i, others in groups.items()]


def new_findings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with status `new`, which are the ones that count."""
    return [f for f in findings if f.status is FindingStatus.NEW]


def _same_place(one: Finding, other: Finding) -> bool:
    return (
        one.status is other.status
        and one.location.path == other.location.path
        and one.location.line <= other.location.end_line
        and other.location.line <= one.location.end_line
    )
