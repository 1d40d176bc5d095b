"""The language against Terraform: every recorded expression, and live if Terraform is on PATH."""

import os
from pathlib import Path

import pytest
from tests.oracle import language, terraform
from tests.support.modules import root_of

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.value import Value

FIXTURES = [pytest.param(path, id=path.stem.removeprefix("language_")) for path in language.fixtures()]


def answer(root: ModuleInstance, name: str) -> str:
    """Return our answer for a local: the text of its value, or `error` if its evaluation reported one."""
    before = set(root.session.problems)
    value: Value = root.local(name)
    if set(root.session.problems) - before:
        return "error"
    return language.value_text(value)


@pytest.mark.parametrize("path", FIXTURES)
def test_equal_to_terraform(path: Path) -> None:
    """Each expression has the value, type and marks of Terraform, or fails as in Terraform."""
    text = path.read_text(encoding="utf-8")
    if os.environ.get("REGENERATE") == "1" and terraform.TERRAFORM is not None:
        text = language.recorded(text)
        path.write_text(text, encoding="utf-8")
    root = root_of({"main.tf": text})
    wrong = []
    for case in language.cases_of(text):
        got = answer(root, case.name)
        if got != (case.ours or case.answer):
            problem = next(reversed(root.session.problems.values()), None) if got == "error" else None
            wrong.append(f"{path.name}:{case.line}: {case.expression} => {case.answer}, not {got} {problem or ''}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(terraform.TERRAFORM is None, reason="terraform is not on PATH")
@pytest.mark.parametrize("path", FIXTURES)
def test_recorded_answers_hold(path: Path) -> None:
    """Terraform still gives the answers that are recorded."""
    text = path.read_text(encoding="utf-8")
    assert language.recorded(text) == text
