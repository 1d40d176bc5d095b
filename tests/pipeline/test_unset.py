"""A variable without a value has one note, with the results that depend on it."""

from pathlib import Path
from typing import Any

from tests.support.scans import report_of, write_policy

from iacpolicy.gate.report import Report

MAIN = """variable "min" {
  type = number
}

variable "words" {
  type = string
}

variable "idle" {}

variable "given" {
  default = terraform.workspace == "none"
}

resource "terraform_data" "a" {
  input = { min = var.min, words = var.words }
}

locals {
  names = [terraform.workspace == "production", terraform.workspace == "staging"]
}
"""
CHECK = 'if resource["input"]["min"] < 1:\n    yield Violation("min is below 1", at=resource["input"]["min"])'
READ = 'if "x" in str(resource["input"]["words"].value):\n    yield Violation("x", at=resource)'
REMEDY = "Set it in a var-file or with --var, or add a default."


def _report(root: Path, **more: Any) -> Report:
    policies = write_policy(root / "policies", "min-bound", "terraform_data", CHECK)
    write_policy(policies, "word-read", "terraform_data", READ)
    return report_of(
        root / "repository",
        {"main.tf": MAIN.replace('  default = terraform.workspace == "none"\n', "  default = 1\n"), **more},
        policy_dirs=(policies,),
        wanted=("min-bound", "word-read"),
    )


def test_one_note_with_dependent_results(tmp_path: Path) -> None:
    """Each variable has one note for all workspaces, with possible and undecided results; the run is complete."""
    report = _report(tmp_path, **{"env/production.tfvars": "min = 0\n", "env/staging.tfvars": 'words = "y"\n'})
    assert [(d.severity, d.summary) for d in report.diagnostics] == [("note", "Variable has no value")] * 3
    assert [d.location.line for d in report.diagnostics if d.location is not None] == [1, 5, 9]
    told = [d.detail.removeprefix("`var.").removesuffix(f"\n{REMEDY}") for d in report.diagnostics]
    assert told == [
        "min` has no default, and no value in workspace `staging`. "
        "Results that depend on it: min-bound at terraform_data.a (possible).",
        "words` has no default, and no value in workspace `production`. "
        "Results that depend on it: word-read at terraform_data.a (undecided).",
        "idle` has no default, and no value in any workspace. Nothing reads it.",
    ]
    assert not any("incomplete" in reason for reason in report.exit_reasons)


def test_note_names_readers(tmp_path: Path) -> None:
    """The note names the readers of a variable on which no result depends."""
    report = report_of(tmp_path, {"main.tf": MAIN}, wanted=("state-remote-backend",))
    told = {d.location.line: d.detail for d in report.diagnostics if d.location is not None}
    assert "No result depends on it; it is read by terraform_data.a." in told[1]
    assert "in any workspace" in told[1]


def test_no_note_for_a_variable_with_a_value_in_every_workspace(tmp_path: Path) -> None:
    """A value can come from a file, the environment, an option or the default."""
    report = _report(tmp_path, **{"terraform.tfvars": 'min = 1\nwords = "a"\nidle = null\n'})
    assert report.diagnostics == ()
    assert report.exit_code == 0


def test_remedy_for_a_sensitive_variable(tmp_path: Path) -> None:
    """The remedy for a sensitive variable is an environment variable, not a file."""
    report = report_of(tmp_path, {"main.tf": 'variable "token" {\n  sensitive = true\n}\n'}, wanted=("tls-minimum",))
    [note] = report.diagnostics
    assert "TF_VAR_token in the environment" in note.detail
    assert "var-file" not in note.detail
