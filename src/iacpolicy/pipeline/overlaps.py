"""Findings that speak of one defect: joined by `also`, so that a reader meets it once."""

from collections.abc import Mapping, Sequence

import msgspec

from iacpolicy.engine.findings import Finding

# custom Checkov checks that ask what a policy of the catalogue asks too
SAME: Mapping[str, str] = {
    "CKV_IACPOLICY_1": "state-locking",
    "CKV_IACPOLICY_2": "autoscaling-bounds",
    "CKV_IACPOLICY_3": "database-network-open",
    "CKV2_IACPOLICY_1": "resource-limits",
    "CKV2_IACPOLICY_2": "database-tls",
    "CKV2_IACPOLICY_4": "bucket-public",
}


def joined(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with the fingerprints of those that overlap: at one place, or asked twice of one block."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(("place", finding.location), []).append(finding)
        topic = SAME.get(finding.policy, finding.policy)
        groups.setdefault(("topic", finding.location.path, finding.address, topic), []).append(finding)
    others: dict[str, set[str]] = {}
    for group in groups.values():
        for finding in group:
            for other in group:
                if other.policy != finding.policy:
                    others.setdefault(finding.fingerprint, set()).add(other.fingerprint)
    return [
        msgspec.structs.replace(f, also=tuple(sorted(others[f.fingerprint]))) if f.fingerprint in others else f
        for f in findings
    ]
