"""The policies about waivers; the gate finds their violations, not a check over the graph."""

from collections.abc import Iterable, Mapping

from iacpolicy.engine.findings import Certainty, Finding
from iacpolicy.engine.fingerprints import fingerprint
from iacpolicy.gate.waivers import EXPIRED, UNEXPLAINED, UNUSED, WaiverProblem
from iacpolicy.policy.meta import Meta, Severity

DOMAIN = "governance"
POLICIES: Mapping[str, Meta] = {
    meta.id: meta
    for meta in (
        Meta(
            id=EXPIRED,
            title="Waiver has expired",
            severity=Severity.MEDIUM,
            on=("root",),
            why="A waiver accepts a violation until a day. After that day the violation counts again.",
            fix="Fix the violation and remove the comment or the baseline entry, or agree on a new day and write it as "
            "`until=2027-01-31`. A waiver is valid through that day.",
            waivable=False,
        ),
        Meta(
            id=UNUSED,
            title="Waiver covers nothing",
            severity=Severity.LOW,
            on=("root",),
            why="A waiver without a violation hides the next violation that appears at its place.",
            fix="Remove the comment, correct its policy id, or move it to the violation. At the end of a line it "
            "covers the element that begins there; on its own line it covers the element that begins below. "
            "`iacpolicy baseline` removes entries without a violation from the baseline.",
            waivable=False,
        ),
        Meta(
            id=UNEXPLAINED,
            title="Waiver gives no reason",
            severity=Severity.LOW,
            on=("root",),
            why="Without a reason, a later reader cannot know whether the exception is still needed.",
            fix='Add `reason="…"` to the comment: `# iacpolicy:ignore[policy-id] until=2027-01-31 reason="…"`.',
            waivable=False,
        ),
    )
}


def findings_of(problems: Iterable[WaiverProblem]) -> list[Finding]:
    """Return a finding for each problem of a waiver, at its comment or its entry of the baseline."""
    return [
        Finding(
            policy=problem.policy,
            severity=POLICIES[problem.policy].severity,
            certainty=Certainty.CERTAIN,
            message=problem.message,
            address=problem.location.path,
            attribute=None,
            location=problem.location,
            fingerprint=fingerprint(problem.policy, problem.location.path, None, problem.subject),
            addresses=(problem.location.path,),
        )
        for problem in problems
    ]
