"""`iacpolicy eval`: the workspace of expressions, and files that cannot be read."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files


@pytest.mark.parametrize(
    ("files", "asked", "workspace"),
    [
        ({"main.tf": "locals {}\n"}, (), "default"),
        ({"main.tf": 'locals {\n  a = terraform.workspace == "blue" ? 1 : 2\n}\n'}, (), "default"),
        ({"main.tf": 'locals {\n  a = terraform.workspace == "blue" ? 1 : 2\n}\n'}, ("--workspace", "blue"), "blue"),
        ({"main.tf": "locals {}\n", "env/b.tfvars": "", "env/c.tfvars": ""}, (), "b"),
    ],
)
def test_the_workspace(
    files: dict[str, str],
    asked: tuple[str, ...],
    workspace: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The workspace is the requested one, else `default`, else the first one of the files."""
    write_files(tmp_path, files)
    ran = Runner(tmp_path, monkeypatch, capsys)("eval", "--json", *asked, ".", "terraform.workspace")
    assert ran.code == 0
    assert json.loads(ran.out)["value"] == workspace


@pytest.mark.parametrize(("expression", "code"), [("local.b", 3), ("1 + 1", 3), ("1 + local.b.c", 1)])
def test_a_file_that_cannot_be_read(
    expression: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With an unreadable file, the rest of the module is evaluated, the file is named, and the exit code is 3."""
    write_files(tmp_path, {"main.tf": "locals {\n  b = 1\n}\n", "broken.tf": "locals {\n  a = [1,\n}\n"})
    ran = Runner(tmp_path, monkeypatch, capsys)("eval", "--json", ".", expression)
    assert ran.code == code
    assert "broken.tf:2" in ran.err
    assert (json.loads(ran.out)["error"] is None) == (code == 3)
