"""Run the real Checkov, in its own process and environment, over directories of the scanned repository."""

import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from iacpolicy.checkov import environment, messages, process, results
from iacpolicy.checkov.environment import Environment
from iacpolicy.checkov.results import CheckovResult
from iacpolicy.core.diagnostics import Diagnostic, Level, error
from iacpolicy.core.spans import file_start
from iacpolicy.core.tree import normalise

OWN_CHECKS = "CKV_IACPOLICY_*,CKV2_IACPOLICY_*"
DEFAULT_TIMEOUT = 600.0
MAX_OUTPUT_BYTES = 200_000_000
SKIP_HINT = "skip Checkov with `--checkov off`"


class CheckovRun(msgspec.Struct, frozen=True, gc=False):
    """Results in report order, all problems, and the version; the version is None if Checkov did not run."""

    results: tuple[CheckovResult, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    version: str | None = None


class _ProcessSettings(msgspec.Struct, frozen=True, gc=False):
    """The variables from which the environment of the Checkov process is made."""

    environ: Mapping[str, str]
    switches: Mapping[str, str]


def run(
    root: Path,
    scan: Sequence[str],
    *,
    checks_dirs: Sequence[Path],
    whole_catalogue: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
    exclude: Sequence[str] = (),
    required: bool = False,
    environ: Mapping[str, str] | None = None,
    max_output: int = MAX_OUTPUT_BYTES,
) -> CheckovRun:
    """Run the custom checks, and Checkov's whole catalogue on request; failures of Checkov become diagnostics.

    Each directory has its own process, because Checkov would use the files of the first directory for the second one.
    Python in `checks_dirs` is executed, so they must be trusted. Settings in the scanned repository are not read.

    Args:
        root: the root of the scanned repository, to which the paths of the results are relative.
        scan: directories relative to it; a file selects its directory.
        checks_dirs: directories of custom checks.
        whole_catalogue: True to run the checks of Checkov too.
        timeout: seconds for all directories together.
        exclude: files and directories relative to `root` that Checkov must not enter.
        required: True if a missing Checkov makes the run incomplete.
    """
    environ = os.environ if environ is None else environ
    found = environment.find_checkov(environ)
    if found.environment is None:
        problem = found.problem
        if required and problem is not None:
            problem = msgspec.structs.replace(problem, severity=Level.ERROR)
        return CheckovRun(diagnostics=(problem,) if problem is not None else ())
    root = root.resolve()
    directories, refused = _directories(root, scan)
    checks, missing = _checks(checks_dirs)
    collected: set[CheckovResult] = set()
    diagnostics: dict[Diagnostic, None] = dict.fromkeys([*refused, *missing])
    version = found.environment.version
    arguments = _arguments(checks, whole_catalogue, _skip_patterns(root, exclude))
    process_settings = _ProcessSettings(environ, _switches(found.directory, found.environment))
    end = time.monotonic() + timeout
    for directory in directories:
        # One argument, because Checkov reads settings from the directory in a separate argument.
        command = [str(found.environment.executable.absolute()), f"--directory={root / directory}", *arguments]
        one = _run_one(command, root, directory, process_settings, end - time.monotonic(), timeout, max_output)
        collected.update(one.results)
        diagnostics |= dict.fromkeys(one.diagnostics)
        version = version or one.version
    return CheckovRun(tuple(sorted(collected, key=lambda result: result.sort_key)), tuple(diagnostics), version)


def _run_one(
    command: Sequence[str],
    root: Path,
    directory: str,
    process_settings: _ProcessSettings,
    left: float,
    timeout: float,
    max_output: int,
) -> CheckovRun:
    """Scan one directory; the working directory is empty, because Checkov reads settings from it and from the home."""
    if left <= 0:
        return _failed(directory, f"The {timeout:.0f} seconds for Checkov were used up before this directory.")
    with tempfile.TemporaryDirectory(prefix="iacpolicy-checkov-") as name:
        scratch = Path(name)
        closed = {**process.closed_environment(process_settings.environ, scratch), **process_settings.switches}
        done = process.run_bounded(command, directory=scratch, environ=closed, timeout=left, max_bytes=max_output)
    if isinstance(done, process.Stopped):
        return _failed(directory, _stopped(done, command[0], timeout), messages.read(done.errors, root))
    logged = messages.read(done.errors, root)
    output = results.parse(done.output, root)
    if done.code != 0:
        last = messages.last_line(done.errors, root)
        return _failed(directory, f"Checkov ended with exit code {done.code}" + (f": {last}." if last else "."), logged)
    if output is None:
        return _failed(directory, "Checkov did not print the expected JSON.", logged)
    return CheckovRun(output.results, (*output.diagnostics, *logged), output.version)


def _switches(directory: Path, found: Environment) -> dict[str, str]:
    """Return the variables that configure Checkov, with a cache directory for the compiled grammar of its parser.

    The parser caches the grammar as a pickle in the directory for temporary files. Other users could write code to a
    shared directory. A new directory needs a new compilation, a quarter of the time of a short run. So the cache is
    next to our own Checkov.
    """
    switches = {"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true", "LOG_LEVEL": "WARNING"}
    if found.origin != "own":
        return switches
    kept = directory / "cache"
    try:
        kept.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return switches
    return switches | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(kept)) if os.access(kept, os.W_OK) else switches


