"""The policies on databases over whole repositories: the careless one, the well-kept one, and our own."""

import pytest
from tests.policies.catalogue import REPOSITORY
from tests.support.expectations import assert_as_expected, results_of, scan_fixture

from iacpolicy.policy.loading.load import catalogue_folder, find_policies

DATABASE = tuple(find_policies(catalogue_folder() / "database"))


def test_leaky() -> None:
    """Every defect of the careless repository's databases is found on its line, and nothing else is."""
    assert_as_expected(REPOSITORY / "fixtures" / "repos" / "leaky", *DATABASE)


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_nothing_is_found(folder: str) -> None:
    """The well-kept repository and our own infrastructure give no finding and no doubt."""
    assert results_of(scan_fixture(REPOSITORY / folder, *DATABASE), DATABASE) == []
