"""Find the environment of Checkov, without starting a process.

Checkov never shares an environment with this package. Its fork of python-hcl2 and python-hcl2 itself both install the
package `hcl2` and overwrite each other, and Checkov pins an old networkx.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error, warning

VERSION = "3.3.30"
VARIABLE = "IACPOLICY_CHECKOV"
INSTALL_COMMAND = "iacpolicy checkov install"
COMPLETE_MARKER = "iacpolicy-complete"

Origin: TypeAlias = Literal["variable", "own", "path"]


class Environment(msgspec.Struct, frozen=True, gc=False):
    """A Checkov that can be started; `version` is None if its environment does not contain it."""

    executable: Path
    origin: Origin
    version: str | None = None


class CheckovLocation(msgspec.Struct, frozen=True, gc=False):
    """The environment of Checkov, or the problem that prevents its use; `directory` is the target of `install`."""

    directory: Path
    environment: Environment | None = None
    problem: Diagnostic | None = None


def find_checkov(environ: Mapping[str, str] | None = None) -> CheckovLocation:
    """Find Checkov: the executable in `IACPOLICY_CHECKOV`, else the installed one, else the one on PATH.

    If the variable does not name an executable, that is a problem, and the search stops.
    """
    environ = os.environ if environ is None else environ
    directory = own_directory(environ)
    named = environ.get(VARIABLE)
    if named:
        executable = Path(named).expanduser()
        if not _is_executable(executable):
            detail = f"{VARIABLE} names {named}, which is not executable. Correct it, or unset it."
            return CheckovLocation(directory, None, error("Checkov is not at the configured path", detail))
        return _usable(directory, executable, "variable")
    own = executable_of(directory)
    if (directory / COMPLETE_MARKER).is_file() and _is_executable(own):
        return CheckovLocation(directory, Environment(own, "own", VERSION))
    found = shutil.which("checkov", path=environ.get("PATH", ""))
    if found:
        return _usable(directory, Path(found), "path")
    return CheckovLocation(directory, None, _missing())


def own_directory(environ: Mapping[str, str]) -> Path:
    """Return the directory of the environment that `install` creates: one per version, in the user's data directory."""
    data = Path(environ.get("XDG_DATA_HOME", ""))
    if not data.is_absolute():
        # A relative XDG_DATA_HOME is ignored: https://specifications.freedesktop.org/basedir-spec/latest/
        data = Path(environ.get("HOME") or Path.home()) / ".local" / "share"
    return data / "iacpolicy" / f"checkov-{VERSION}"


def executable_of(directory: Path) -> Path:
    """Return the path of `checkov` in a virtual environment."""
    if sys.platform == "win32":
        return directory / "Scripts" / "checkov.exe"
    return directory / "bin" / "checkov"


def python_of(directory: Path) -> Path:
    """Return the path of the interpreter of a virtual environment."""
    if sys.platform == "win32":
        return directory / "Scripts" / "python.exe"
    return directory / "bin" / "python"


def _missing() -> Diagnostic:
    return warning(
        "Checkov is not installed",
        f"Its checks did not run. Install it into its own environment with `{INSTALL_COMMAND}`, "
        "or skip it with `--checkov off`.",
    )


def _usable(directory: Path, executable: Path, origin: Origin) -> CheckovLocation:
    """Return the location of another Checkov; it is a problem if python-hcl2 is in its environment."""
    version = None
    for packages in _package_directories(executable):
        version = _installed(packages, "checkov")
        if version and _installed(packages, "python_hcl2"):
            detail = (
                f"{executable} shares its environment with python-hcl2; both install the package `hcl2`, so one of "
                f"them is broken. Use a separate environment: `{INSTALL_COMMAND}`."
            )
            return CheckovLocation(directory, None, error("Checkov's environment is broken", detail))
        if version:
            break
    return CheckovLocation(directory, Environment(executable, origin, version))


def _package_directories(executable: Path) -> Iterator[Path]:
    """Yield the `site-packages` next to an executable, its link target, and the interpreter in its first line."""
    real = executable.resolve()
    prefixes = [executable.parent.parent, real.parent.parent]
    try:
        with real.open("rb") as script:
            first = script.readline(1000)
    except OSError:
        first = b""
    if first.startswith(b"#!/"):
        interpreter = first[2:].decode("utf-8", "replace").split()
        if interpreter:
            prefixes.append(Path(interpreter[0]).parent.parent)
    for prefix in dict.fromkeys(prefixes):
        yield from sorted(prefix.glob("lib/python3*/site-packages"))
        windows = prefix / "Lib" / "site-packages"
        if sys.platform == "win32" and windows.is_dir():
            yield windows


def _installed(packages: Path, name: str) -> str | None:
    """Return the version of a distribution in `site-packages`, from the name of its metadata directory."""
    for entry in sorted(packages.glob(f"{name}-*.dist-info")):
        return entry.name.removeprefix(f"{name}-").removesuffix(".dist-info")
    return None


def _is_executable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
