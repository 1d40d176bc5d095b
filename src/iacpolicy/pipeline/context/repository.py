"""Find the root of a repository, and select its files by the settings."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, WorkTree, is_text
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.settings.name_patterns import excludes


def locate(paths: Sequence[Path]) -> tuple[Path, tuple[str, ...]]:
    """Return the root of the repository that contains the paths, and the paths relative to it.

    The root is the nearest directory with `.git` at or above the first path, else the common directory of the paths.

    Raises:
        UsageError: a path does not exist, or the paths are in different repositories.
    """
    found: list[Path] = []
    for path in paths:
        try:
            found.append(path.resolve(strict=True))
        except OSError:
            raise UsageError(f"{path} does not exist. Give a directory or a file to scan.") from None
    homes = [p if p.is_dir() else p.parent for p in found]
    root = _git_top(homes[0])
    if root is None:
        root = homes[0]
        while not all(p.is_relative_to(root) for p in found):
            root = root.parent
    for path, given in zip(found, paths, strict=True):
        if not is_text(str(path.relative_to(root)) if path.is_relative_to(root) else ""):
            raise UsageError(f"{str(given)!a} has a name that is not UTF-8. Rename it.")
        if not path.is_relative_to(root):
            raise UsageError(f"{given} is outside the repository {root}. Scan each repository separately.")
    return root, tuple(dict.fromkeys(_relative(p, root) for p in found))


def _git_top(directory: Path) -> Path | None:
    for candidate in (directory, *directory.parents):
        if (candidate / ".git").exists():
            return candidate
    return None


def _relative(path: Path, root: Path) -> str:
    relative = path.relative_to(root).as_posix()
    return "" if relative == "." else relative


class Repository(WorkTree):
    """The work tree of a repository."""


class SelectedTree:
    """A tree without the files of `exclude` and `left_out`; paths in `selected` are never excluded."""

    def __init__(
        self,
        tree: Tree,
        exclude: Sequence[str] = (),
        selected: Sequence[str] = (),
        left_out: frozenset[str] = frozenset(),
    ) -> None:
        self.tree = tree
        self._left_out = left_out
        self._exclude = tuple(exclude)
        self._selected = tuple(s for s in selected if s)

    @cached_property
    def _listed(self) -> tuple[str, ...]:
        everything = self.tree.paths()
        return tuple(p for p in everything if self._is_seen(p)) if self._exclude or self._left_out else everything

    def paths(self) -> tuple[str, ...]:
        return self._listed

    def unlisted(self) -> tuple[Diagnostic, ...]:
        """Return the diagnostics of directories in the selected paths that could not be listed."""
        problems = self.tree.unlisted()
        return tuple(p for p in problems if p.location is None or self._is_concerned(p.location.path))

    def listing(self, directory: str) -> tuple[str, ...]:
        return self.tree.listing(directory)

    def exists(self, path: str) -> bool:
        return self.tree.exists(path)

    def read_bytes(self, path: str) -> bytes | Diagnostic:
        return self.tree.read_bytes(path)

    def read(self, path: str) -> SourceFile | Diagnostic:
        return self.tree.read(path)

    def _is_concerned(self, directory: str) -> bool:
        if not self._is_seen(f"{directory}/x"):
            return False
        return not (self._selected and directory) or any(
            directory == s or directory.startswith(s + "/") or s.startswith(directory + "/") for s in self._selected
        )

    def _is_seen(self, path: str) -> bool:
        if path not in self._left_out and not excludes(self._exclude, path):
            return True
        return any(path == s or path.startswith(s + "/") for s in self._selected)
