"""`iacpolicy init`: the written files are valid, and existing content is kept."""

from pathlib import Path

import pytest
import yaml
from tests.support.commands import Runner
from tests.support.scans import write_files

from iacpolicy.pipeline.commands.init_files import HOOK, HOOKS_FILE, WORKFLOW, WORKFLOW_FILE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a runner of commands in an empty repository."""
    write_files(tmp_path, {".git/HEAD": ""})
    return Runner(tmp_path, monkeypatch, capsys)


def test_it_starts_a_repository(run: Runner) -> None:
    """Three files are written, the settings are valid, and a second run changes nothing."""
    done = run("init")
    assert (done.code, done.out.splitlines()) == (
        0,
        ["wrote iacpolicy.toml", f"wrote {HOOKS_FILE}", f"wrote {WORKFLOW_FILE}"],
    )
    assert run("settings").code == 0
    before = {p: p.read_bytes() for p in run.directory.rglob("*") if p.is_file()}
    again = run("init")
    assert [line.split()[0] for line in again.out.splitlines()] == ["kept"] * 3
    assert {p: p.read_bytes() for p in run.directory.rglob("*") if p.is_file()} == before


def test_the_hook_and_the_workflow_are_those_of_the_documentation() -> None:
    """The hook and the workflow equal those of the documentation, with this version."""
    assert (ROOT / "docs/github-workflow.yml").read_text(encoding="utf-8") == WORKFLOW
    (own,) = yaml.safe_load(HOOK)[0]["hooks"]
    (offered,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {k: own[k] for k in ("id", "entry", "language", "pass_filenames", "require_serial", "files")} == {
        k: offered[k] for k in ("id", "entry", "language", "pass_filenames", "require_serial", "files")
    }


def test_force_writes_over_settings_but_over_no_hook(run: Runner) -> None:
    """--force overwrites settings and workflow; other hooks always stay."""
    hooks = "repos:\n  - repo: local\n    hooks: [{id: mine}]\n"
    write_files(run.directory, {"iacpolicy.toml": "# mine\n", WORKFLOW_FILE: "# mine\n", HOOKS_FILE: hooks})
    run("init")
    assert (run.directory / "iacpolicy.toml").read_text(encoding="utf-8") == "# mine\n"
    done = run("init", "--force")
    assert done.code == 0
    assert "# mine" not in (run.directory / "iacpolicy.toml").read_text(encoding="utf-8")
    assert "# mine" not in (run.directory / WORKFLOW_FILE).read_text(encoding="utf-8")
    assert (run.directory / HOOKS_FILE).read_text(encoding="utf-8").startswith(hooks)


CONFIGURATIONS = {
    "indented": "# ours\nrepos:\n  - repo: local\n    hooks:\n      - id: a  # a\n\nfail_fast: true\n",
    "not indented": "repos:\n- repo: local\n  hooks:\n  - id: a\n- repo: meta\n  hooks: [{id: b}]\n",
    "without a last line end": "repos:\n  - repo: local\n    hooks:\n      - id: a",
    "comments at the end": "repos:\n  - repo: local\n    hooks:\n      - id: a\n# the end\n",
    "wide": "repos:\n    -   repo: local\n        hooks:\n        -   id: a\ndefault_stages: [manual]\n",
}


@pytest.mark.parametrize("text", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_the_hook_is_put_behind_others(run: Runner, text: str) -> None:
    """All existing hooks stay in their order, and our hook is the last."""
    write_files(run.directory, {HOOKS_FILE: text})
    done = run("init")
    assert f"added the hook to {HOOKS_FILE}\n" in done.out
    now = (run.directory / HOOKS_FILE).read_text(encoding="utf-8")
    before, after = yaml.safe_load(text), yaml.safe_load(now)
    assert after["repos"] == [*before["repos"], *yaml.safe_load(HOOK)]
    assert {k: v for k, v in after.items() if k != "repos"} == {k: v for k, v in before.items() if k != "repos"}
    assert [line for line in text.splitlines() if line not in now.splitlines()] == []


@pytest.mark.parametrize(
    "text", ["repos: []\n", "repos: [{repo: local, hooks: [{id: a}]}]\n", "- a\n", "repos: [\n", ""]
)
def test_a_hook_that_cannot_be_added_is_printed(run: Runner, text: str) -> None:
    """If the hook cannot be added, it is printed and the file stays unchanged."""
    write_files(run.directory, {HOOKS_FILE: text})
    done = run("init")
    assert done.code == 3
    assert "id: iacpolicy" in done.out
    assert (run.directory / HOOKS_FILE).read_text(encoding="utf-8") == text


def test_settings_elsewhere_stay_alone(run: Runner) -> None:
    """No settings file is written if the settings are in pyproject.toml."""
    write_files(run.directory, {"pyproject.toml": "[tool.iacpolicy]\nfail_on = 'high'\n"})
    assert "kept iacpolicy.toml: the settings are in pyproject.toml\n" in run("init", "--force").out
    assert run("settings").code == 0


def test_no_link_is_followed(run: Runner, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No file is written through a link to a directory outside."""
    outside = tmp_path_factory.mktemp("outside")
    (run.directory / ".github").symlink_to(outside)
    assert run("init").code == 2
    assert list(outside.iterdir()) == []
