"""Whether the Python policies of the scanned repository may run: its owner has said so, on this machine, of this code.

A repository is a stranger's text, and a policy in Python can do anything. What its settings name runs only where the
user has named the directory on the command line, or has trusted it; trust is of a directory and of the code in it, so
that a change asks again. Policies in YAML are data and always run.
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
    """What the setting `policy_dirs` brings: folders that may run, and ids that may not with the reason."""

    folders: tuple[Path, ...] = ()
    refused: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def repository_policies(request: Request, settings: Settings) -> RepositoryPolicies:
    """The policies that the repository's settings name, those in Python only where they are trusted.

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
            raise UsageError(f'`policy_dirs` names "{name}", which is no directory of the repository.')
        if not directory.resolve().is_relative_to(request.root.resolve()):
            summary = "Directory of policies lies outside the repository"
            told = f'"{name}" of `policy_dirs` is a link that leads outside the repository; nothing in it ran.'
            diagnostics.append(error(summary, f"{told} Name it with --policies.", place))
            continue
        everything = policies_under(directory)
        found = [folder for folder in everything if _is_inside(folder, request.root)]
        lost = len(everything) - len(found)
        if lost:
            told = f"{lost} of the policies in {name} did not run: a link leads to it. Copy it into the repository."
            diagnostics.append(error("Policy lies outside the repository", told, place))
        python = [folder for folder in found if _is_python(folder)]
        problem = _untrusted(request, directory) if python else None
        if problem is None:
            folders += found
            continue
        folders += [folder for folder in found if folder not in python]
        refused += [folder.name for folder in python]
        ids = ", ".join(sorted(folder.name for folder in python))
        detail = f"{problem} Read them; then `iacpolicy trust` lets them run, or `--policies {name}` for one run."
        diagnostics.append(error("Policies in Python are not trusted", f"{ids} in {name} did not run. {detail}", place))
    return RepositoryPolicies(tuple(folders), tuple(refused), tuple(diagnostics))


def repository_checks(request: Request, settings: Settings) -> tuple[tuple[Path, ...], list[Diagnostic]]:
    """The directory of Checkov checks that the repository's settings name, or why it may not run.

    Checks in YAML and JSON are data; Checkov imports every Python file that lies beside them.

    Raises:
        UsageError: it does not exist, or lies outside the repository.
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
    detail = f"The checks in {name} did not run. {problem} Read them; then `iacpolicy trust` lets them run."
    place = settings.places.get(("checkov", "external_checks_dir"))
    return (), [error("Checkov checks are not trusted", detail, place)]


def _checks_directory(request: Request, name: str) -> Path:
    directory = (request.root / name).resolve()
    if not directory.is_dir() or not directory.is_relative_to(request.root.resolve()):
        raise UsageError(f'`checkov.external_checks_dir` names "{name}", which is no directory of the repository.')
    return directory


def _has_code(directory: Path) -> bool:
    suffixes = tuple(all_suffixes())
    return any(name.endswith(suffixes) for _, _, files in os.walk(directory) for name in files)


def _is_inside(folder: Path, root: Path) -> bool:
    """Whether the file of a policy is one of the repository's."""
    file = file_of(folder)
    return file is not None and file.resolve().is_relative_to(root.resolve())


def _is_python(folder: Path) -> bool:
    file = file_of(folder)
    return file is not None and file.suffix == ".py"


def _untrusted(request: Request, directory: Path) -> str | None:
    """Why the code of a directory may not run; None where it may."""
    real = directory.resolve()
    if any(real.is_relative_to(named) for named in request.policy_dirs):
        return None
    if request.trust_file is None:
        return "Code of a repository runs only where it is trusted."
    known = read_trust(request.trust_file).get(str(real))
    if known is None:
        return "Code of a repository can do anything on this machine, and nobody has trusted this."
    try:
        return None if known == code_hash(real) else "They have changed since they were trusted."
    except UsageError as problem:
        return f"{problem}"


def code_hash(directory: Path) -> str:
    """The hash of all code under a directory, by its paths and its bytes.

    Raises:
        UsageError: a link leads elsewhere, or there is too much of it.
    """
    suffixes = tuple(all_suffixes())
    digest = hashlib.sha256()
    count = size = 0
    for top, names, files in os.walk(directory):
        names.sort()
        links = [name for name in names if os.path.islink(os.path.join(top, name))]
        if links:
            raise UsageError(
                f"{os.path.join(top, links[0])} is a link to a directory; policies that are trusted have none."
            )
        for name in sorted(files):
            if not name.endswith(suffixes):
                continue
            path = Path(top, name)
            count, size = count + 1, size + path.stat().st_size
            if count > MAX_FILES or size > MAX_BYTES:
                raise UsageError(f"{directory} holds more code than {MAX_FILES} files and {MAX_BYTES} bytes.")
            for part in (path.relative_to(directory).as_posix().encode(), path.read_bytes()):
                digest.update(len(part).to_bytes(8))
                digest.update(part)
    return "sha256:" + digest.hexdigest()


def read_trust(file: Path) -> dict[str, str]:
    """The hash of the code of each directory that is trusted; nothing, where the file is not there or not readable."""
    try:
        document = msgspec.json.decode(file.read_bytes())
        entries = document["directories"] if document["version"] == VERSION else {}
        return {path: known for path, known in entries.items() if isinstance(path, str) and isinstance(known, str)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def trust(request: Request, settings: Settings) -> list[tuple[Path, tuple[str, ...]]]:
    """Let the Python policies and Checkov checks that a repository's settings name run; the directories, and what is
    in each.

    Raises:
        UsageError: there is nothing to trust, or it cannot be written down.
    """
    trusted: list[tuple[Path, tuple[str, ...]]] = []
    for name in settings.policy_dirs:
        directory = (request.root / name).resolve()
        if not directory.is_dir() or not directory.is_relative_to(request.root.resolve()):
            raise UsageError(f'`policy_dirs` names "{name}", which is no directory of the repository.')
        python = tuple(folder.name for folder in policies_under(directory) if _is_python(folder))
        if python:
            trusted.append((directory, python))
    checks = settings.checkov.external_checks_dir
    if checks is not None and _has_code(directory := _checks_directory(request, checks)):
        trusted.append((directory, ("checks for Checkov",)))
    if trusted and request.trust_file is not None:
        write_trust(
            request.trust_file,
            {**read_trust(request.trust_file), **{str(directory): code_hash(directory) for directory, _ in trusted}},
        )
    return trusted


def write_trust(file: Path, directories: Mapping[str, str]) -> None:
    """Write trust down, readable by its owner alone, whole or not at all.

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
