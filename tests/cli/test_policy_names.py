"""Other names of policies: aliases, and the spelling of database linters with underscores."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

NAMES = ("row-level-security", "rls-disabled-in-public", "rls_disabled_in_public", "row_level_security")
TABLE = "create table public.a (id int primary key);{}\n"


def scan(run: Runner, *arguments: str) -> list[tuple[str, str]]:
    """Return the policy and the status of each finding."""
    out = run("scan", *arguments, "--checkov", "off", "--format", "json").out
    return [(f["policy"], f["status"]) for f in json.loads(out)["findings"]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a repository with one table without row-level security."""
    write_files(tmp_path, {"supabase/migrations/1_a.sql": TABLE.format("")})
    return Runner(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_means_the_policy(run: Runner, name: str) -> None:
    """Other names work on the command line, in settings, in a waiver and for `explain`."""
    assert scan(run, "--policy", name) == [("row-level-security", "new")]
    assert ("row-level-security", "new") not in scan(run, "--skip", name)
    assert run("explain", name).out.startswith("row-level-security (critical)")
    settings = f'[policies]\nenabled = ["{name}"]\n[policies.{name}]\nseverity = "low"\n'
    write_files(run.directory, {"iacpolicy.toml": settings})
    assert scan(run) == [("row-level-security", "new")]
    assert "low: public.a" in run("scan", "--checkov", "off").out
    waived = f' -- iacpolicy:ignore[{name}] reason="test"'
    write_files(run.directory, {"supabase/migrations/1_a.sql": TABLE.format(waived)})
    assert scan(run) == [("row-level-security", "waived")]


def test_a_name_of_nothing_is_wrong_use(run: Runner) -> None:
    """An unknown name is an error with the most similar name."""
    ran = run("scan", "--policy", "rls_disabled")
    assert ran.code == 2
    assert 'There is no policy "rls_disabled"' in ran.err
