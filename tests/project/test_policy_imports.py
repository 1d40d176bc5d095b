"""The check that policies import the SDK only."""

from pathlib import Path

import pytest
from scripts.lint_policies import ROOT, check, modules


def _policy(policies: Path, statement: str) -> Path:
    folder = policies / "state" / "my-policy"
    folder.mkdir(parents=True)
    (folder / "my_policy.py").write_text(f'"""A policy of a test."""\n\n{statement}\n', encoding="utf-8")
    return policies


def test_catalogue_imports_the_sdk_only() -> None:
    """Every policy in Python is checked, and import-linter finds no import behind the SDK."""
    policies = ROOT / "policies"
    assert len(modules(policies)) == len({path.parent for path in policies.glob("*/*/*.py")})
    assert check(policies) == 0


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("from iacpolicy.policy.api import Meta", 0),
        ("from iacpolicy.policy.library.hosts import text_of", 0),
        ("from iacpolicy.graph.graph import Graph", 1),
        ("from iacpolicy.policy.attributes.truth import Truth", 1),
        ("def check():\n    import iacpolicy.sql", 1),
    ],
)
def test_imports_behind_the_sdk_are_found(tmp_path: Path, statement: str, code: int) -> None:
    """An import of another module of the package fails the check, also inside of a function."""
    assert check(_policy(tmp_path, statement)) == code
