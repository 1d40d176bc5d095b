"""Each policy of the catalogue matches its own fixtures and has the required parts."""

import ast
from pathlib import Path

import pytest

from iacpolicy.core.tree import WorkTree
from iacpolicy.pipeline.commands.run_fixtures import FixtureRun, run_fixture
from iacpolicy.policy.loading.load import catalogue_folder, find_policies, load_policy, module_name
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.policy.meta import Severity
from iacpolicy.policy.testing.expectations import Expectation, read_expectations
from iacpolicy.policy.testing.fixtures import Fixture, fixtures_of

FOLDERS = find_policies(catalogue_folder())
DOMAINS = {"state", "secrets", "compute", "database", "networking", "storage", "monitoring", "modules", "governance"}


FIXTURES = [
    pytest.param(policy_id, fixture, id=f"{policy_id}-{fixture.path.name}")
    for policy_id, folder in FOLDERS.items()
    for fixture in fixtures_of(folder)
]


def _loaded(policy_id: str) -> Policy:
    policy = load_policy(FOLDERS[policy_id])
    assert isinstance(policy, Policy), policy.reason
    return policy


@pytest.mark.parametrize(("policy_id", "fixture"), FIXTURES)
def test_fixture(policy_id: str, fixture: Fixture) -> None:
    """Each expectation has its result on that line, and there is no other result."""
    run = run_fixture(_loaded(policy_id), fixture)
    assert run == FixtureRun(fixture, marks=run.marks)


@pytest.mark.parametrize("policy_id", FOLDERS)
def test_fixtures_are_complete(policy_id: str) -> None:
    """A policy has passing and failing fixtures; passing ones have no marks, and some mark is certain."""
    folder = FOLDERS[policy_id]
    kinds = {fixture.kind for fixture in fixtures_of(folder)}
    assert "pass" in kinds, "no pass.tf and no folder pass"
    assert "fail" in kinds, "no fail.tf and no folder fail"
    marks = _marks(folder)
    assert [m for m in marks if m.path.startswith("pass")] == []
    assert {m.policy for m in marks} == {policy_id}
    assert any(m.kind == "certain" for m in marks)


def _marks(folder: Path) -> list[Expectation]:
    return read_expectations(WorkTree(folder))


@pytest.mark.parametrize("policy_id", FOLDERS)
def test_documentation_is_complete(policy_id: str) -> None:
    """A policy has an id, a domain, a title, a reason, a remediation and references."""
    meta = _loaded(policy_id).meta
    assert meta.id == policy_id == FOLDERS[policy_id].name
    assert FOLDERS[policy_id].parent.name in DOMAINS
    assert isinstance(meta.severity, Severity)
    assert meta.title
    assert not meta.title.endswith(".")
    for text in (meta.why, meta.fix):
        assert len(text) > 40
        assert text.endswith((".", "`"))
    assert meta.references
    assert all(r.startswith("https://") for r in meta.references)
    assert all(o.description.endswith(".") for o in meta.options)


@pytest.mark.parametrize("policy_id", FOLDERS)
def test_module_only_defines(policy_id: str) -> None:
    """Importing a policy has no effect: its module contains only imports and definitions."""
    folder = FOLDERS[policy_id]
    tree = ast.parse((folder / f"{module_name(policy_id)}.py").read_text(encoding="utf-8"))
    allowed = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.ClassDef, ast.FunctionDef)
    assert ast.get_docstring(tree)
    assert [type(node).__name__ for node in tree.body[1:] if not isinstance(node, allowed)] == []


def test_ids_are_unique() -> None:
    """No id and no alias belongs to two policies."""
    policies = [_loaded(policy_id).meta for policy_id in FOLDERS]
    names = [name for meta in policies for name in (meta.id, *meta.aliases)]
    assert len(names) == len(set(names))
