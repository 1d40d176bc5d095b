"""Finds the policies of installed packages by entry points of the group `iacpolicy.policies`.

An entry point names a package that contains folders of policies: `acme = "acme_policies.rules"`. The search covers the
directories of installed packages only, because the current directory may contain untrusted code.
"""

import os
import site
from collections.abc import Iterable, Iterator
from pathlib import Path

from iacpolicy.policy.loading.policy import Broken

GROUP = "iacpolicy.policies"
_METADATA = (".dist-info", ".egg-info")
MAX_ENTRY_POINTS = 200_000


def package_directories() -> tuple[str, ...]:
    """Return the directories in which this Python has installed packages."""
    user = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    return tuple(dict.fromkeys((*site.getsitepackages(), *user)))


def installed_folders(directories: Iterable[str] | None = None) -> tuple[list[Path], list[Broken]]:
    """Return the folders of installed policies by name, and the entry points whose package does not exist."""
    searched = list(package_directories() if directories is None else directories)
    # Reading the metadata of packages takes longer than a small scan; searching for the group name does not.
    if not any(_names_group(file) for file in _entry_point_files(searched)):
        return [], []
    from importlib.metadata import distributions

    folders: list[Path] = []
    broken: list[Broken] = []
    points = {(p.name, p.value) for d in distributions(path=searched) for p in d.entry_points if p.group == GROUP}
    for name, value in sorted(points):
        found = _folders_of(value)
        if isinstance(found, str):
            reason = f'the entry point "{name}" of an installed package cannot be resolved: {found}'
            broken.append(Broken(name, Path(), reason))
        else:
            folders += found
    return folders, broken


def _entry_point_files(directories: Iterable[str]) -> Iterator[str]:
    for directory in directories:
        try:
            names = [entry.path for entry in os.scandir(directory) if entry.name.endswith(_METADATA)]
        except OSError:
            continue
        for path in names:
            yield os.path.join(path, "entry_points.txt")


def _names_group(file: str) -> bool:
    try:
        with open(file, "rb") as stream:
            return f"[{GROUP}]".encode() in stream.read(MAX_ENTRY_POINTS)
    except OSError:
        return False


def _folders_of(module: str) -> list[Path] | str:
    """Return the folders of a package by its dotted name, or the reason why there are none."""
    from importlib.util import find_spec

    try:
        spec = find_spec(module)
    except (Exception, SystemExit) as problem:
        return f"{type(problem).__name__}: {problem}"
    if spec is None or not spec.submodule_search_locations:
        return f"there is no package {module}"
    return [Path(location) for location in spec.submodule_search_locations]
