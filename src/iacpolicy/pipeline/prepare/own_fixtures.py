"""The fixtures of the policies in a repository, which break rules on purpose and are not infrastructure."""

from collections.abc import Iterable
from pathlib import Path

from iacpolicy.core.diagnostics import Diagnostic, note
from iacpolicy.core.tree import Tree, parent
from iacpolicy.pipeline.context.request import Request
from iacpolicy.settings.settings import Settings


def fixtures_below(tree: Tree, request: Request, settings: Settings) -> frozenset[str]:
    """Return the paths of fixtures in the policy directories of the settings and the command line."""
    named = (_inside(folder, request.root) for folder in request.policy_dirs)
    directories = {*settings.policy_dirs, *(d for d in named if d is not None)}
    if not directories:
        return frozenset()
    paths = [p for p in tree.paths() if any(not d or p.startswith(f"{d}/") for d in directories)]
    if not paths:
        return frozenset()
    from iacpolicy.policy.testing.fixtures import KINDS, SUFFIXES  # slow to import

    names = {*KINDS, *(f"{kind}{suffix}" for kind in KINDS for suffix in SUFFIXES)}
    folders = {parent(p) for p in paths if _is_policy(p)}
    return frozenset(p for p in paths if _is_fixture(p, folders, names))


def fixtures_note(left_out: Iterable[str], selected: Iterable[str]) -> tuple[Diagnostic, ...]:
    """Return a note with the number of excluded fixtures; none for paths that the command line names."""
    count = sum(not any(p == s or p.startswith(f"{s}/") for s in selected if s) for p in left_out)
    if not count:
        return ()
    files = "1 file is a fixture" if count == 1 else f"{count} files are fixtures"
    return (note("Fixtures of policies were not scanned", f"{files} of policies, which `iacpolicy test` runs."),)


def _inside(folder: Path, root: Path) -> str | None:
    real, top = folder.resolve(), root.resolve()
    if not real.is_relative_to(top):
        return None
    path = real.relative_to(top).as_posix()
    return "" if path == "." else path


def _is_policy(path: str) -> bool:
    from iacpolicy.policy.loading.policy import YAML_NAMES, module_name

    folder, _, name = path.rpartition("/")
    return name in YAML_NAMES or name == f"{module_name(folder.rpartition('/')[2])}.py"


def _is_fixture(path: str, folders: set[str], names: set[str]) -> bool:
    parts = path.split("/")
    return any(parts[at] in names and "/".join(parts[:at]) in folders for at in range(1, len(parts)))
