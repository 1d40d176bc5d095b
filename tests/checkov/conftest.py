"""A fake Checkov that prints recorded output, so that most tests need no Checkov."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from iacpolicy.checkov.environment import VARIABLE

RECORDED = Path(__file__).parents[2] / "fixtures" / "checkov" / "recorded"
CHECKS = Path(__file__).parents[2] / "policies" / "checkov"

FakeCheckov = Callable[[str], dict[str, str]]


@pytest.fixture
def fake_checkov(tmp_path: Path) -> FakeCheckov:
    """Return a function that creates a Python executable and returns the environment variables that select it."""

    def make(body: str) -> dict[str, str]:
        executable = tmp_path / "bin" / "checkov"
        executable.parent.mkdir(exist_ok=True)
        executable.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
        executable.chmod(0o755)
        return {VARIABLE: str(executable), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}

    return make


def replay(recorded: str, root: Path, said: str = "", code: int = 0) -> str:
    """Return the body of a fake that prints recorded output and log lines, and ends."""
    output = (RECORDED / recorded).read_text(encoding="utf-8").replace('"@@ROOT@@', json.dumps(str(root))[:-1])
    return f"import sys\nsys.stdout.write({output!r})\nsys.stderr.write({said!r})\nsys.exit({code})"
