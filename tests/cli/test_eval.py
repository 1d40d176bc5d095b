"""`iacpolicy eval`: where expressions are evaluated."""

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
    """It is the one that is asked for, else `default`, else the first that the files show."""
    write_files(tmp_path, files)
    ran = Runner(tmp_path, monkeypatch, capsys)("eval", "--json", *asked, ".", "terraform.workspace")
    assert ran.code == 0
    assert json.loads(ran.out)["value"] == workspace
