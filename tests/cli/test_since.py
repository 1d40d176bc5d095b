"""`--since`: only findings that are new since the merge base count."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

BACKEND = (
    'terraform {\n  backend "s3" {\n    bucket  = "b"\n    key     = "k"\n    region  = "eu-central-1"\n%s  }\n}\n'
)
LOCKED = BACKEND % "    encrypt = true\n    use_lockfile = true\n"
UNLOCKED = BACKEND % "    encrypt = true\n"


def _git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a repository whose main branch has one table without row-level security."""
    write_files(
        tmp_path,
        {"main.tf": LOCKED, "supabase/migrations/20240101000000_a.sql": "create table public.orders (id int);\n"},
    )
    _git(tmp_path, "init", "--quiet", "--initial-branch=main")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message=base")
    _git(tmp_path, "switch", "--quiet", "--create=change")
    return Runner(tmp_path, monkeypatch, capsys)


def _scan(run: Runner, *more: str) -> tuple[int, dict[str, Any]]:
    policies = ("--policy", "row-level-security", "--policy", "state-locking")
    ran = run("scan", "--checkov", "off", "--format", "json", *policies, *more)
    return ran.code, json.loads(ran.out)


def test_a_moved_finding_is_known(run: Runner) -> None:
    """The same finding on another line is known and does not fail the run."""
    path = run.directory / "supabase/migrations/20240101000000_a.sql"
    path.write_text("-- a comment moves it\n\n" + path.read_text())
    code, report = _scan(run, "--since", "main")
    assert code == 0
    assert [f["status"] for f in report["findings"]] == ["known"]
    assert report["fixed"] == []


def test_new_and_fixed_findings(run: Runner) -> None:
    """A removed protection is a new finding; the finding of a dropped table is fixed."""
    write_files(
        run.directory, {"main.tf": UNLOCKED, "supabase/migrations/20240102000000_b.sql": "drop table public.orders;\n"}
    )
    code, report = _scan(run, "--since", "main")
    assert code == 1
    assert [(f["policy"], f["status"]) for f in report["findings"]] == [("state-locking", "new")]
    assert [f["policy"] for f in report["fixed"]] == ["row-level-security"]


def test_a_base_that_cannot_be_parsed_is_reported(run: Runner) -> None:
    """Unreadable files of the base give a warning."""
    write_files(run.directory, {"main.tf": "locals {\n"})
    _git(run.directory, "commit", "--quiet", "--all", "--message=broken")
    write_files(run.directory, {"main.tf": UNLOCKED})
    code, report = _scan(run, "--since", "HEAD")
    assert code == 1
    assert "Base could not be read completely" in [d["summary"] for d in report["diagnostics"]]


def test_an_unknown_revision_is_wrong_use(run: Runner) -> None:
    """The exit code is 2, with a remedy."""
    ran = run("scan", "--checkov", "off", "--since", "nowhere")
    assert ran.code == 2
    assert "nowhere" in ran.err


def test_options_hidden_in_a_revision_are_none(run: Runner) -> None:
    """A revision that looks like an option is an unknown revision."""
    assert run("scan", "--checkov", "off", "--since", "--output=x").code == 2
    assert not (run.directory / "x").exists()
