"""The scanned repository as a tree of files. All of its bytes are read through a tree.

A tree confines (no path leads outside), bounds (a file has at most `max_bytes`) and decodes (UTF-8 only). A refused
file is returned as a diagnostic with the reason.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Protocol

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start

MAX_BYTES = 10_000_000
MAX_SQL_BYTES = 200_000_000
"""A dump is mostly rows, which its reader drops first."""

MAX_FILES = 200_000
SOURCES = (".tf", ".tofu", ".json", ".tfvars", ".tfbackend", ".sql", ".yaml", ".yml", ".toml")
SKIPPED_DIRECTORIES = frozenset({"node_modules", "__pycache__"})


class Tree(Protocol):
    """Files by path relative to the repository root, with `/`; names that are not UTF-8 are left out."""

    def paths(self) -> tuple[str, ...]:
        """Return every file, sorted; dot-directories and `node_modules` are left out."""
        ...

    def unlisted(self) -> tuple[Diagnostic, ...]:
        """Return problems that keep files out of `paths`, sorted by place."""
        ...

    def listing(self, directory: str) -> tuple[str, ...]:
        """Return the sorted paths of the files directly in a directory, which may be a dot-directory."""
        ...

    def exists(self, path: str) -> bool:
        """Report whether the path is a regular file, listed or not."""
        ...

    def read_bytes(self, path: str) -> bytes | Diagnostic:
        """Return the bytes of a file, or a diagnostic with the reason why it cannot be read."""
        ...

    def read(self, path: str) -> SourceFile | Diagnostic:
        """Return the text of a file, or a diagnostic with the reason why it cannot be read."""
        ...


def normalise(path: str) -> str | None:
    """Return the path without `.` and `..`, or None if it is outside the tree or absolute."""
    if path.startswith("/") or "\\" in path or "\0" in path or not is_text(path):
        return None
    parts: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def join(directory: str, path: str) -> str | None:
    """Return a path relative to a directory of the tree, or None where it leaves the tree."""
    return normalise(f"{directory}/{path}" if directory else path)


def parent(path: str) -> str:
    """Return the directory of a path; the empty string is the root."""
    return path.rpartition("/")[0]


def max_bytes(path: str) -> int:
    """Return the bound of a file's size in bytes."""
    return MAX_SQL_BYTES if path.endswith(".sql") else MAX_BYTES


def too_large(path: str, size: int) -> Diagnostic:
    """Return an error for a file that is too large to be read."""
    what = f"{path} has {size} bytes; of this kind, files of more than {max_bytes(path)} bytes are not read."
    return error("File is too large", what, file_start(path))


def is_text(path: str) -> bool:
    """Report whether the name of a file is UTF-8; other names appear in no report, address or value."""
    return path.isascii() or not any("\ud800" <= char <= "\udfff" for char in path)


def misnamed(path: str) -> Diagnostic | None:
    """Return an error for a source file whose name is not UTF-8; None for a file that would not be read."""
    if not path.endswith(SOURCES):
        return None
    spelled = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return error("Name is not UTF-8", f"{spelled} was not read, because its name is not UTF-8. Rename it.")


def too_many() -> Diagnostic:
    """Return an error for a tree whose listing was cut off."""
    return error(
        "Too many files",
        f"The repository has more than {MAX_FILES} files; the rest was not checked. Scan a part of it, "
        "outside of git, or move files away that are no sources (limit: number of files).",
    )


