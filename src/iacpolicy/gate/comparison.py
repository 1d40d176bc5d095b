"""Compare the findings of a head with those of its base: new, known and fixed ones."""

from collections.abc import Sequence

import msgspec

from iacpolicy.engine.findings import Finding, FindingStatus


class Comparison(msgspec.Struct, frozen=True):
    """The findings of the head, with those of the base marked as known, and the findings that the head has fixed."""

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...]


def against(head: Sequence[Finding], base: Sequence[Finding]) -> Comparison:
    """Compare by fingerprint, so by policy, address, attribute and cause, and not by line.

    A finding that only the base waives is new, because the head removed the waiver.
    """
    before = {finding.fingerprint for finding in base if finding.status is not FindingStatus.WAIVED}
    now = {finding.fingerprint for finding in head}
    marked = tuple(
        msgspec.structs.replace(finding, status=FindingStatus.KNOWN)
        if finding.status is FindingStatus.NEW and finding.fingerprint in before
        else finding
        for finding in head
    )
    return Comparison(
        marked, tuple(f for f in base if f.fingerprint not in now and f.status is not FindingStatus.WAIVED)
    )
