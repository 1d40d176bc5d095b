"""The make targets that users run."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not on PATH")


def make(directory: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run make without variables of a make that runs the tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment.pop("PYTHON", None)
    if path is not None:
        environment["PATH"] = path
    return subprocess.run(
        [shutil.which("make") or "make", *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_make_files(directory: Path) -> None:
    """Copy the files that make reads before it builds the environment."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, directory)


def test_make_alone_lists_every_target() -> None:
    """Every public target has a line of help."""
    done = make(ROOT)
    assert done.returncode == 0, done.stderr
    listed = set(re.findall(r"^make ([a-z-]+)", done.stdout, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    assert listed == set(phony[1].split())


def test_an_old_python_is_refused_with_a_remedy(tmp_path: Path) -> None:
    """The version of the given Python is checked first."""
    copy_of_the_make_files(tmp_path)
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = make(tmp_path, "scan", f"PYTHON={old}")
    assert done.returncode == 2
    assert "iacpolicy needs Python 3.11 or newer. Name one: make scan PYTHON=" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_no_python_is_refused_with_a_remedy(tmp_path: Path) -> None:
    """If no Python is new enough, the message says so."""
    copy_of_the_make_files(tmp_path)
    tools = tmp_path / "tools"
    tools.mkdir()
    bash = shutil.which("bash")
    assert bash is not None
    (tools / "bash").symlink_to(bash)
    done = make(tmp_path, "setup", path=str(tools))
    assert done.returncode == 2
    assert "iacpolicy needs Python 3.11 or newer. Name one: make setup PYTHON=" in done.stderr


def test_pytest_closes_what_ci_prints(tmp_path: Path) -> None:
    """`.ci/run` ends with pytest's closing line and make's exit code, whatever follows the tests."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    closing = "======== 3 passed, 1 skipped in 75.02s (0:01:15) ========"
    (tmp_path / "Makefile").write_text(
        f"check:\n\t@echo '======= test session starts ======='; echo '{closing}'; echo 'a scan'; exit 1\n",
        encoding="utf-8",
    )
    done = subprocess.run([tmp_path / ".ci" / "run"], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == closing
