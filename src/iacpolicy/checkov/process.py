"""Run an untrusted program with limits on time and output, and without network access."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal

import msgspec

CHUNK = 65_536
MAX_ERROR_BYTES = 1_000_000
JOIN_SECONDS = 5.0
# Variables for the start and the encoding of a program; all others may contain settings or credentials.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT")
# No service listens on the discard port of this machine, so a request fails at once.
NO_NETWORK = "http://127.0.0.1:9"


class Finished(msgspec.Struct, frozen=True, gc=False):
    """A finished program; `errors` has the first `MAX_ERROR_BYTES` of its standard error."""

    code: int
    output: bytes
    errors: bytes


class Stopped(msgspec.Struct, frozen=True, gc=False):
    """A program that did not start, or was stopped for its time or its output size."""

    why: Literal["start", "time", "size"]
    detail: str = ""
    errors: bytes = b""


def closed_environment(environ: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """Return an environment without network access, with the home and temporary directories in `scratch`."""
    kept = {name: environ[name] for name in PASSED_ON if name in environ}
    place = str(scratch)
    proxies = {name: NO_NETWORK for scheme in ("HTTP", "HTTPS", "ALL") for name in _both_cases(f"{scheme}_PROXY")}
    return (
        kept
        | proxies
        | {
            "HOME": place,
            "USERPROFILE": place,
            "TMPDIR": place,
            "TEMP": place,
            "TMP": place,
            "NO_COLOR": "1",
            "TERM": "dumb",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "0",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONNOUSERSITE": "1",
        }
    )


def _both_cases(name: str) -> tuple[str, str]:
    return name, name.lower()


def run_bounded(
    command: Sequence[str], *, directory: Path, environ: Mapping[str, str], timeout: float, max_bytes: int
) -> Finished | Stopped:
    """Run a program without standard input, for at most `timeout` seconds and `max_bytes` of standard output."""
    try:
        process = subprocess.Popen(  # noqa: S603  # no shell; the caller names the program
            command,
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as problem:
        return Stopped("start", getattr(problem, "strerror", None) or str(problem))
    assert process.stdout is not None
    assert process.stderr is not None
    output = _Reader(process.stdout, max_bytes, on_overflow=lambda: _kill(process))
    errors = _Reader(process.stderr, MAX_ERROR_BYTES, on_overflow=None)
    late = False
    try:
        process.wait(max(timeout, 0.0))
    except subprocess.TimeoutExpired:
        late = True
    finally:
        # Also after a normal end, because a child process that still runs keeps the pipes open.
        _kill(process)
        process.wait()
        output.join()
        errors.join()
    if late:
        return Stopped("time", f"{timeout:.0f} seconds", errors.data)
    if output.overflowed:
        return Stopped("size", f"{max_bytes} bytes", errors.data)
    return Finished(process.returncode, output.data, errors.data)


class _Reader:
    """A thread that reads a pipe to its end and keeps the first `limit` bytes."""

    def __init__(self, pipe: IO[bytes], limit: int, on_overflow: Callable[[], None] | None) -> None:
        self._pipe = pipe
        self._limit = limit
        self._on_overflow = on_overflow
        self._kept = bytearray()
        self.overflowed = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def data(self) -> bytes:
        return bytes(self._kept)

    def join(self) -> None:
        self._thread.join(JOIN_SECONDS)

    def _read(self) -> None:
        with self._pipe:
            while chunk := os.read(self._pipe.fileno(), CHUNK):
                room = self._limit - len(self._kept)
                self._kept += chunk[:room]
                if len(chunk) > room and not self.overflowed:
                    self.overflowed = True
                    if self._on_overflow is not None:
                        self._on_overflow()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the program and its child processes; the program leads its own process group."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
