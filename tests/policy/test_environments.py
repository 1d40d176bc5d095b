"""The cells that count as production."""

import pytest

from iacpolicy.policy.library.environments import PRODUCTION, is_production
from iacpolicy.terraform.cells import Cell

CASES = {
    "by its workspace": (Cell("infra", "production"), True),
    "by the beginning of its workspace": (Cell("infra", "prod-eu"), True),
    "another workspace": (Cell("infra", "staging"), False),
    "the word in the middle of a workspace": (Cell("infra", "pre-production"), False),
    "by a directory": (Cell("environments/production", "default"), True),
    "by a directory further up": (Cell("live/eu-central-1/database", "default"), True),
    "by a directory with a suffix": (Cell("prod2/network", "default"), True),
    "a longer word": (Cell("services/products", "default"), False),
    "a name that begins so": (Cell("livestream", "default"), False),
    "no workspace": (Cell("", None), False),
}


@pytest.mark.parametrize(("cell", "expected"), CASES.values(), ids=CASES)
def test_is_production(cell: Cell, expected: bool) -> None:
    """The pattern matches the start of a workspace, and whole words of a directory."""
    assert is_production(cell, PRODUCTION.default) is expected


def test_option_replaces_the_pattern() -> None:
    """The option replaces the usual names."""
    assert is_production(Cell("infra", "blue"), "^blue$")
    assert not is_production(Cell("infra", "production"), "^blue$")


def test_invalid_pattern() -> None:
    """An invalid pattern raises an error instead of matching nothing."""
    with pytest.raises(ValueError, match=r"no regular expression: \("):
        is_production(Cell("infra", "production"), "(")
