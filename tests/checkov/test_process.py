"""Limits for a program that does not end, prints too much, or uses the network or credentials."""

import sys
import time
from pathlib import Path

import pytest

from iacpolicy.checkov.process import Finished, Stopped, closed_environment, run_bounded


def run_python(code: str, directory: Path, timeout: float = 20, max_bytes: int = 1000) -> Finished | Stopped:
    """Run a line of Python with limits."""
    return run_bounded(
        [sys.executable, "-c", code], directory=directory, environ={}, timeout=timeout, max_bytes=max_bytes
    )


def test_both_streams_and_the_code_come_back(tmp_path: Path) -> None:
    """Output, errors and exit code are separate, and standard input is empty."""
    code = "import sys; print(len(sys.stdin.read())); print('e', file=sys.stderr); sys.exit(4)"
    assert run_python(code, tmp_path) == Finished(4, b"0\n", b"e\n")


@pytest.mark.timeout(30)
def test_a_program_that_does_not_end_is_stopped_with_its_children(tmp_path: Path) -> None:
    """After the timeout, the program and a child that keeps the pipe open are killed."""
    child = f"import time; time.sleep(2); open({str(tmp_path / 'late')!r}, 'w')"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    done = run_python(code, tmp_path, timeout=1)
    assert isinstance(done, Stopped)
    assert done.why == "time"
    time.sleep(2)
    assert not (tmp_path / "late").exists()


def test_a_program_that_says_too_much_is_stopped(tmp_path: Path) -> None:
    """A program with endless output is stopped at the limit."""
    done = run_python("while True: print('x' * 1000)", tmp_path, max_bytes=100_000)
    assert isinstance(done, Stopped)
    assert done.why == "size"


def test_output_up_to_the_limit_is_whole(tmp_path: Path) -> None:
    """Output of exactly the allowed size is no overflow."""
    assert run_python("print('x' * 999)", tmp_path) == Finished(0, b"x" * 999 + b"\n", b"")


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    """A program that cannot start gives a result with the cause."""
    done = run_bounded([str(tmp_path / "no")], directory=tmp_path, environ={}, timeout=1, max_bytes=1)
    assert isinstance(done, Stopped)
    assert (done.why, done.detail) == ("start", "No such file or directory")


def test_the_environment_carries_nothing_over(tmp_path: Path) -> None:
    """The program gets no Checkov settings, credentials or home directory, and its proxies do not exist."""
    environ = {
        "PATH": "/bin",
        "LANG": "C.UTF-8",
        "HOME": "/home/somebody",
        "BC_API_KEY": "k",
        "CKV_CHECK": "CKV_1",
        "PRISMA_API_URL": "https://example.com",
        "AWS_SECRET_ACCESS_KEY": "s",
        "https_proxy": "https://proxy.example.com",
        "PYTHONPATH": "/evil",
    }
    closed = closed_environment(environ, tmp_path)
    assert (closed["PATH"], closed["LANG"], closed["HOME"]) == ("/bin", "C.UTF-8", str(tmp_path))
    assert not {"BC_API_KEY", "CKV_CHECK", "PRISMA_API_URL", "AWS_SECRET_ACCESS_KEY", "PYTHONPATH"} & closed.keys()
    assert {value for name, value in closed.items() if name.lower().endswith("_proxy")} == {"http://127.0.0.1:9"}
