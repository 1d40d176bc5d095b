"""The history of a repository by git's plumbing commands: commits, the files that each changed, and contents of blobs.

Only `rev-list`, `diff-tree` and `cat-file` are called. They ignore the configuration of diffs, so no driver, filter or
hook of the repository runs. Names end at a zero byte and may contain any other byte.
"""

import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from iacpolicy.core.git import GitError, command, environment, git
from iacpolicy.core.tree import MAX_BYTES

MAX_CHANGES = 2_000_000
_REGULAR = "100"  # 120000 is a symbolic link, 160000 the commit of a submodule


class Commit(NamedTuple):
    """A commit: its full hash, and its time in seconds since 1970."""

    name: str
    time: int

    @property
    def day(self) -> str:
        """The day of the commit, in UTC."""
        try:
            return datetime.fromtimestamp(self.time, UTC).date().isoformat()
        except (ValueError, OverflowError, OSError):
            return "unknown"


class Change(NamedTuple):
    """One changed file of a commit: its blob in each parent and in the commit, None where there is no file."""

    commit: int
    path: bytes
    before: tuple[str | None, ...]
    after: str | None


class History(NamedTuple):
    """Commits, older ones first, and their changes; `cut` are the commits whose parents a shallow clone lacks."""

    commits: list[Commit]
    changes: list[Change]
    cut: list[Commit]
    is_whole: bool


def history(root: Path, head: str, base: str | None, patterns: Sequence[str]) -> History:
    """Return the commits that `head` has and `base` has not, and their changes of files whose paths match.

    Raises:
        GitError: git cannot read the history.
    """
    revisions = [head] if base is None else [head, f"^{base}"]
    listing = git(root, "rev-list", "--reverse", "--topo-order", "--timestamp", *revisions, "--")
    lines = (line.partition(" ") for line in listing.decode("ascii").splitlines())
    commits = [Commit(name, int(time)) for time, _, name in lines]
    named = "".join(f"{commit.name}\n" for commit in commits).encode()
    numbers = {commit.name: number for number, commit in enumerate(commits)}
    changes: list[Change] = []
    for change in _changes(root, named, numbers, patterns):
        if len(changes) >= MAX_CHANGES:
            return History(commits, changes, _cut(root, commits), is_whole=False)
        changes.append(change)
    return History(commits, changes, _cut(root, commits), is_whole=True)


def files_at(root: Path, commit: str) -> dict[bytes, str]:
    """Return the regular files of a commit with the names of their blobs.

    Raises:
        GitError: the commit cannot be read.
    """
    found: dict[bytes, str] = {}
    for entry in git(root, "ls-tree", "-r", "-z", commit).split(b"\0"):
        head, _, path = entry.partition(b"\t")
        parts = head.decode("ascii").split()
        if len(parts) == 3 and parts[0].startswith(_REGULAR):
            found[path] = parts[2]
    return found


def _changes(root: Path, named: bytes, numbers: dict[str, int], patterns: Sequence[str]) -> Iterator[Change]:
    options = ("-r", "-z", "-c", "--root", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv")
    with _running(root, named, "diff-tree", "--stdin", *options, "--", *patterns) as output:
        number = -1
        fields = _fields(output)
        for field in fields:
            if not field.startswith(b":"):
                number = numbers[field.decode("ascii").strip()]
                continue
            words = field.decode("ascii").lstrip(":").split()  # the modes, the blobs, and the kind of change
            sides = len(words) // 2
            *before, after = [
                blob if mode.startswith(_REGULAR) else None
                for mode, blob in zip(words[:sides], words[sides:-1], strict=True)
            ]
            yield Change(number, next(fields), tuple(before), after)


def _fields(output: IO[bytes]) -> Iterator[bytes]:
    """Yield the fields of an output that are separated by zero bytes."""
    rest = b""
    while block := output.read1(1 << 20) if hasattr(output, "read1") else output.read(1 << 20):
        *whole, rest = (rest + block).split(b"\0")
        yield from whole


def _cut(root: Path, commits: Iterable[Commit]) -> list[Commit]:
    """Return the commits at which a shallow clone ends."""
    path = git(root, "rev-parse", "--git-path", "shallow").decode("utf-8", "surrogateescape").rstrip("\n")
    try:
        names = set((root / path).read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return []
    return [commit for commit in commits if commit.name in names]


def _absent(root: Path) -> frozenset[str]:
    """Return the objects that a partial clone lacks; git fails on a request for one of them."""
    try:
        git(root, "config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$")
    except GitError:
        return frozenset()
    said = git(root, "rev-list", "--objects", "--missing=print", "HEAD", "--")
    return frozenset(line[1:].decode() for line in said.splitlines() if line.startswith(b"?"))


def blobs(root: Path, names: Sequence[str], refused: Callable[[str, str], None]) -> Iterator[tuple[str, bytes]]:
    """Yield the contents of blobs, in order; `refused` is called with a missing or too large blob and a reason.

    Raises:
        GitError: git cannot be run.
    """
    absent = _absent(root)
    for name in names if absent else ():
        if name in absent:
            refused(name, "is not in this clone")
    names = [name for name in names if name not in absent]
    if not names:
        return
    with _running(root, "".join(f"{n}\n" for n in names).encode(), "cat-file", "--batch", "--buffer") as output:
        for name in names:
            words = output.readline().split()
            if len(words) != 3:
                refused(name, "is not in this clone" if words else "cannot be read")
                if not words:
                    return
                continue
            size = int(words[2])
            if words[1] == b"blob" and size <= MAX_BYTES:
                yield name, output.read(size + 1)[:-1]
                continue
            refused(name, f"has {size} bytes, and at most {MAX_BYTES} are read")
            _pass_over(output, size + 1)


def _pass_over(output: IO[bytes], size: int) -> None:
    """Read and drop some bytes of the output, one piece at a time."""
    while size > 0 and (piece := output.read(min(size, 1 << 20))):
        size -= len(piece)


@contextmanager
def _running(root: Path, given: bytes, *arguments: str) -> Iterator[IO[bytes]]:
    """Yield the output of a running command; its input is a file, so the two processes cannot block each other.

    Raises:
        GitError: git cannot be run, or fails.
    """
    with TemporaryFile() as stdin, TemporaryFile() as stderr:
        stdin.write(given)
        stdin.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
                command(*arguments),
                cwd=root,
                env=environment(),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
                bufsize=1 << 20,
            )
        except FileNotFoundError:
            raise GitError("git is not on PATH") from None
        assert process.stdout is not None
        try:
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            code = process.wait()
        if code > 0:
            stderr.seek(0)
            said = stderr.read(2000).decode("utf-8", "replace").strip().splitlines()
            fatal = [line for line in said if line.startswith("fatal: ")] or said
            raise GitError(fatal[0].removeprefix("fatal: ") if fatal else f"git {arguments[0]} failed")
