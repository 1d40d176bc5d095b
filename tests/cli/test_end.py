"""End of the process: its exit code, its complete output, and the handlers registered with `atexit`."""

import subprocess
import sys
from pathlib import Path

import pytest

EMPTY_BACKEND = 'terraform {\n  backend "gcs" {\n    bucket = "state"\n  }\n}\n'
LARGE = "".join(f'output "o{number}" {{\n  value = "{"x" * 200}"\n}}\n' for number in range(2_000))


def run(*arguments: str, directory: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in its own process, after the statements in `before`."""
    program = f"import sys\n{before}\nfrom iacpolicy.cli.main import main\nsys.argv[1:] = {list(arguments)!r}\nmain()"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=directory, capture_output=True, text=True, check=False, timeout=60
    )


def test_exit_code(tmp_path: Path) -> None:
    """The exit code is 0 for a clean run, 1 for violations and 2 for wrong use."""
    (tmp_path / "main.tf").write_text(EMPTY_BACKEND, encoding="utf-8")
    scan = ("scan", ".", "--checkov", "off", "--policy", "state-remote-backend")
    assert run(*scan, directory=tmp_path).returncode == 0
    (tmp_path / "main.tf").write_text('resource "terraform_data" "x" {}\n', encoding="utf-8")
    assert run(*scan, directory=tmp_path).returncode == 1
    assert run("scan", "nowhere", directory=tmp_path).returncode == 2
    assert run("--version", directory=tmp_path).returncode == 0


def test_complete_output(tmp_path: Path) -> None:
    """A pipe receives a large output up to its last line."""
    (tmp_path / "main.tf").write_text(LARGE, encoding="utf-8")
    done = run("show", ".", "--stage", "values", directory=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("x" * 200) == 2_000
    assert done.stdout.endswith("\n")


@pytest.mark.parametrize("before", ["", "sys.settrace(lambda *_: None)"])
def test_exit_handlers_run(tmp_path: Path, before: str) -> None:
    """Handlers registered with `atexit` run, with and without a trace function."""
    handler = "import atexit\natexit.register(lambda: print('the end'))"
    done = run("--version", directory=tmp_path, before=f"{handler}\n{before}")
    assert done.stdout.splitlines()[-1] == "the end"
