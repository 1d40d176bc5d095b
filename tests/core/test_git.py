"""Commits as trees of files, and the history of a repository."""

import subprocess
from pathlib import Path

import pytest

from iacpolicy.core import git as gits
from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.git import GitError, GitTree, commit_of, environment, git, merge_base
from iacpolicy.core.git_history import Change, blobs, files_at, history


def run(root: Path, *arguments: str) -> str:
    """The output of a git command in a repository."""
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two commits on `main`, and a third on a branch."""
    run(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "main.tf").write_text("a = 1\n", encoding="utf-8")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "h.tf").write_text("h\n", encoding="utf-8")
    (tmp_path / "link.tf").symlink_to("main.tf")
    run(tmp_path, "add", "-A")
    run(tmp_path, "commit", "-q", "-m", "one")
    (tmp_path / "main.tf").write_text("a = 2\n", encoding="utf-8")
    run(tmp_path, "commit", "-q", "-am", "two")
    run(tmp_path, "checkout", "-q", "-b", "branch", "HEAD~1")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "b.tf").write_text("b\n", encoding="utf-8")
    run(tmp_path, "add", "-A")
    run(tmp_path, "commit", "-q", "-m", "three")
    return tmp_path


def text(tree: GitTree, path: str) -> str:
    read = tree.read(path)
    return read.summary if isinstance(read, Diagnostic) else read.text


def test_tree_of_a_commit(repository: Path) -> None:
    """A commit is read as a tree, whatever is checked out; links and dot-directories are no listed files."""
    tree = GitTree(repository, commit_of(repository, "main"))
    assert tree.paths() == ("main.tf",)
    assert text(tree, "main.tf") == "a = 2\n"
    assert text(tree, "x/../main.tf") == "a = 2\n"
    assert text(tree, "../main.tf") == "File cannot be read"
    assert text(tree, "link.tf") == "File cannot be read"
    assert tree.listing(".hidden") == (".hidden/h.tf",)
    assert tree.below("") == (".hidden/h.tf", "main.tf")
    assert tree.size("main.tf") == 6
    assert tree.size("nowhere") == 0
    assert tree.exists("main.tf")
    assert not tree.exists("b/b.tf")


def test_prefetch_reads_the_same(repository: Path) -> None:
    """Files that are read together have the same text as files read one by one."""
    one, together = (GitTree(repository, commit_of(repository, "branch")) for _ in range(2))
    together.prefetch((".tf",))
    assert [together.read_bytes(p) for p in together.paths()] == [one.read_bytes(p) for p in one.paths()]


def test_size_is_bounded(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A blob above the bound is not read."""
    monkeypatch.setattr(gits, "max_bytes", lambda _: 3)
    assert text(GitTree(repository, commit_of(repository, "main")), "main.tf") in ("File is too large", "a = 2\n")


def test_revisions(repository: Path) -> None:
    """A revision is resolved to its commit, and a name that starts like an option is no option."""
    assert merge_base(repository, "main") == run(repository, "rev-parse", "main~1")
    for bad in ("nowhere", "--all", "main:main.tf"):
        with pytest.raises(GitError):
            commit_of(repository, bad)


def test_environment_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables of git are not passed on, and nothing is fetched or asked."""
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    made = environment()
    assert "GIT_DIR" not in made
    assert made["GIT_TERMINAL_PROMPT"] == "0"
    assert made["GIT_NO_LAZY_FETCH"] == "1"


def test_failures_are_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of a repository, and without git, a command is an error with a reason."""
    with pytest.raises(GitError, match="git"):
        git(tmp_path, "rev-parse", "HEAD")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match="not on PATH"):
        git(tmp_path, "rev-parse", "HEAD")


def test_history_is_older_first(repository: Path) -> None:
    """The history has each change of a file with its blobs before and after, older commits first."""
    found = history(repository, commit_of(repository, "main"), None, ["*.tf"])
    assert [commit.day[:2] for commit in found.commits] == ["20", "20"]
    mains = [change for change in found.changes if change.path == b"main.tf"]
    first, second = mains
    assert (first.commit, second.commit) == (0, 1)
    assert first.before in ((), (None,))
    assert second.before == (first.after,)
    assert found.is_whole
    assert found.cut == []
    assert files_at(repository, found.commits[-1].name)[b"main.tf"] == second.after


def test_blobs(repository: Path) -> None:
    """Blobs are read in order, and a missing one is reported with a reason."""
    found = history(repository, commit_of(repository, "main"), None, ["main.tf"])
    names = [change.after for change in found.changes if isinstance(change, Change) and change.after is not None]
    refused: list[str] = []
    read = list(blobs(repository, [*names, "0" * 40], lambda name, why: refused.append(name)))
    assert [data for _, data in read] == [b"a = 1\n", b"a = 2\n"]
    assert refused == ["0" * 40]
