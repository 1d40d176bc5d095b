"""Every family of written secrets, compared with the marks on its lines."""

import pytest
from bench.secrets import LEAST, Family, families, rates

# What the finder is known not to see: a key of a map that `transpose` makes a value, a group of `regex`.
MISSED = {"traces": [("main.tf", 30), ("main.tf", 33)]}
FAMILIES = {family.name: family for family in families()}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_family(family: Family) -> None:
    """Exactly the marked lines are found."""
    assert family.missed == MISSED.get(family.name, [])
    assert family.surplus == []


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_no_line_is_both(family: Family) -> None:
    """Every place is marked as a secret or as none."""
    assert family.negatives.isdisjoint(family.positives)


def test_there_are_enough_cases() -> None:
    """There are at least 150 places of each kind, and at most one in twenty is classified wrongly."""
    assert sum(len(family.positives) for family in FAMILIES.values()) >= 150
    assert sum(len(family.negatives) for family in FAMILIES.values()) >= 150
    assert min(rates(list(FAMILIES.values()))) >= LEAST
