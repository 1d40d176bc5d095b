"""The fixtures of a policy: small repositories in its folder that pass or fail.

`pass.tf` and `fail.tf` (or `.tofu`, `.sql`) are repositories of one file. The folders `pass/` and `fail/` are
repositories of several files. Marks (`expectations.py`) are on the lines of the findings.
"""

from pathlib import Path
from typing import Literal

import msgspec

from iacpolicy.core.tree import MemoryTree, Tree, WorkTree

FixtureKind = Literal["pass", "fail"]
KINDS: tuple[FixtureKind, ...] = ("pass", "fail")
SUFFIXES = (".tf", ".tofu", ".sql")
# A single file of SQL is read as the one migration of a database.
_MIGRATIONS = "supabase/migrations/"


class Fixture(msgspec.Struct, frozen=True):
    """One repository, as a file or a folder in the folder of its policy."""

    kind: FixtureKind
    path: Path

    def tree(self) -> Tree:
        """Return the files of the repository.

        Raises:
            OSError: the file cannot be read.
        """
        if self.path.is_dir():
            return WorkTree(self.path)
        return MemoryTree({self._mounted: self.path.read_bytes()})

    def shown(self, path: str) -> str:
        """Return a path of the repository relative to the policy's folder."""
        return f"{self.path.name}/{path}" if self.path.is_dir() else self.path.name

    @property
    def _mounted(self) -> str:
        name = self.path.name
        return f"{_MIGRATIONS}0001_{name}" if self.path.suffix == ".sql" else name


def fixtures_of(folder: Path) -> tuple[Fixture, ...]:
    """Return the fixtures in a policy's folder, passing ones first."""
    found: list[Fixture] = []
    for kind in KINDS:
        candidates = (*(folder / f"{kind}{suffix}" for suffix in SUFFIXES), folder / kind)
        found += [Fixture(kind, p) for p in candidates if (p.is_dir() if p.suffix == "" else p.is_file())]
    return tuple(found)
