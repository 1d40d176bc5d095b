"""The policies on state and compute over whole repositories: `leaky`, `clean` and `infra`."""

import pytest
from tests.policies.catalogue import COMPUTE, REPOSITORY, STATE
from tests.support.expectations import assert_as_expected, results_of, scan_fixture

from iacpolicy.core.tree import WorkTree
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.scan import scan
from iacpolicy.policy.testing.expectations import differences, read_expectations

FIXTURES = REPOSITORY / "fixtures" / "repos"


@pytest.mark.parametrize("policy_id", [*STATE, *COMPUTE])
def test_leaky(policy_id: str) -> None:
    """The scan of `leaky` finds each marked defect on its line, and no other."""
    report = assert_as_expected(FIXTURES / "leaky", policy_id)
    assert report.exit_code == 1


def test_leaky_within_a_larger_repository() -> None:
    """The findings are the same where `leaky` is a folder of a larger repository."""
    policies = (*STATE, *COMPUTE)
    path = "fixtures/repos/leaky"
    report = scan(Request(REPOSITORY, (path,), wanted=policies, checkov="off")).report
    assert report is not None
    marks = [e for e in read_expectations(WorkTree(REPOSITORY)) if e.path.startswith(path) and e.policy in policies]
    assert differences(marks, results_of(report, policies)) == []


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_nothing_is_found(folder: str) -> None:
    """The repository `clean` and the project's own `infra` give no finding and no undecided result."""
    policies = (*STATE, *COMPUTE)
    report = scan_fixture(REPOSITORY / folder, *policies)
    assert results_of(report, policies) == []
    assert {p.policy for p in report.passed} == set(policies)
