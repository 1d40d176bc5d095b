"""Recorded calls have the results of Terraform, and Terraform still gives them where it is on PATH."""

import os
from pathlib import Path

import pytest
from tests.oracle import language, terraform
from tests.support.modules import root_of

from iacpolicy.terraform.function_facts import FACTS

FIXTURES = sorted(language.FOLDER.glob("functions_*.tf"))
PARAMETERS = [pytest.param(path, id=path.stem.removeprefix("functions_")) for path in FIXTURES]
MIN_EXPRESSIONS = 1_400


def beside() -> dict[str, str]:
    """Return the files that the calls read, by path."""
    folder = language.FOLDER / "files"
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(language.FOLDER).as_posix(): path.read_bytes().decode() for path in found}


@pytest.mark.parametrize("path", PARAMETERS)
def test_equal_to_terraform(path: Path) -> None:
    """Each call has the value, type and marks that Terraform gave it, or fails as in Terraform."""
    text = path.read_text(encoding="utf-8")
    if os.environ.get("REGENERATE") == "1" and terraform.TERRAFORM is not None:
        text = language.recorded(text, beside())
        path.write_text(text, encoding="utf-8")
    root = root_of({"main.tf": text, **beside()})
    wrong = []
    for case in language.cases_of(text):
        before = set(root.session.problems)
        value = root.local(case.name)
        failed = set(root.session.problems) - before
        got = (
            "error" if failed else "null" if value.data is None and not value.marks else language.value_text(value)
        )  # a plan has no type for it
        if got != (case.ours or case.answer):
            message = root.session.problems[failed.pop()] if failed else ""
            wrong.append(f"{path.name}:{case.line}: {case.expression} => {case.answer}, not {got} {message}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(terraform.TERRAFORM is None, reason="terraform is not on PATH")
@pytest.mark.parametrize("path", PARAMETERS)
def test_recorded_answers_hold(path: Path) -> None:
    """Terraform still gives the answers that are recorded."""
    text = path.read_text(encoding="utf-8")
    assert language.recorded(text, beside()) == text


def test_every_function_is_tried() -> None:
    """No function is without a case, and there are as many cases as were once recorded."""
    cases = [case for path in FIXTURES for case in language.cases_of(path.read_text(encoding="utf-8"))]
    called = " ".join(case.expression for case in cases)
    in_modules = [name for name, facts in FACTS.items() if facts.terraform is not None and not facts.console_only]
    assert not [name for name in in_modules if f"{name}(" not in called]
    assert len(cases) >= MIN_EXPRESSIONS
