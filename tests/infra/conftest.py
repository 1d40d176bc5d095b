"""What the tests of `infra/` share."""

import shutil
from pathlib import Path

import pytest
from tests.infra.command import INFRA, Terraform


@pytest.fixture(scope="session")
def terraform() -> Terraform:
    """Give the Terraform on PATH; the test is skipped where there is none."""
    executable = shutil.which("terraform")
    if executable is None:
        pytest.skip("terraform is not on PATH")
    return Terraform(executable)


@pytest.fixture
def infra(tmp_path: Path) -> Path:
    """Give a copy of `infra/` whose roots keep their state beside them."""
    copy = tmp_path / "infra"
    shutil.copytree(INFRA, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    for root in (copy, copy / "bootstrap"):
        (root / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    return copy
