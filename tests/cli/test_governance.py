"""The policies on waivers are policies like others: listed, explained, set and skipped."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

from iacpolicy.gate import governance

MAIN = "# iacpolicy:ignore[state-locking] until=2020-01-31\nterraform {}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """A repository with a waiver that has expired and gives no reason."""
    write_files(tmp_path, {".git/HEAD": "", "main.tf": MAIN})
    return Runner(tmp_path, monkeypatch, capsys)


def _found(run: Runner) -> dict[str, str]:
    report = json.loads(run("scan", "--checkov", "off", "--format", "json").out)
    return {f["policy"]: f["severity"] for f in report["findings"] if f["policy"] in governance.POLICIES}


@pytest.mark.parametrize("policy", governance.POLICIES)
def test_they_are_listed_and_explained(run: Runner, policy: str) -> None:
    """A reader of the report finds their documentation as that of any other."""
    assert f"  {policy} " in run("policies").out
    assert policy in {p["id"] for p in json.loads(run("policies", "--json").out) if p["domain"] == "governance"}
    told = run("explain", policy)
    assert told.code == 0
    assert governance.POLICIES[policy].title in told.out
    assert "Fix: " in told.out
    wrong = run("explain", policy[:-1])
    assert (wrong.code, f'did you mean "{policy}"?' in wrong.err) == (2, True)


def test_settings_speak_of_them(run: Runner) -> None:
    """Their severity can be set, and each can be skipped."""
    assert _found(run) == {"waiver-expired": "medium", "waiver-unexplained": "low"}
    settings = '[policies]\nskip = ["waiver-unexplained"]\n[policies.waiver-expired]\nseverity = "critical"\n'
    write_files(run.directory, {"iacpolicy.toml": settings})
    assert _found(run) == {"waiver-expired": "critical"}
    write_files(run.directory, {"iacpolicy.toml": '[policies]\nskip = ["waiver-unusedd"]\n'})
    assert 'did you mean "waiver-unused"?' in run("scan").err
