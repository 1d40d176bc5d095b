"""What the tests of `infra/` share: a copy to work in, and a Terraform that neither asks nor phones."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

INFRA = Path(__file__).parents[2] / "infra"

Terraform = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def terraform() -> Terraform:
    """Run Terraform in a directory; its environment holds nothing of the machine's own settings."""
    executable = shutil.which("terraform")
    if executable is None:
        pytest.skip("terraform is not on PATH")

    def run(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        quiet = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1", "TF_CLI_ARGS": "-no-color"}
        return subprocess.run(
            [executable, *arguments],
            cwd=folder,
            env={**kept, **quiet, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run


@pytest.fixture
def infra(tmp_path: Path) -> Path:
    """Give a copy of `infra/` whose roots keep their state beside them."""
    copy = tmp_path / "infra"
    shutil.copytree(INFRA, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    for root in (copy, copy / "bootstrap"):
        (root / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    return copy
