"""Findings that speak of one defect name each other."""

from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Certainty, Finding
from iacpolicy.pipeline.judge.overlaps import MAX_GROUP, joined
from iacpolicy.policy.meta import Severity


def finding(policy: str, address: str, line: int = 1) -> Finding:
    """A finding whose fingerprint tells its policy and its address."""
    place = Span("main.tf", line, 1, line, 2)
    return Finding(policy, Severity.LOW, Certainty.CERTAIN, "wrong", address, None, place, f"{policy} {address}")


def test_one_place() -> None:
    """Two policies at one place name each other, a third elsewhere none."""
    found = joined([finding("a", "x.y"), finding("b", "x.z"), finding("c", "x.y", 2)])
    assert [f.also for f in found] == [("b x.z",), ("a x.y",), ()]


def test_one_policy_alone() -> None:
    """What one policy finds twice at a place is two findings."""
    assert [f.also for f in joined([finding("a", "x.y"), finding("a", "x.z")])] == [(), ()]


def test_a_module_that_is_called_often() -> None:
    """At a place that many addresses share, only findings of one address name each other."""
    addresses = [f"module.m{number}.x.y" for number in range(MAX_GROUP)]
    found = joined([finding(policy, address) for address in addresses for policy in ("a", "b")])
    assert {f.also for f in found if f.policy == "a"} == {(f"b {address}",) for address in addresses}
    assert all(len(f.also) == 1 for f in found)


def test_a_custom_check_asks_the_same() -> None:
    """A custom Checkov check and the policy that asks the same of one block are one defect, wherever they point."""
    found = joined([finding("CKV_IACPOLICY_1", "backend.s3"), finding("state-locking", "backend.s3", 5)])
    assert [f.also for f in found] == [("state-locking backend.s3",), ("CKV_IACPOLICY_1 backend.s3",)]
