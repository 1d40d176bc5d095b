"""Modules against Terraform: the outputs of small modules are those of its plans."""

import os

import pytest
from tests.oracle import language, modules, terraform
from tests.support.modules import root_of

if os.environ.get("REGENERATE") == "1" and terraform.TERRAFORM is not None:
    modules.record()
CASES = modules.cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_equal_to_terraform(case: modules.Case) -> None:
    """Each output has the value, type and marks of a plan, and nothing is refused."""
    root = root_of(case.files, environment=case.environment)
    found = {name: language.value_text(root.output(name)) for name in root.module.outputs}
    assert found == dict(case.outputs)
    assert not [p for p in root.session.problems.values() if p.severity == "error"]


@pytest.mark.skipif(terraform.TERRAFORM is None, reason="terraform is not on PATH")
@pytest.mark.parametrize("case", CASES[::5], ids=lambda case: case.name)
def test_recorded_answers_hold(case: modules.Case) -> None:
    """Terraform still gives the answers that are recorded; every fifth case is asked again."""
    assert modules.outputs(case.files, case.environment) == dict(case.outputs)
