"""Runs a program that is not trusted to end, to be brief, or to leave the network alone."""

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
# What a program needs to start and to write in the right encoding; everything else may carry settings or credentials.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT")
# Nothing listens on the discard port of this machine, so a request ends at once instead of leaving.
NO_NETWORK = "http://127.0.0.1:9"


class Finished(msgspec.Struct, frozen=True, gc=False):
    """A program that ended by itself; of its standard error the first `MAX_ERROR_BYTES`."""

    code: int
    output: bytes
    errors: bytes


class Stopped(msgspec.Struct, frozen=True, gc=False):
    """A program that did not start, or was stopped because it took too long or said too much."""

    why: Literal["start", "time", "size"]
    detail: str = ""
    errors: bytes = b""


def closed_environment(environ: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """The environment for a program whose home and temporary files are in `scratch` and that reaches no network."""
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
    """Runs a program without standard input, for at most `timeout` seconds and `max_bytes` of standard output."""
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
        # Also after a good end: a child that outlived it would hold the pipes open.
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
    """Reads a pipe to its end in a thread of its own and keeps what fits."""

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
    """Ends the program and what it started; the program leads a process group of its own."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
