"""The policies on state and compute over whole repositories: the careless one, the well-kept one, and our own."""

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
    """Every defect of the careless repository is found on its line, and nothing else is."""
    report = assert_as_expected(FIXTURES / "leaky", policy_id)
    assert report.exit_code == 1


def test_leaky_within_a_larger_repository() -> None:
    """The same is found where the careless repository is a folder of another."""
    policies = (*STATE, *COMPUTE)
    path = "fixtures/repos/leaky"
    report = scan(Request(REPOSITORY, (path,), wanted=policies, checkov="off")).report
    assert report is not None
    marks = [e for e in read_expectations(WorkTree(REPOSITORY)) if e.path.startswith(path) and e.policy in policies]
    assert differences(marks, results_of(report, policies)) == []


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_nothing_is_found(folder: str) -> None:
    """The well-kept repository and our own infrastructure give no finding and no doubt."""
    policies = (*STATE, *COMPUTE)
    report = scan_fixture(REPOSITORY / folder, *policies)
    assert results_of(report, policies) == []
    assert {p.policy for p in report.passed} == set(policies)
