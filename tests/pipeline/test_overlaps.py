"""Findings of the same defect name each other in `also`."""

from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Certainty, Finding
from iacpolicy.pipeline.judge.overlaps import MAX_GROUP, joined
from iacpolicy.policy.meta import Severity


def finding(policy: str, address: str, line: int = 1) -> Finding:
    """Return a finding whose fingerprint consists of its policy and its address."""
    place = Span("main.tf", line, 1, line, 2)
    return Finding(policy, Severity.LOW, Certainty.CERTAIN, "wrong", address, None, place, f"{policy} {address}")


def test_one_place() -> None:
    """Findings of two policies at one location name each other; a finding elsewhere names none."""
    found = joined([finding("a", "x.y"), finding("b", "x.z"), finding("c", "x.y", 2)])
    assert [f.also for f in found] == [("b x.z",), ("a x.y",), ()]


def test_one_policy_alone() -> None:
    """Two findings of one policy at one location stay separate."""
    assert [f.also for f in joined([finding("a", "x.y"), finding("a", "x.z")])] == [(), ()]


def test_a_module_that_is_called_often() -> None:
    """At a location with many addresses, only findings of the same address name each other."""
    addresses = [f"module.m{number}.x.y" for number in range(MAX_GROUP)]
    found = joined([finding(policy, address) for address in addresses for policy in ("a", "b")])
    assert {f.also for f in found if f.policy == "a"} == {(f"b {address}",) for address in addresses}
    assert all(len(f.also) == 1 for f in found)


def test_a_custom_check_overlaps_with_its_policy() -> None:
    """A custom Checkov check and the policy with the same rule overlap in one block, on any line."""
    found = joined([finding("CKV_IACPOLICY_1", "backend.s3"), finding("state-locking", "backend.s3", 5)])
    assert [f.also for f in found] == [("state-locking backend.s3",), ("CKV_IACPOLICY_1 backend.s3",)]