def _stopped(done: process.Stopped, executable: str, timeout: float) -> str:
    match done.why:
        case "start":
            return f"{executable} did not start: {done.detail}. Check it with `iacpolicy checkov status`."
        case "time":
            return f"Checkov was stopped: it was not finished after {timeout:.0f} seconds."
        case "size":
            return f"Checkov was stopped: it printed more than {done.detail}."


def _failed(directory: str, cause: str, logged: Iterable[Diagnostic] = ()) -> CheckovRun:
    place = directory or "the repository"
    # Do not suggest to run checkov directly: it would use the settings of an untrusted repository.
    detail = f"{cause} Its checks did not run for {place}. Scan fewer files, try again, or {SKIP_HINT}."
    return CheckovRun(diagnostics=(error("Checkov failed", detail), *logged))


def _arguments(checks: Sequence[Path], whole_catalogue: bool, skipped: Sequence[str]) -> list[str]:
    """Return the options of Checkov without the directory; external checks run for all ids."""
    arguments = ["--framework", "terraform", "--output", "json", "--compact", "--soft-fail", "--skip-download"]
    arguments += ["--download-external-modules", "false"]
    for path in checks:
        arguments += ["--external-checks-dir", str(path)]
    for pattern in skipped:
        arguments += ["--skip-path", pattern]
    if not whole_catalogue:
        arguments += ["--check", OWN_CHECKS, "--run-all-external-checks"]
    return arguments


def _checks(checks_dirs: Sequence[Path]) -> tuple[list[Path], list[Diagnostic]]:
    """Return the directories of checks that exist, and an error for each of the others."""
    present: list[Path] = []
    missing: list[Diagnostic] = []
    for path in checks_dirs:
        if path.is_dir():
            present.append(path.resolve())
        else:
            missing.append(
                error("No such directory of Checkov checks", f"{path} is not a directory. Correct the path.")
            )
    return list(dict.fromkeys(present)), missing


def _directories(root: Path, scan: Sequence[str]) -> tuple[list[str], list[Diagnostic]]:
    """Return the directories to scan, sorted and without nested ones, and an error for each rejected path."""
    asked: set[str] = set()
    refused: list[Diagnostic] = []
    for path in scan:
        clean = normalise(path)
        full = root / clean if clean is not None else root
        if clean is None or not full.resolve().is_relative_to(root):
            refused.append(
                error("Path leaves the repository", f"{path} is outside the repository; Checkov did not scan it.")
            )
        elif full.is_dir():
            asked.add(clean)
        elif full.is_file():
            asked.add(clean.rpartition("/")[0])
        else:
            refused.append(
                error(
                    "No such file or directory", f"{path} does not exist; Checkov did not scan it.", file_start(clean)
                )
            )
    return [one for one in sorted(asked) if not any(other in asked for other in _above(one))], refused


def _above(directory: str) -> Iterator[str]:
    while directory:
        directory = directory.rpartition("/")[0]
        yield directory


def _skip_patterns(root: Path, exclude: Sequence[str]) -> list[str]:
    """Return the patterns of excluded paths; Checkov searches them in absolute paths."""
    cleaned = (normalise(path) for path in exclude)
    return [f"^{re.escape(str(root / path))}(/|$)" for path in cleaned if path]
