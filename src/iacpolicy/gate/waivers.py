"""Apply waivers to findings, and report the expired, unused and unexplained waivers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Finding, FindingStatus, Undecided, Waiver
from iacpolicy.gate.waiver_comments import InlineWaiver
from iacpolicy.policy.meta import Meta

EXPIRED, UNUSED, UNEXPLAINED = "waiver-expired", "waiver-unused", "waiver-unexplained"

_CHECKOV_ID = lazy_pattern(r"CKV2?_[A-Z0-9_]+\Z")


class WaiverProblem(msgspec.Struct, frozen=True, gc=False):
    """A problem of a waiver: `policy` is the id of the governance policy, `subject` the waived policy."""

    policy: str
    subject: str
    message: str
    location: Span


class WaiverResult(msgspec.Struct, frozen=True):
    """The findings in their order, and the problems of waivers, sorted by location."""

    findings: tuple[Finding, ...]
    problems: tuple[WaiverProblem, ...]


def apply(
    findings: Sequence[Finding],
    waivers: Sequence[InlineWaiver],
    *,
    today: date,
    catalogue: Mapping[str, Meta],
    ran: Collection[str],
    undecided: Sequence[Undecided] = (),
    added: Sequence[InlineWaiver] = (),
) -> WaiverResult:
    """Mark the findings that a waiver covers as waived; a waiver is valid through the day of its `until`.

    Args:
        added: waivers that are not active yet; they cover nothing and are not reported as unused.
        catalogue: every policy by id; a policy outside it, such as a Checkov check, can be waived.
        ran: the ids of the policies that ran; waivers of other policies are not reported as unused.
        undecided: results that may become findings; their waivers are not reported as unused.
    """
    index = _WaiverIndex(waivers, today, catalogue)
    marked = tuple(index.marked(finding) for finding in findings)
    for result in undecided:
        index.covering(result.policy, result.location)
    problems = [*index.problems(waivers, ran), *index.problems(added, ())]
    return WaiverResult(marked, tuple(sorted(problems, key=lambda p: (p.location, p.policy, p.subject))))


class _WaiverIndex:
    """The waivers by path and policy, and the set of used ones."""

    def __init__(self, waivers: Sequence[InlineWaiver], today: date, catalogue: Mapping[str, Meta]) -> None:
        self.today = today
        self.catalogue = catalogue
        named = {name: meta.id for meta in catalogue.values() for name in (*meta.aliases, meta.id)}
        self.names = sorted(named)
        self.ids = {name.replace("-", "_"): id_ for name, id_ in named.items()} | named
        self.by_place: dict[tuple[str, str], list[InlineWaiver]] = {}
        self.used: set[tuple[InlineWaiver, str]] = set()
        for waiver in waivers:
            for name in waiver.policies:
                self.by_place.setdefault((waiver.location.path, self.ids.get(name, name)), []).append(waiver)

    def marked(self, finding: Finding) -> Finding:
        found = self.covering(finding.policy, finding.location)
        valid = [w for w in found if not self.expired(w)]
        if not valid or finding.status is not FindingStatus.NEW or not self.waivable(finding.policy):
            return finding
        nearest = min(valid, key=lambda w: (w.last_line - w.first_line, w.location))
        until = nearest.until.isoformat() if nearest.until is not None else None
        waiver = Waiver(nearest.reason, until, nearest.location)
        return msgspec.structs.replace(finding, status=FindingStatus.WAIVED, waiver=waiver)

    def covering(self, policy: str, place: Span) -> list[InlineWaiver]:
        """Return the waivers of a policy that cover a location, and record them as used."""
        nearby = self.by_place.get((place.path, policy), ())
        found = [w for w in nearby if w.first_line <= place.line <= w.last_line]
        self.used.update((w, policy) for w in found)
        return found

    def expired(self, waiver: InlineWaiver) -> bool:
        return waiver.until is not None and waiver.until < self.today

    def waivable(self, policy: str) -> bool:
        meta = self.catalogue.get(policy)
        return meta is None or meta.waivable

    def problems(self, waivers: Sequence[InlineWaiver], ran: Collection[str]) -> list[WaiverProblem]:
        problems = []
        for waiver in waivers:
            for name in waiver.policies:
                problem = self._problem(waiver, name, ran)
                if problem is not None:
                    problems.append(WaiverProblem(problem[0], self.ids.get(name, name), problem[1], waiver.location))
            if waiver.reason is None:
                names = ", ".join(waiver.policies)
                problems.append(
                    WaiverProblem(
                        UNEXPLAINED, waiver.policies[0], f"the waiver of {names} gives no reason", waiver.location
                    )
                )
        return problems

    def _problem(self, waiver: InlineWaiver, name: str, ran: Collection[str]) -> tuple[str, str] | None:
        policy = self.ids.get(name, name)
        if policy not in self.catalogue and policy not in ran:
            if _CHECKOV_ID.match(policy):
                return None
            return UNUSED, f'there is no policy "{policy}"{did_you_mean(policy, self.names, HintForm.ASIDE)}'
        if not self.waivable(policy):
            return UNUSED, f"{policy} cannot be waived"
        if self.expired(waiver):
            assert waiver.until is not None
            return EXPIRED, f"the waiver of {policy} expired on {waiver.until.isoformat()}"
        if policy in ran and (waiver, policy) not in self.used:
            return UNUSED, f"{policy} has no violation here"
        return None