def decode(path: str, data: bytes) -> SourceFile | Diagnostic:
    """Return the text of a file: UTF-8, a byte order mark dropped."""
    try:
        return SourceFile(path, data.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        return error(
            "File is not UTF-8",
            f"Byte {data[problem.start]:#04x} on line {line} is not UTF-8, so the file was not read. Save it in UTF-8.",
            Span(path, line, 1, line, 1),
        )


def _unreadable(directory: str, failure: OSError) -> Diagnostic:
    return error(
        "Directory cannot be read",
        f"{directory or '.'}: {failure.strerror or failure}. Its files were not checked.",
        file_start(directory) if directory and is_text(directory) else None,
    )


class WorkTree:
    """The files of a directory on disk; symbolic links that lead outside it are refused."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._paths: tuple[str, ...] | None = None
        self._unlisted: dict[str, Diagnostic] = {}

    def paths(self) -> tuple[str, ...]:
        if self._paths is None:
            self._paths = tuple(sorted(self._walk()))
        return self._paths

    def unlisted(self) -> tuple[Diagnostic, ...]:
        self.paths()
        return tuple(self._unlisted[directory] for directory in sorted(self._unlisted))

    def _walk(self) -> Iterable[str]:
        pending = [""]
        found = 0
        while pending:
            directory = pending.pop()
            try:
                entries = list(os.scandir(self.root / directory))
            except OSError as failure:
                self._unlisted[directory] = _unreadable(directory, failure)
                continue
            for entry in entries:
                path = f"{directory}/{entry.name}" if directory else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if not entry.name.startswith(".") and entry.name not in SKIPPED_DIRECTORIES:
                        pending.append(path)
                    continue
                found += 1
                if found > MAX_FILES:
                    self._unlisted[""] = too_many()
                    return
                if is_text(path):
                    yield path
                elif (problem := misnamed(path)) is not None:
                    self._unlisted[path] = problem

    def listing(self, directory: str) -> tuple[str, ...]:
        clean = normalise(directory)
        if clean is None:
            return ()
        try:
            if not (self.root / clean).resolve().is_relative_to(self.root):
                return ()
            names = sorted(e.name for e in os.scandir(self.root / clean) if is_text(e.name) and not e.is_dir())
        except (OSError, RuntimeError):  # Python before 3.13 raises the second for a loop of links
            return ()
        return tuple(f"{clean}/{name}" if clean else name for name in names)

    def exists(self, path: str) -> bool:
        clean = normalise(path)
        return clean is not None and os.path.isfile(self.root / clean)

    def read_bytes(self, path: str) -> bytes | Diagnostic:
        clean = normalise(path)
        if clean is None:
            return error("Path leaves the repository", f"{path} is outside the repository and is not read.")
        full = self.root / clean
        try:
            real = full.resolve(strict=True)
            if not real.is_relative_to(self.root):
                return error(
                    "Link leaves the repository",
                    f"{clean} is a symbolic link to a place outside the repository and is not read.",
                    file_start(clean),
                )
            if not real.is_file():
                return error("Not a file", f"{clean} is not a regular file.", file_start(clean))
            size = real.stat().st_size
            if size > max_bytes(clean):
                return too_large(clean, size)
            return real.read_bytes()
        except OSError as problem:
            return error("File cannot be read", f"{clean}: {problem.strerror or problem}.", file_start(clean))
        except RuntimeError:  # Python before 3.13 raises it for a loop of links
            return error("File cannot be read", f"{clean} is in a loop of symbolic links.", file_start(clean))

    def read(self, path: str) -> SourceFile | Diagnostic:
        data = self.read_bytes(path)
        return data if isinstance(data, Diagnostic) else decode(str(PurePosixPath(path)), data)


class MemoryTree:
    """Files held in memory, for tests and for text that has no file."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def unlisted(self) -> tuple[Diagnostic, ...]:
        return ()

    def listing(self, directory: str) -> tuple[str, ...]:
        return tuple(p for p in self.paths() if parent(p) == directory)

    def exists(self, path: str) -> bool:
        return normalise(path) in self._files

    def read_bytes(self, path: str) -> bytes | Diagnostic:
        clean = normalise(path)
        if clean is None or clean not in self._files:
            return error("File cannot be read", f"{path}: no such file.")
        return self._files[clean]

    def read(self, path: str) -> SourceFile | Diagnostic:
        data = self.read_bytes(path)
        return data if isinstance(data, Diagnostic) else decode(path, data)
