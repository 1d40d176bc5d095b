"""A commit as a tree of files, read from git's objects in memory: nothing is checked out.

Only plumbing is called (`rev-parse`, `merge-base`, `ls-tree`, `cat-file`), with hooks, monitors and lazy fetches off,
because the repository's own configuration is not trusted.
"""

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.core.tree import (
    MAX_BYTES,
    MAX_FILES,
    SKIPPED_DIRECTORIES,
    decode,
    is_text,
    max_bytes,
    misnamed,
    normalise,
    parent,
    too_large,
    too_many,
)

SECONDS = 60
_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never")


class GitError(Exception):
    """Git is missing or fails; the text is its message."""


def command(*arguments: str) -> list[str]:
    """Return the arguments of a plumbing command that runs no program from the repository's configuration."""
    return ["git", "--no-pager", "--no-replace-objects", *_SAFE, *arguments]


def environment() -> dict[str, str]:
    """Return the environment of such a command, in which git neither fetches, prompts nor writes."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return kept | {
        "GIT_FLUSH": "0",  # output in blocks, not a write for each commit
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",  # for a git without the variable above; no configuration overrides it
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_GRAFT_FILE": os.devnull,
        "LC_ALL": "C",
    }


def git(root: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """Return the output of a plumbing command.

    Raises:
        GitError: git cannot be run, fails, or takes longer than `SECONDS`.
    """
    import subprocess  # a scan without --since starts no process

    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, no shell
            command(*arguments),
            cwd=root,
            env=environment(),
            input=stdin,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise GitError("git is not on PATH") from None
    except subprocess.TimeoutExpired:
        raise GitError(f"git {arguments[0]} took longer than {SECONDS} seconds") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(said[0] if said else f"git {arguments[0]} failed")
    return done.stdout


def commit_of(root: Path, revision: str) -> str:
    """Return the commit that a revision names.

    Raises:
        GitError: it names none.
    """
    return git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()


def merge_base(root: Path, revision: str) -> str:
    """Return the newest common ancestor of HEAD and a revision.

    Raises:
        GitError: there is no common ancestor, or the revision names no commit.
    """
    return git(root, "merge-base", commit_of(root, revision), "HEAD").decode().strip()


class GitTree:
    """The files of a commit below the root of the repository; symbolic links are not followed."""

    def __init__(self, root: Path, commit: str) -> None:
        self.root = root
        self.commit = commit
        self._read: dict[str, bytes | Diagnostic] = {}
        self._unlisted: list[Diagnostic] = []

    @cached_property
    def _blobs(self) -> dict[str, tuple[str, int]]:
        """Object names and sizes by path.

        Raises:
            GitError: the commit cannot be read.
        """
        found: dict[str, tuple[str, int]] = {}
        listing = git(self.root, "ls-tree", "-r", "-z", "--long", self.commit)
        entries = listing.split(b"\0")
        if len(entries) > MAX_FILES + 1:  # the last entry is empty
            self._unlisted.append(too_many())
        for entry in entries[:MAX_FILES]:
            head, _, path = entry.partition(b"\t")
            parts = head.split()
            if len(parts) == 4 and parts[0] in (b"100644", b"100755") and parts[3].isdigit():
                name = path.decode("utf-8", "surrogateescape")
                if is_text(name):
                    found[name] = (parts[2].decode(), int(parts[3]))
                elif (problem := misnamed(name)) is not None:
                    self._unlisted.append(problem)
        return found

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(p for p in self._blobs if not _is_skipped(p)))

    def unlisted(self) -> tuple[Diagnostic, ...]:
        self.paths()
        return tuple(self._unlisted)

    def listing(self, directory: str) -> tuple[str, ...]:
        return tuple(sorted(p for p in self._blobs if parent(p) == directory))

    def exists(self, path: str) -> bool:
        return normalise(path) in self._blobs

    def read_bytes(self, path: str) -> bytes | Diagnostic:
        clean = normalise(path)
        if clean is None or clean not in self._blobs:
            return error("File cannot be read", f"{path}: no such file in commit {self.commit[:12]}.")
        if clean not in self._read:
            self._read[clean] = self._blob(clean)
        return self._read[clean]

    def read(self, path: str) -> SourceFile | Diagnostic:
        data = self.read_bytes(path)
        return data if isinstance(data, Diagnostic) else decode(path, data)

    def below(self, directory: str) -> tuple[str, ...]:
        """Return every file below a directory, sorted, dot-directories allowed."""
        prefix = f"{directory}/" if directory else ""
        return tuple(sorted(p for p in self._blobs if p.startswith(prefix)))

    def size(self, path: str) -> int:
        """Return the size of a file in bytes, 0 without the file."""
        return self._blobs.get(path, ("", 0))[1]

    def prefetch(self, suffixes: tuple[str, ...]) -> None:
        """Read the files with some suffixes by one process."""
        self.prefetch_paths(p for p in self._blobs if p.endswith(suffixes))

    def prefetch_paths(self, paths: Iterable[str]) -> None:
        """Read many files with one process; a file that a partial clone lacks is reported when it is read."""
        wanted = [p for p in paths if p in self._blobs and p not in self._read and self._blobs[p][1] <= MAX_BYTES]
        if not wanted:
            return
        names = "\n".join(self._blobs[p][0] for p in wanted) + "\n"
        output = git(self.root, "cat-file", "--batch", stdin=names.encode())
        at = 0
        for path in wanted:
            end = output.index(b"\n", at)
            head = output[at:end].split()
            if len(head) != 3:
                at = end + 1
                continue
            size = int(head[2])
            self._read[path] = output[end + 1 : end + 1 + size]
            at = end + 2 + size

    def _blob(self, path: str) -> bytes | Diagnostic:
        name, size = self._blobs[path]
        if size > max_bytes(path):
            return too_large(path, size)
        try:
            return git(self.root, "cat-file", "blob", name)
        except GitError as problem:
            return error("File cannot be read", f"{path}: {problem}.", file_start(path))


def _is_skipped(path: str) -> bool:
    return any(d.startswith(".") or d in SKIPPED_DIRECTORIES for d in path.split("/")[:-1])
