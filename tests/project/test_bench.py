"""The benchmark harness: its counts, and its handling of failures."""

import sys
from pathlib import Path

import pytest
from bench.cases import Row, Skipped, commit_of, eks
from bench.measure import Command, CommandError, Cost, compare, run
from bench.run import page

BUSY = "import time\nwhile time.process_time() < 0.3: pass"


def python(code: str, directory: Path, *codes: int) -> Command:
    """A run of Python code."""
    return Command([sys.executable, "-c", code], directory, codes or (0,))


def test_the_time_of_what_a_command_starts_is_counted(tmp_path: Path) -> None:
    """The CPU time of child processes counts."""
    starts = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BUSY!r}], check=True)"
    idle = run(python("import time; time.sleep(0.3)", tmp_path))
    assert run(python(starts, tmp_path)).cpu >= 0.3 > idle.cpu
    assert idle.wall >= 0.3


def test_memory_is_in_mebibytes(tmp_path: Path) -> None:
    """A command that uses 100 MiB measures its own memory, although its parent uses 300 MiB."""
    ours = bytearray(b"x") * (300 << 20)
    assert 100 < run(python("x = bytearray(b'x') * (100 << 20)", tmp_path)).memory < 200
    assert run(python("pass", tmp_path)).memory < 50
    del ours


def test_a_command_that_fails_stops_the_run(tmp_path: Path) -> None:
    """A crash raises an error, and is not measured as a fast run."""
    with pytest.raises(CommandError, match=r"(?s)ended with 3: .*broken"):
        run(python("import sys; print('broken', file=sys.stderr); sys.exit(3)", tmp_path, 0, 1))
    with pytest.raises(CommandError, match="nothing-of-this-name"):
        run(Command([str(tmp_path / "nothing-of-this-name")], tmp_path))
    assert run(python("raise SystemExit(3)", tmp_path, 3)).code == 3


def test_compared_commands_run_in_turns(tmp_path: Path) -> None:
    """Compared commands run in turns."""
    commands = {name: python(f"open('log', 'a').write('{name}')", tmp_path) for name in "ab"}
    assert set(compare(commands, 2)) == {"a", "b"}
    assert (tmp_path / "log").read_text(encoding="utf-8") == "ab" * 3


def test_a_missing_checkout_is_skipped_with_the_remedy(tmp_path: Path) -> None:
    """A skipped measurement is reported, with the command that fetches its input."""
    [skipped] = eks(tmp_path, 1, with_checkov=False)
    assert isinstance(skipped, Skipped)
    assert f"git clone https://github.com/terraform-aws-modules/terraform-aws-eks {tmp_path}" in skipped.reason
    assert commit_of(tmp_path) is None


def test_a_budget_that_does_not_hold_is_said_so() -> None:
    """The table marks a missed budget."""
    rows: list[Row | Skipped] = [
        Row("a", Cost(1.5, 2, 30.4, 0), (("3x, at most 2x", False), ("30 MiB", True))),
        Skipped("b", "why"),
    ]
    text = page(rows, "abc123")
    assert "| `a` | 1.500 s | 2.000 s | 30 MiB | **over:** 3x, at most 2x; 30 MiB |\n" in text
    assert "Not measured: b (why).\n" in text
    assert "terraform-aws-eks at abc123" in text
