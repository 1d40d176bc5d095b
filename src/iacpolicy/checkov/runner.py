"""Runs the real Checkov, in its own process and environment, over directories of the scanned repository."""

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
LEAVE_OUT = "leave Checkov out with `--checkov off`"


class CheckovRun(msgspec.Struct, frozen=True, gc=False):
    """Results in report order, everything that went wrong, and the version; None where nothing ran."""

    results: tuple[CheckovResult, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    version: str | None = None


class _ProcessSettings(msgspec.Struct, frozen=True, gc=False):
    """From what the environment of Checkov's process is made."""

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
    """Runs the custom checks, or Checkov's whole catalogue with them, and never raises for what Checkov does.

    Each directory is a process of its own, because Checkov judges a second directory by the first one's files.
    Python in `checks_dirs` is executed, so they must be trusted; settings in the scanned repository are not read.

    Args:
        root: the root of the scanned repository, to which the paths of the results are relative.
        scan: directories relative to it; a file stands for the directory it lies in.
        checks_dirs: directories of custom checks.
        whole_catalogue: whether Checkov's own checks run too.
        timeout: seconds for all directories together.
        exclude: files and directories relative to `root` that Checkov must not enter.
        required: whether a Checkov that is not installed makes the run incomplete.
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
        # In one word: Checkov reads settings in the directory that follows the word `--directory`.
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
    """One directory; the working directory is empty, because Checkov reads settings from it and from the home."""
    if left <= 0:
        return _failed(directory, f"The {timeout:.0f} seconds for Checkov were over before its turn came.")
    with tempfile.TemporaryDirectory(prefix="iacpolicy-checkov-") as name:
        scratch = Path(name)
        closed = {**process.closed_environment(process_settings.environ, scratch), **process_settings.switches}
        done = process.run_bounded(command, directory=scratch, environ=closed, timeout=left, max_bytes=max_output)
    if isinstance(done, process.Stopped):
        return _failed(directory, _stopped(done, command[0], timeout), messages.read(done.errors, root))
    said = messages.read(done.errors, root)
    output = results.parse(done.output, root)
    if done.code != 0:
        last = messages.last_line(done.errors, root)
        return _failed(directory, f"Checkov ended with {done.code}" + (f": {last}." if last else "."), said)
    if output is None:
        return _failed(directory, "Checkov did not print the JSON that it should print.", said)
    return CheckovRun(output.results, (*output.diagnostics, *said), output.version)


def _switches(directory: Path, found: Environment) -> dict[str, str]:
    """What Checkov is told by variables, and a place of its own for the grammar that its parser keeps compiled.

    The parser keeps it in the directory for temporary files, as a pickle: in the shared one anybody could plant code,
    and in a new one it is compiled anew, a quarter of the time of a short run. So it is kept beside our own Checkov.
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
            return f"Checkov was stopped: it was not done after {timeout:.0f} seconds."
        case "size":
            return f"Checkov was stopped: it printed more than {done.detail}."


def _failed(directory: str, cause: str, said: Iterable[Diagnostic] = ()) -> CheckovRun:
    place = directory or "the repository"
    # Not "run checkov yourself": over a stranger's directory that obeys the stranger's settings.
    detail = f"{cause} Its checks did not judge {place}. Scan less at a time, try again, or {LEAVE_OUT}."
    return CheckovRun(diagnostics=(error("Checkov failed", detail), *said))


def _arguments(checks: Sequence[Path], whole_catalogue: bool, skipped: Sequence[str]) -> list[str]:
    """Checkov's options but for the directory. External checks run whatever their ids are."""
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
    """The directories of checks that exist, and a diagnostic for each that does not."""
    present: list[Path] = []
    missing: list[Diagnostic] = []
    for path in checks_dirs:
        if path.is_dir():
            present.append(path.resolve())
        else:
            missing.append(error("No such directory of Checkov checks", f"{path} is no directory. Correct the path."))
    return list(dict.fromkeys(present)), missing


def _directories(root: Path, scan: Sequence[str]) -> tuple[list[str], list[Diagnostic]]:
    """What to scan, sorted, without what lies in another one of them, and a diagnostic for each path refused."""
    asked: set[str] = set()
    refused: list[Diagnostic] = []
    for path in scan:
        clean = normalise(path)
        full = root / clean if clean is not None else root
        if clean is None or not full.resolve().is_relative_to(root):
            refused.append(
                error("Path leaves the repository", f"{path} lies outside the repository; Checkov did not see it.")
            )
        elif full.is_dir():
            asked.add(clean)
        elif full.is_file():
            asked.add(clean.rpartition("/")[0])
        else:
            refused.append(
                error("No such file or directory", f"{path} is not there; Checkov did not see it.", file_start(clean))
            )
    return [one for one in sorted(asked) if not any(other in asked for other in _above(one))], refused


def _above(directory: str) -> Iterator[str]:
    while directory:
        directory = directory.rpartition("/")[0]
        yield directory


def _skip_patterns(root: Path, exclude: Sequence[str]) -> list[str]:
    """Checkov searches each pattern in the absolute path of what it is about to enter."""
    cleaned = (normalise(path) for path in exclude)
    return [f"^{re.escape(str(root / path))}(/|$)" for path in cleaned if path]
