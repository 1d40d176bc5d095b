"""A head held against its base: what is new, what was there before, what is gone."""

from collections.abc import Sequence

import msgspec

from iacpolicy.engine.findings import Finding, FindingStatus


class Comparison(msgspec.Struct, frozen=True):
    """The head's findings, those of the base known, and the base's findings that the head has no more."""

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...]


def against(head: Sequence[Finding], base: Sequence[Finding]) -> Comparison:
    """Compares by fingerprint, so by policy, address, attribute and cause, and never by line.

    A finding that the base waived and the head does not is new: taking a waiver away is a decision of the head.
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
