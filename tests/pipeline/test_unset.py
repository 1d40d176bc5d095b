"""Variables without a value are told once each, with what hangs on them."""

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
REMEDY = "Give it in a var-file or with --var, or give it a default."


def _report(root: Path, **more: Any) -> Report:
    policies = write_policy(root / "policies", "min-bound", "terraform_data", CHECK)
    write_policy(policies, "word-read", "terraform_data", READ)
    return report_of(
        root / "repository",
        {"main.tf": MAIN.replace('  default = terraform.workspace == "none"\n', "  default = 1\n"), **more},
        policy_dirs=(policies,),
        wanted=("min-bound", "word-read"),
    )


def test_each_is_told_once_with_what_hangs_on_it(tmp_path: Path) -> None:
    """One note a variable over all workspaces; it is no gap, and names possible and undecided results."""
    report = _report(tmp_path, **{"env/production.tfvars": "min = 0\n", "env/staging.tfvars": 'words = "y"\n'})
    assert [(d.severity, d.summary) for d in report.diagnostics] == [("note", "Variable has no value")] * 3
    assert [d.location.line for d in report.diagnostics if d.location is not None] == [1, 5, 9]
    told = [d.detail.removeprefix("`var.").removesuffix(f"\n{REMEDY}") for d in report.diagnostics]
    assert told == [
        "min` has no default, and no value in workspace `staging`. "
        "On it hangs min-bound at terraform_data.a (possible).",
        "words` has no default, and no value in workspace `production`. "
        "On it hangs word-read at terraform_data.a (undecided).",
        "idle` has no default, and no value in any workspace. Nothing reads it.",
    ]
    assert not any("incomplete" in reason for reason in report.exit_reasons)


def test_what_no_policy_asks_of_is_told_by_its_readers(tmp_path: Path) -> None:
    """Where no result hangs on it, the note says who reads the variable."""
    report = report_of(tmp_path, {"main.tf": MAIN}, wanted=("state-remote-backend",))
    told = {d.location.line: d.detail for d in report.diagnostics if d.location is not None}
    assert "No answer hangs on it; it is read by terraform_data.a." in told[1]
    assert "in any workspace" in told[1]


def test_a_variable_with_a_value_everywhere_is_not_told(tmp_path: Path) -> None:
    """By a file, the environment, an option or its default."""
    report = _report(tmp_path, **{"terraform.tfvars": 'min = 1\nwords = "a"\nidle = null\n'})
    assert report.diagnostics == ()
    assert report.exit_code == 0


def test_a_secret_is_to_come_by_the_environment(tmp_path: Path) -> None:
    """The remedy for a sensitive variable never is a file."""
    report = report_of(tmp_path, {"main.tf": 'variable "token" {\n  sensitive = true\n}\n'}, wanted=("tls-minimum",))
    [note] = report.diagnostics
    assert "TF_VAR_token in the environment" in note.detail
    assert "var-file" not in note.detail
