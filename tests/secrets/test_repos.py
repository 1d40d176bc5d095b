"""The fixture repositories and the infrastructure of the project, scanned for written secrets."""

from pathlib import Path

import pytest
from tests.support.expectations import assert_as_expected, scan_fixture

ROOT = Path(__file__).parents[2]
SECRETS = ("plaintext-secret", "secret-default")


def test_the_leaky_repository_shows_each_secret_on_its_line() -> None:
    """Exactly the marked literals are found."""
    report = assert_as_expected(ROOT / "fixtures/repos/leaky", *SECRETS)
    assert len(report.findings) > 35


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_the_clean_repositories_have_no_secrets(folder: str) -> None:
    """References, Vault paths, write-only arguments and lengths of passwords are no secrets."""
    assert not scan_fixture(ROOT / folder, *SECRETS).findings
