"""The command line run inside a test."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from iacpolicy.cli.exits import run_command
from iacpolicy.cli.main import cli


@dataclass(frozen=True)
class Ran:
    """The exit code and the output of a command."""

    code: int
    out: str
    err: str


class Runner:
    """Runs commands in a directory, with the environment scrubbed."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        monkeypatch.chdir(directory)
        for name in ("TF_VAR_min", "NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)

    def __call__(self, *arguments: str) -> Ran:
        self._capsys.readouterr()
        code = run_command(cli, list(arguments))
        captured = self._capsys.readouterr()
        return Ran(code, captured.out, captured.err)
