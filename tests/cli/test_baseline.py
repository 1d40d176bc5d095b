"""`iacpolicy baseline`: write, use and update a baseline, and keep the entries of files that were not scanned."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

ROOT = "terraform {\n}\n"
PATH = ".iacpolicy/baseline.json"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a runner of commands in a repository with two roots without a remote backend."""
    write_files(tmp_path, {"a/main.tf": ROOT, "b/main.tf": ROOT, ".git/HEAD": "", "iacpolicy.toml": ""})
    return Runner(tmp_path, monkeypatch, capsys)


def _entries(run: Runner, path: str = PATH) -> dict[str, dict[str, Any]]:
    document = json.loads((run.directory / path).read_text(encoding="utf-8"))
    return {entry["path"]: entry for entry in document["findings"]}


def test_known_findings_do_not_count(run: Runner) -> None:
    """A scan with the new baseline is clean; a new finding counts."""
    assert run("scan", "--checkov", "off").code == 1
    done = run("baseline", "--checkov", "off", "--owner", "platform", "--reason", "moving", "--until", "2100-01-31")
    assert (done.code, done.out.splitlines()) == (
        0,
        [
            f"wrote {PATH}: 2 new, 0 kept, 0 removed",
            f'Scans use it with `--baseline`, or by the setting `baseline = "{PATH}"` in iacpolicy.toml.',
        ],
    )
    entry = _entries(run)["a/main.tf"]
    assert (entry["policy"], entry["owner"], entry["reason"], entry["until"]) == (
        "state-remote-backend",
        "platform",
        "moving",
        "2100-01-31",
    )
    assert run("scan", "--checkov", "off", "--baseline", PATH).code == 0
    write_files(run.directory, {"iacpolicy.toml": f'baseline = "{PATH}"\n', "c/main.tf": ROOT})
    assert run("scan", "--checkov", "off").code == 1
    assert run("baseline", "--checkov", "off", "--owner", "web").out == f"wrote {PATH}: 1 new, 2 kept, 0 removed\n"
    assert [e["owner"] for e in _entries(run).values()] == ["platform", "platform", "web"]
    assert run("scan", "--checkov", "off").code == 0


def test_fixed_entries_are_removed(run: Runner) -> None:
    """An entry without a finding is removed; a second run writes the same file."""
    run("baseline", "--checkov", "off")
    (run.directory / "a/main.tf").write_text(
        'terraform {\n  cloud {\n    organization = "a"\n  }\n}\n', encoding="utf-8"
    )
    assert run("baseline", "--checkov", "off").out.startswith(f"wrote {PATH}: 0 new, 1 kept, 1 removed\n")
    before = (run.directory / PATH).read_bytes()
    run("baseline", "--checkov", "off")
    assert (run.directory / PATH).read_bytes() == before


def test_entries_that_were_not_scanned_stay(run: Runner) -> None:
    """Entries of other paths and of unreadable files stay."""
    run("baseline", "--checkov", "off", "--owner", "platform")
    done = run("baseline", "a", "--checkov", "off")
    assert done.out.startswith(f"wrote {PATH}: 0 new, 2 kept, 0 removed\n")
    (run.directory / "b/main.tf").write_text("terraform {\n", encoding="utf-8")
    (run.directory / "b/main.tf").rename(run.directory / "b/other.tf")
    done = run("baseline", "--checkov", "off")
    assert done.code == 3
    assert "b/other.tf:" in done.err
    assert _entries(run)["b/main.tf"]["owner"] == "platform"


def test_a_baseline_that_cannot_be_read_is_not_overwritten(run: Runner) -> None:
    """An invalid baseline is not overwritten, because it has owners and reasons."""
    write_files(run.directory, {PATH: '{"schema_version": "1.0", "findings": ['})
    done = run("baseline", "--checkov", "off")
    assert (done.code, "Baseline cannot be read" in done.err) == (2, True)
    assert (run.directory / PATH).read_text(encoding="utf-8").endswith("[")


def test_where_it_is_written(run: Runner, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The path is relative to the repository root; nothing is written outside or through a link."""
    assert run("baseline", "--checkov", "off", "--output", "known.json").code == 0
    assert len(_entries(run, "known.json")) == 2
    outside = tmp_path_factory.mktemp("outside")
    (run.directory / "link").symlink_to(outside)
    (run.directory / "link.json").symlink_to(outside / "x.json")
    for path in ("../x.json", str(outside / "x.json"), "link/x.json", "link.json"):
        assert run("baseline", "--checkov", "off", "--output", path).code == 2
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("day", ["tomorrow", "2027-02-30", "31.01.2027"])
def test_a_day_that_is_none(run: Runner, day: str) -> None:
    """With an invalid day, nothing is written."""
    done = run("baseline", "--until", day)
    assert (done.code, f"--until {day} is not a day" in done.err) == (2, True)
    assert not (run.directory / PATH).exists()
