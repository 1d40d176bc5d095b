"""Connect the findings of one defect by `also`, so that a report shows the defect once."""

from collections.abc import Mapping, Sequence

import msgspec

from iacpolicy.engine.findings import Finding

# The custom Checkov checks that test the same thing as a policy of the catalogue.
SAME: Mapping[str, str] = {
    "CKV_IACPOLICY_1": "state-locking",
    "CKV_IACPOLICY_2": "autoscaling-bounds",
    "CKV_IACPOLICY_3": "database-network-open",
    "CKV2_IACPOLICY_1": "resource-limits",
    "CKV2_IACPOLICY_2": "database-tls",
    "CKV2_IACPOLICY_4": "bucket-public",
}
MAX_GROUP = 50


def joined(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings, each with the fingerprints of those of other policies at its place or on its topic."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(("place", finding.location), []).append(finding)
        topic = SAME.get(finding.policy, finding.policy)
        groups.setdefault(("topic", finding.location.path, finding.address, topic), []).append(finding)
    others: dict[str, set[str]] = {}
    for group in (part for whole in groups.values() for part in _of_one(whole)):
        prints: dict[str, set[str]] = {}
        for finding in group:
            prints.setdefault(finding.policy, set()).add(finding.fingerprint)
        for policy, own in prints.items():
            rest = {other for name, found in prints.items() if name != policy for other in found}
            for fingerprint in own if rest else ():
                others.setdefault(fingerprint, set()).update(rest)
    return tuple(
        msgspec.structs.replace(f, also=tuple(sorted(others[f.fingerprint]))) if f.fingerprint in others else f
        for f in findings
    )


def _of_one(group: list[Finding]) -> list[list[Finding]]:
    """Return the group as one part, or one part per address where the group is large, as with many module calls."""
    if len(group) <= MAX_GROUP:
        return [group]
    by_address: dict[str, list[Finding]] = {}
    for finding in group:
        by_address.setdefault(finding.address, []).append(finding)
    return list(by_address.values())
