"""Settings files with their recorded errors and values."""

from pathlib import Path

import pytest
from tests.support import snapshots

from iacpolicy.core.tree import MemoryTree
from iacpolicy.settings.describe import describe
from iacpolicy.settings.load import load

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_whole_output(case: Path) -> None:
    """Each file gives exactly the diagnostics and settings of its recorded text."""
    settings, problems = load(MemoryTree({"iacpolicy.toml": case.read_text(encoding="utf-8")}))
    lines = []
    for problem in problems:
        assert problem.location is not None
        span = problem.location
        lines.append(f"{span.path}:{span.line}:{span.column}: {problem.severity.value}: {problem.summary}")
        lines.append(f"  {problem.detail}")
    lines += ["", *(f"{d.name} = {d.value}  # {d.source}" for d in describe(settings))]
    snapshots.check(case.with_suffix(".txt"), "\n".join(lines) + "\n")
