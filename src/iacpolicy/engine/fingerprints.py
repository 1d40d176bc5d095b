"""Fingerprints: identities of findings that stay the same over commits, lines and values."""

import hashlib
from collections.abc import Sequence

import msgspec

from iacpolicy.engine.findings import Finding
from iacpolicy.evaluate.values.addresses import without_keys

_DIGITS = 24


def fingerprint(policy: str, address: str, attribute: str | None, cause: str) -> str:
    """Return `v1:` and a hash of the policy, the address and attribute without keys, and the cause."""
    parts = (policy, without_keys(address), without_keys(attribute or ""), cause)
    return _hashed("\0".join(parts))


def distinguished(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with a fingerprint each; equal ones get a number, in the order of the findings."""
    seen: dict[str, int] = {}
    result: list[Finding] = []
    for finding in findings:
        count = seen.get(finding.fingerprint, 0)
        seen[finding.fingerprint] = count + 1
        mark = _hashed(f"{finding.fingerprint}#{count}")
        result.append(msgspec.structs.replace(finding, fingerprint=mark) if count else finding)
    return result


def _hashed(text: str) -> str:
    return "v1:" + hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
