"""The policies that speak of waivers: found by the gate, not by a check over the graph."""

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
            why="A waiver is a promise to mend something by a day. Past that day the violation counts again.",
            fix="Mend what was waived and remove the comment or the baseline's entry, or agree on a new day and write "
            "it as `until=2027-01-31`. A waiver counts through the day it names.",
            waivable=False,
        ),
        Meta(
            id=UNUSED,
            title="Waiver covers nothing",
            severity=Severity.LOW,
            on=("root",),
            why="A waiver that covers no violation hides the next one that appears in its place.",
            fix="Remove the comment, or correct the policy's id in it, or put it where the violation is: at the end "
            "of a line it covers what begins there, on a line of its own what begins below. `iacpolicy baseline` takes "
            "an entry whose violation is gone out of the baseline.",
            waivable=False,
        ),
        Meta(
            id=UNEXPLAINED,
            title="Waiver gives no reason",
            severity=Severity.LOW,
            on=("root",),
            why="Whoever reads the configuration later cannot tell whether the exception still holds.",
            fix='Add `reason="…"` to the comment: `# iacpolicy:ignore[policy-id] until=2027-01-31 reason="…"`.',
            waivable=False,
        ),
    )
}


def findings_of(problems: Iterable[WaiverProblem]) -> list[Finding]:
    """What is remarked of waivers, as findings at the waivers' comments."""
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
