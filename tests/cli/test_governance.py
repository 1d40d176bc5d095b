"""The policies about waivers can be listed, explained, configured and skipped."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

from iacpolicy.gate import governance

MAIN = "# iacpolicy:ignore[state-locking] until=2020-01-31\nterraform {}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a repository with an expired waiver without a reason."""
    write_files(tmp_path, {".git/HEAD": "", "main.tf": MAIN})
    return Runner(tmp_path, monkeypatch, capsys)


def _found(run: Runner) -> dict[str, str]:
    report = json.loads(run("scan", "--checkov", "off", "--format", "json").out)
    return {f["policy"]: f["severity"] for f in report["findings"] if f["policy"] in governance.POLICIES}


@pytest.mark.parametrize("policy", governance.POLICIES)
def test_they_are_listed_and_explained(run: Runner, policy: str) -> None:
    """Their documentation is in the report and the list, as for other policies."""
    assert f"  {policy} " in run("policies").out
    assert policy in {p["id"] for p in json.loads(run("policies", "--json").out) if p["domain"] == "governance"}
    told = run("explain", policy)
    assert told.code == 0
    assert governance.POLICIES[policy].title in told.out
    assert "Fix: " in told.out
    wrong = run("explain", policy[:-1])
    assert (wrong.code, f'did you mean "{policy}"?' in wrong.err) == (2, True)


def test_settings_apply_to_them(run: Runner) -> None:
    """Their severity can be configured, and each can be skipped."""
    assert _found(run) == {"waiver-expired": "medium", "waiver-unexplained": "low"}
    settings = '[policies]\nskip = ["waiver-unexplained"]\n[policies.waiver-expired]\nseverity = "critical"\n'
    write_files(run.directory, {"iacpolicy.toml": settings})
    assert _found(run) == {"waiver-expired": "critical"}
    write_files(run.directory, {"iacpolicy.toml": '[policies]\nskip = ["waiver-unusedd"]\n'})
    assert 'did you mean "waiver-unused"?' in run("scan").err
