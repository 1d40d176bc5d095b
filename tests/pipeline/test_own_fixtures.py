"""Fixtures of the policies in a repository are not scanned as infrastructure."""

from pathlib import Path
from typing import Any

import pytest
from tests.support.scans import report_of, write_policy

MAIN = 'resource "terraform_data" "a" {}\n'
FILES = {
    "main.tf": MAIN,
    "rules/sub/own/fail.tf": MAIN,
    "rules/sub/own/pass/root/main.tf": MAIN,
    "rules/sub/own/fail/migrations/1.sql": "create table public.t (id int);\n",
    "rules/notes/pass/main.tf": MAIN,
    "fail.tf": MAIN.replace('"a"', '"b"'),
}


@pytest.mark.parametrize("by", ["settings", "command line"])
def test_they_are_left_out_and_counted(tmp_path: Path, by: str) -> None:
    """Only files with the names of fixtures in the folder of a policy are excluded."""
    root = tmp_path.resolve()
    write_policy(root / "rules/sub", "own", "terraform_data", 'yield Violation("seen", at=resource)')
    more: dict[str, Any] = {"policy_dirs": (root / "rules",)} if by == "command line" else {}
    files = FILES if more else {**FILES, "iacpolicy.toml": 'policy_dirs = ["rules"]\n'}
    report = report_of(root, files, wanted=("state-remote-backend",), **more)
    assert [cell.root for cell in report.cells] == ["", "rules/notes/pass"]
    (told,) = [d for d in report.diagnostics if d.severity == "note"]
    assert (told.summary, told.detail[:20]) == ("Fixtures of policies were not scanned", "3 files are fixtures")


def test_named_fixtures_are_scanned(tmp_path: Path) -> None:
    """A fixture that the command line names is scanned."""
    root = write_policy(tmp_path.resolve(), "own", "terraform_data", 'yield Violation("seen", at=resource)')
    scanned = report_of(root, {"own/fail/main.tf": MAIN}, wanted=("own",), policy_dirs=(root,))
    assert scanned.cells == ()
    from iacpolicy.pipeline.context.request import Request
    from iacpolicy.pipeline.scan import scan

    report = scan(Request(root, ("own/fail",), checkov="off", wanted=("own",), policy_dirs=(root,))).report
    assert [f.address for f in report.findings] == ["terraform_data.a"]
    assert report.diagnostics == ()
