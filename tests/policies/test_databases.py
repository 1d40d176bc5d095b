"""The policies on databases over whole repositories: `leaky`, `clean` and `infra`."""

import pytest
from tests.policies.catalogue import REPOSITORY
from tests.support.expectations import assert_as_expected, results_of, scan_fixture

from iacpolicy.policy.loading.load import catalogue_folder, find_policies

DATABASE = tuple(find_policies(catalogue_folder() / "database"))


def test_leaky() -> None:
    """The scan of `leaky` finds each marked defect of its databases on its line, and no other."""
    assert_as_expected(REPOSITORY / "fixtures" / "repos" / "leaky", *DATABASE)


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_nothing_is_found(folder: str) -> None:
    """The repository `clean` and the project's own `infra` give no finding and no undecided result."""
    assert results_of(scan_fixture(REPOSITORY / folder, *DATABASE), DATABASE) == []
