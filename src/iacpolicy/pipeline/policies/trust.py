"""Trust in the Python policies of a scanned repository.

A repository is untrusted, and a Python policy can run any code. The policies that its settings name run only if the
user has named their directory on the command line or has trusted it. Trust applies to a directory and a hash of its
code, so changed code needs new trust. Policies in YAML are data and always run.
"""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from importlib.machinery import all_suffixes
from pathlib import Path

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.policy.loading.load import policies_under
from iacpolicy.policy.loading.policy import file_of
from iacpolicy.settings.settings import Settings

MAX_FILES = 10_000
MAX_BYTES = 50_000_000
VERSION = 1


class RepositoryPolicies(msgspec.Struct, frozen=True):
    """The policies of the setting `policy_dirs`: folders that may run, and the ids of the others, with errors."""

    folders: tuple[Path, ...] = ()
    refused: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def repository_policies(request: Request, settings: Settings) -> RepositoryPolicies:
    """Return the policies that the settings of the repository name; Python policies only if they are trusted.

    Raises:
        UsageError: a directory that the settings name does not exist.
    """
    folders: list[Path] = []
    refused: list[str] = []
    diagnostics: list[Diagnostic] = []
    place = settings.places.get(("policy_dirs",))
    for name in settings.policy_dirs:
        directory = request.root / name
        if not directory.is_dir():
            raise UsageError(f'`policy_dirs` names "{name}", which is not a directory of the repository.')
        if not directory.resolve().is_relative_to(request.root.resolve()):
            summary = "Directory of policies is outside the repository"
            detail = f'"{name}" of `policy_dirs` is a link out of the repository; its policies did not run.'
            diagnostics.append(error(summary, f"{detail} Name it with --policies.", place))
            continue
        everything = policies_under(directory)
        found = [folder for folder in everything if _is_inside(folder, request.root)]
        lost = len(everything) - len(found)
        if lost:
            detail = f"{lost} policies in {name} did not run, because they are links. Copy them into the repository."
            diagnostics.append(error("Policy is outside the repository", detail, place))
        python = [folder for folder in found if _is_python(folder)]
        problem = _untrusted(request, directory) if python else None
        if problem is None:
            folders += found
            continue
        folders += [folder for folder in found if folder not in python]
        refused += [folder.name for folder in python]
        ids = ", ".join(sorted(folder.name for folder in python))
        detail = (
            f"{problem} Read them, then allow them with `iacpolicy trust`, or with `--policies {name}` for one run."
        )
        diagnostics.append(error("Policies in Python are not trusted", f"{ids} in {name} did not run. {detail}", place))
    return RepositoryPolicies(tuple(folders), tuple(refused), tuple(diagnostics))


def repository_checks(request: Request, settings: Settings) -> tuple[tuple[Path, ...], list[Diagnostic]]:
    """Return the directory of Checkov checks that the settings of the repository name, or an error if not trusted.

    Checks in YAML and JSON are data, but Checkov imports every Python file in their directory.

    Raises:
        UsageError: the directory does not exist, or is outside the repository.
    """
    name = settings.checkov.external_checks_dir
    if name is None:
        return (), []
    directory = _checks_directory(request, name)
    if not _has_code(directory):
        return (directory,), []
    problem = _untrusted(request, directory)
    if problem is None:
        return (directory,), []
    detail = f"The checks in {name} did not run. {problem} Read them, then allow them with `iacpolicy trust`."
    place = settings.places.get(("checkov", "external_checks_dir"))
    return (), [error("Checkov checks are not trusted", detail, place)]


def _checks_directory(request: Request, name: str) -> Path:
    directory = (request.root / name).resolve()
    if not directory.is_dir() or not directory.is_relative_to(request.root.resolve()):
        raise UsageError(f'`checkov.external_checks_dir` names "{name}", which is not a directory of the repository.')
    return directory


def _has_code(directory: Path) -> bool:
    suffixes = tuple(all_suffixes())
    return any(name.endswith(suffixes) for _, _, files in os.walk(directory) for name in files)


