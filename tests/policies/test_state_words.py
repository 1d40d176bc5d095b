"""Hints of the policies on state, and the roots and workspaces in their messages."""

from pathlib import Path

import pytest
from tests.support.scans import report_of

from iacpolicy.gate.report import Report

S3 = 'terraform {{\n  backend "s3" {{\n    bucket = "b"\n    key = "{key}"\n{more}  }}\n}}\n'


def _report(root: Path, policy: str, files: dict[str, str]) -> Report:
    return report_of(root, files, wanted=(policy,))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ('    dynamodb_table = "t"\n', 5),
        ('    use_lockfile = false\n    dynamodb_table = "t"\n', 6),
        ('    use_lockfile = true\n    dynamodb_table = "t"\n', None),
        ("    use_lockfile = true\n", None),
    ],
)
def test_deprecated_lock(tmp_path: Path, arguments: str, line: int | None) -> None:
    """The deprecated lock gives a hint at its argument, unless the new one is on too; the exit code stays 0."""
    report = _report(tmp_path, "state-locking", {"main.tf": S3.format(key="k", more=arguments)})
    assert report.exit_code == 0
    places = [d.location.line for d in report.diagnostics if d.location and d.summary == "dynamodb_table is deprecated"]
    assert places == ([] if line is None else [line])


def test_removed_backend(tmp_path: Path) -> None:
    """A backend that newer versions of Terraform removed gives a hint, a current one does not."""
    text = 'terraform {\n  backend "etcdv3" {\n    endpoints = ["e"]\n  }\n}\n'
    report = _report(tmp_path / "old", "state-remote-backend", {"main.tf": text})
    assert [d.summary for d in report.diagnostics] == ['The backend "etcdv3" no longer exists']
    assert "Terraform 1.3" in report.diagnostics[0].detail
    assert report.exit_code == 0
    assert _report(tmp_path / "new", "state-remote-backend", {"main.tf": S3.format(key="k", more="")}).diagnostics == ()


def test_roots_with_one_state(tmp_path: Path) -> None:
    """The finding is at the later root and names the earlier one, also for the top directory."""
    text = S3.format(key="k", more="")
    report = _report(tmp_path, "state-workspace-isolation", {"main.tf": text, "z/main.tf": text})
    (finding,) = report.findings
    assert finding.location.path == "z/main.tf"
    assert finding.message == "the root module in the repository's top directory writes to the same state"
    assert [(h.kind, h.path, h.line) for h in finding.trace] == [
        ("resource", "main.tf", 4),
        ("attribute", "z/main.tf", 4),
    ]


def test_workspaces_with_one_state(tmp_path: Path) -> None:
    """The message names the workspaces with one state, and none of other roots."""
    files = {
        "a/main.tf": 'terraform {\n  backend "http" {\n    address = "https://a.invalid"\n  }\n}\n',
        "a/env/one.tfvars": "",
        "a/env/two.tfvars": "",
        "b/main.tf": S3.format(key="b", more=""),
        "b/env/three.tfvars": "",
    }
    (finding,) = _report(tmp_path, "state-workspace-isolation", files).findings
    assert finding.message == "the workspaces one and two write to the same state"


def test_unknown_beside_known(tmp_path: Path) -> None:
    """A partial backend that may share a state with another of its type is undecided; the others are not."""
    files = {
        "a/main.tf": S3.format(key="k", more=""),
        "b/main.tf": 'terraform {\n  backend "s3" {}\n}\n',
        "c/main.tf": 'terraform {\n  backend "gcs" {\n    bucket = "b"\n  }\n}\n',
    }
    report = _report(tmp_path, "state-workspace-isolation", files)
    texts = {u.location.path: u.reasons[0].text for u in report.undecided}
    assert texts == {
        "b/main.tf": "the settings given by -backend-config may name the same state as a/main.tf:4",
    }
