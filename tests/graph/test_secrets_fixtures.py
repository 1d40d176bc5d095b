"""Every family of written secrets, held against the marks on its lines."""

from pathlib import Path

import pytest
from tests.support.expectations import assert_as_expected

FAMILIES = Path(__file__).parents[2] / "fixtures/secrets"


@pytest.mark.parametrize("family", sorted(p.name for p in FAMILIES.iterdir() if p.is_dir()))
def test_family(family: str) -> None:
    """What is marked is found, and nothing that is not."""
    assert_as_expected(FAMILIES / family, "plaintext-secret", "secret-default")
