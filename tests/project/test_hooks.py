"""The pre-commit hook for other repositories, run by the real pre-commit."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
REPOSITORIES = ROOT / "fixtures" / "repos"
HOOK_INSTALL_TIMEOUT = 400


def hook() -> dict[str, object]:
    """Return the offered hook."""
    [offered] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert isinstance(offered, dict)
    return offered


def git(directory: Path, *arguments: str) -> None:
    """Run git without settings of the user."""
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *settings, *arguments], cwd=directory, check=True, capture_output=True)


def environment(home: Path) -> dict[str, str]:
    """Return an environment without caches, settings and Checkov of the user."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT", "IACPOLICY"))
    }
    return {**kept, "PRE_COMMIT_HOME": str(home / "pre-commit"), "XDG_DATA_HOME": str(home / "data")}


def scratch(directory: Path, fixture: str) -> Path:
    """Create a git repository with one of the fixtures staged."""
    shutil.copytree(REPOSITORIES / fixture, directory)
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    return directory


def test_pre_commit_accepts_the_file() -> None:
    """pre-commit validates the hook file."""
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    command[3:] = ["validate-config", str(ROOT / ".pre-commit-config.yaml")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_the_hook_scans_the_whole_repository() -> None:
    """File names are not passed, because a finding can be in an unchanged file."""
    offered = hook()
    assert (offered["id"], offered["entry"], offered["language"]) == ("iacpolicy", "iacpolicy scan", "python")
    assert offered["pass_filenames"] is False


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("main.tf", True),
        ("infra/main.tf.json", True),
        ("main.tofu", True),
        ("env/production.tfvars", True),
        ("supabase/migrations/1_init.sql", True),
        ("dashboards/api.json", True),
        ("rules/api.yaml", True),
        ("iacpolicy.toml", True),
        ("README.md", False),
        ("tf", False),
        ("src/app.py", False),
    ],
)
def test_what_wakes_the_hook(path: str, runs: bool) -> None:
    """Changes of scanned files and of the settings trigger the hook."""
    assert bool(re.search(str(hook()["files"]), path)) is runs


@pytest.fixture(scope="module")
def reachable(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip if pre-commit cannot install the hook."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("pre-commit takes a hook from a git repository, and this is none")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries", "0", "--timeout", "15"]
    command += ["--dest", str(tmp_path_factory.mktemp("probe")), "pathspec"]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("pip reaches no package index, so pre-commit cannot install the hook")


@pytest.mark.usefixtures("reachable")
def test_pre_commit_runs_it(tmp_path: Path) -> None:
    """The hook rejects a repository with findings and shows them, and accepts a clean repository."""
    home = tmp_path / "home"
    home.mkdir()
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "iacpolicy", "--all-files", "--verbose"]
    said = {}
    for fixture in ("leaky", "clean"):
        done = subprocess.run(
            command,
            cwd=scratch(tmp_path / fixture, fixture),
            env=environment(home),
            capture_output=True,
            text=True,
            timeout=HOOK_INSTALL_TIMEOUT,
            check=False,
        )
        said[fixture] = (done.returncode, done.stdout + done.stderr)
    code, text = said["leaky"]
    assert code == 1, text
    assert "- exit code: 1" in text
    assert "row-level-security" in text
    code, text = said["clean"]
    assert code == 0, text
    assert "Passed" in text
