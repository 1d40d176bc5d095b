"""Create the environment of Checkov, only on request."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import TextIO

from iacpolicy.checkov.environment import (
    COMPLETE_MARKER,
    VERSION,
    Environment,
    executable_of,
    own_directory,
    python_of,
)
from iacpolicy.core.diagnostics import Diagnostic, error

STEP_TIMEOUT = 1800
SHOWN_LINES = 15
# These make pip install outside the environment, or let the new interpreter import our packages.
SCRUBBED = frozenset(
    {
        "PIP_CONSTRAINT",
        "PIP_PREFIX",
        "PIP_REQUIREMENT",
        "PIP_ROOT",
        "PIP_TARGET",
        "PIP_USER",
        "PYTHONHOME",
        "PYTHONPATH",
        "VIRTUAL_ENV",
        "__PYVENV_LAUNCHER__",
    }
)


def install(out: TextIO, environ: Mapping[str, str] | None = None) -> Environment | Diagnostic:
    """Create the environment with Checkov and its pinned dependencies, and print each step to `out`.

    A complete environment is kept; an incomplete one is created again.
    """
    environ = os.environ if environ is None else environ
    directory = own_directory(environ)
    made = Environment(executable_of(directory), "own", VERSION)
    if (directory / COMPLETE_MARKER).is_file() and made.executable.is_file():
        out.write(f"Checkov {VERSION} is installed: {directory}\n")
        return made
    try:
        if directory.exists():
            shutil.rmtree(directory)
        directory.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        return _failed(
            f"{directory} cannot be created: {problem.strerror or problem}. Set XDG_DATA_HOME to another directory."
        )
    with as_file(files("iacpolicy.checkov") / "constraints.txt") as constraints:
        failure = _make(out, directory, constraints, environ)
    if failure is None and not made.executable.is_file():
        failure = _failed(f"pip succeeded, but {made.executable} does not exist.")
    if failure is not None:
        shutil.rmtree(directory, ignore_errors=True)
        return failure
    (directory / COMPLETE_MARKER).write_text(f"{VERSION}\n", encoding="utf-8")
    out.write(f"Checkov {VERSION} is ready: {made.executable}\n")
    return made


def _make(out: TextIO, directory: Path, constraints: Path, environ: Mapping[str, str]) -> Diagnostic | None:
    """Create the virtual environment and install Checkov; return an error if a step failed."""
    scrubbed = {name: value for name, value in environ.items() if name not in SCRUBBED}
    pip = [str(python_of(directory)), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    steps: tuple[tuple[str, Sequence[str]], ...] = (
        (f"Creating {directory}", [sys.executable, "-m", "venv", str(directory)]),
        (f"Installing checkov {VERSION}", [*pip, "--constraint", str(constraints), f"checkov=={VERSION}"]),
    )
    for title, command in steps:
        out.write(f"{title}\n")
        out.flush()
        failure = _run(title, command, scrubbed)
        if failure is not None:
            return failure
    return None


def _run(title: str, command: Sequence[str], environ: Mapping[str, str]) -> Diagnostic | None:
    """Run one step; return an error with its last output lines if it failed."""
    try:
        done = subprocess.run(  # noqa: S603  # no shell; the arguments are constants and paths of ours
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=STEP_TIMEOUT,
            check=False,
        )
    except OSError as problem:
        return _failed(f"{title}: {problem.strerror or problem}. Check that this Python has the module venv.")
    except subprocess.TimeoutExpired:
        return _failed(f"{title}: not finished after {STEP_TIMEOUT} seconds. Try again.")
    if done.returncode == 0:
        return None
    output = done.stdout.decode("utf-8", "replace").strip().splitlines()[-SHOWN_LINES:]
    return _failed(
        "\n".join((f"{title} ended with {done.returncode}:", *output, "Fix the problem and run the command again."))
    )


def _failed(detail: str) -> Diagnostic:
    return error("Checkov could not be installed", detail)
