"""Terraform for the tests of `infra/`, without prompts and without the network."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

INFRA = Path(__file__).parents[2] / "infra"


class Terraform:
    """Terraform in an environment without the settings of the machine."""

    def __init__(self, executable: str) -> None:
        self._executable = executable

    def __call__(
        self, folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._executable, *arguments],
            cwd=folder,
            env=self._environment(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    @contextmanager
    def running(
        self, folder: Path, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run in the background, and stop the process at the end."""
        process = subprocess.Popen(
            [self._executable, *arguments],
            cwd=folder,
            env=self._environment(environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def _environment(self, environment: Mapping[str, str] | None) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        quiet = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1", "TF_CLI_ARGS": "-no-color"}
        return {**kept, **quiet, **(environment or {})}


def succeed(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