def _is_inside(folder: Path, root: Path) -> bool:
    """Report that the file of a policy is inside the repository."""
    file = file_of(folder)
    return file is not None and file.resolve().is_relative_to(root.resolve())


def _is_python(folder: Path) -> bool:
    file = file_of(folder)
    return file is not None and file.suffix == ".py"


def _untrusted(request: Request, directory: Path) -> str | None:
    """Return the reason why the code of a directory must not run; None if it is trusted."""
    real = directory.resolve()
    if any(real.is_relative_to(named) for named in request.policy_dirs):
        return None
    if request.trust_file is None:
        return "Code of a repository runs only if it is trusted."
    known = read_trust(request.trust_file).get(str(real))
    if known is None:
        return "Code of a repository can do anything on this machine, and you have not trusted this code."
    try:
        return None if known == code_hash(real) else "They have changed since they were trusted."
    except UsageError as problem:
        return f"{problem}"


def code_hash(directory: Path) -> str:
    """Return the hash of the paths and bytes of all code under a directory.

    Raises:
        UsageError: a directory is a link, or there is too much code.
    """
    suffixes = tuple(all_suffixes())
    digest = hashlib.sha256()
    count = size = 0
    for top, names, files in os.walk(directory):
        names.sort()
        links = [name for name in names if os.path.islink(os.path.join(top, name))]
        if links:
            raise UsageError(
                f"{os.path.join(top, links[0])} is a link to a directory, which trusted policies must not contain."
            )
        for name in sorted(files):
            if not name.endswith(suffixes):
                continue
            path = Path(top, name)
            count, size = count + 1, size + path.stat().st_size
            if count > MAX_FILES or size > MAX_BYTES:
                raise UsageError(f"{directory} has more than {MAX_FILES} files or {MAX_BYTES} bytes of code.")
            for part in (path.relative_to(directory).as_posix().encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8))
                digest.update(part)
    return "sha256:" + digest.hexdigest()


def read_trust(file: Path) -> dict[str, str]:
    """Return the code hash of each trusted directory; empty if the file does not exist or cannot be read."""
    try:
        document = msgspec.json.decode(file.read_bytes())
        entries = document["directories"] if document["version"] == VERSION else {}
        return {path: known for path, known in entries.items() if isinstance(path, str) and isinstance(known, str)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def trust(request: Request, settings: Settings) -> list[tuple[Path, tuple[str, ...]]]:
    """Trust the Python policies and Checkov checks that the settings of a repository name.

    Return each trusted directory with the names of its policies.

    Raises:
        UsageError: a directory does not exist, or the trust file cannot be written.
    """
    trusted: list[tuple[Path, tuple[str, ...]]] = []
    for name in settings.policy_dirs:
        directory = (request.root / name).resolve()
        if not directory.is_dir() or not directory.is_relative_to(request.root.resolve()):
            raise UsageError(f'`policy_dirs` names "{name}", which is not a directory of the repository.')
        python = tuple(folder.name for folder in policies_under(directory) if _is_python(folder))
        if python:
            trusted.append((directory, python))
    checks = settings.checkov.external_checks_dir
    if checks is not None and _has_code(directory := _checks_directory(request, checks)):
        trusted.append((directory, ("Checkov checks",)))
    if trusted and request.trust_file is not None:
        write_trust(
            request.trust_file,
            {**read_trust(request.trust_file), **{str(directory): code_hash(directory) for directory, _ in trusted}},
        )
    return trusted


def write_trust(file: Path, directories: Mapping[str, str]) -> None:
    """Write the trust file atomically, readable only by its owner.

    Raises:
        UsageError: the file cannot be written.
    """
    import json

    text = json.dumps({"version": VERSION, "directories": dict(sorted(directories.items()))}, indent=2) + "\n"
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
        draft.replace(file)
    except OSError as problem:
        with suppress(OSError):
            draft.unlink()
        raise UsageError(f"{file} cannot be written: {problem.strerror or problem}.") from None
