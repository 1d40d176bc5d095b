"""Fixtures of the tests of `infra/`."""

import shutil
from pathlib import Path

import pytest
from tests.infra.command import INFRA, Terraform


@pytest.fixture(scope="session")
def terraform() -> Terraform:
    """Return the Terraform on PATH; skip the test if there is none."""
    executable = shutil.which("terraform")
    if executable is None:
        pytest.skip("terraform is not on PATH")
    return Terraform(executable)


@pytest.fixture
def infra(tmp_path: Path) -> Path:
    """Return a copy of `infra/` whose root modules keep their state locally."""
    copy = tmp_path / "infra"
    shutil.copytree(INFRA, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    for root in (copy, copy / "bootstrap"):
        (root / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    return copy
