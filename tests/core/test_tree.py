"""The tree of files: confinement, links, bounds, decoding."""

import os
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iacpolicy.core import tree as trees
from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import MemoryTree, WorkTree, decode, join, normalise, parent

PATHS = st.text("ab./", max_size=12)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A directory with files, links and skipped directories; the secret lies outside of it."""
    (tmp_path / "secret.tf").write_text("secret", encoding="utf-8")
    root = tmp_path / "repository"
    for directory in ("a/b", ".hidden", "node_modules", "__pycache__"):
        (root / directory).mkdir(parents=True)
    for name in ("a/b/main.tf", ".hidden/h.tf", "node_modules/n.tf", "__pycache__/p.tf", "top.tf"):
        (root / name).write_text(name, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/./b", "a/b"),
        ("a//b/", "a/b"),
        ("a/../b", "b"),
        ("..", None),
        ("a/../../b", None),
        ("/etc/passwd", None),
        ("a\\b", None),
        ("a\0b", None),
        ("\udcff.tf", None),
        ("", ""),
    ],
)
def test_normalise(path: str, expected: str | None) -> None:
    """A path is cleaned, or refused where it leaves the tree."""
    assert normalise(path) == expected


@given(PATHS)
def test_normalised_paths_stay_inside(path: str) -> None:
    """A normalised path has no `..`, is normalised already, and agrees with the operating system's rules."""
    clean = normalise(path)
    if clean is None:
        assert path.startswith("/") or os.path.normpath(path).startswith("..") or ".." in path.split("/")
    else:
        assert ".." not in clean.split("/")
        assert normalise(clean) == clean
        assert (clean or ".") == os.path.normpath(path or ".").lstrip("/")


@given(PATHS, PATHS)
def test_join_is_normalise(directory: str, path: str) -> None:
    """A joined path is the normalised path of both parts."""
    assert join(directory, path) == normalise(f"{directory}/{path}" if directory else path)


@given(st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4).map("/".join))
def test_parent(path: str) -> None:
    """The parent of a path is its directory, and the root is the empty string."""
    assert parent(path) == ("" if "/" not in path else str(PurePosixPath(path).parent))


def test_listing_skips_directories(repository: Path) -> None:
    """Dot-directories, `node_modules` and caches are left out of the paths, and can be listed by name."""
    tree = WorkTree(repository)
    assert tree.paths() == ("a/b/main.tf", "top.tf")
    assert tree.listing(".hidden") == (".hidden/h.tf",)
    assert tree.listing("..") == ()
    assert tree.listing("nowhere") == ()
    assert tree.exists("node_modules/n.tf")
    assert not tree.exists("../secret.tf")


def summary(read: SourceFile | bytes | Diagnostic) -> str:
    return read.summary if isinstance(read, Diagnostic) else "read"


def test_reads_stay_inside(repository: Path) -> None:
    """No path and no symbolic link leads out of the repository; a link inside of it is followed."""
    (repository / "inside.tf").symlink_to("a/b/main.tf")
    (repository / "outside.tf").symlink_to("../secret.tf")
    (repository / "outside").symlink_to("..")
    (repository / "loop.tf").symlink_to("loop.tf")
    tree = WorkTree(repository)
    assert summary(tree.read("inside.tf")) == "read"
    assert summary(tree.read("outside.tf")) == "Link leaves the repository"
    assert summary(tree.read("outside/secret.tf")) == "Link leaves the repository"
    assert summary(tree.read("../secret.tf")) == "Path leaves the repository"
    assert summary(tree.read("loop.tf")) == "File cannot be read"
    assert summary(tree.read("a")) == "Not a file"
    assert summary(tree.read("nowhere.tf")) == "File cannot be read"
    assert tree.listing("outside") == ()
    assert "outside/secret.tf" not in tree.paths()


def test_size_is_bounded(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the bound is not read, and SQL has a bound of its own."""
    monkeypatch.setattr(trees, "MAX_BYTES", 3)
    (repository / "long.sql").write_text("select 1;", encoding="utf-8")
    tree = WorkTree(repository)
    assert summary(tree.read("top.tf")) == "File is too large"
    assert summary(tree.read("long.sql")) == "read"


def test_number_of_files_is_bounded(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listing that is cut off says so."""
    monkeypatch.setattr(trees, "MAX_FILES", 1)
    tree = WorkTree(repository)
    assert len(tree.paths()) == 1
    assert [d.summary for d in tree.unlisted()] == ["Too many files"]


@pytest.mark.skipif(os.name != "posix", reason="names that are not UTF-8 need a POSIX file system")
def test_names_that_are_not_utf8(repository: Path) -> None:
    """A source file whose name is not UTF-8 is reported; other files of this kind are left out."""
    for name in (b"\xff.tf", b"\xff.bin"):
        (Path(os.fsdecode(os.fsencode(repository) + b"/" + name))).write_text("", encoding="utf-8")
    tree = WorkTree(repository)
    assert [d.summary for d in tree.unlisted()] == ["Name is not UTF-8"]
    assert all(path.isascii() for path in tree.paths())


def test_decode() -> None:
    """UTF-8 is decoded and its byte order mark dropped; any other encoding is an error at its line."""
    assert isinstance(read := decode("a.tf", b"\xef\xbb\xbfa = 1\n"), SourceFile)
    assert read.text == "a = 1\n"
    refused = decode("a.tf", b"a = 1\nb = \xff\n")
    assert isinstance(refused, Diagnostic)
    assert refused.location is not None
    assert (refused.summary, refused.location.line) == ("File is not UTF-8", 2)


@given(st.text())
def test_decode_is_the_inverse_of_encode(text: str) -> None:
    """Any text that is saved as UTF-8 is read back, but for a byte order mark at its start."""
    read = decode("a.tf", text.encode("utf-8"))
    assert isinstance(read, SourceFile)
    assert read.text == text.removeprefix("\ufeff")


def test_memory_tree() -> None:
    """A tree in memory answers as one on disk does."""
    tree = MemoryTree({"a/main.tf": "x", "b.tf": b"\xff"})
    assert tree.paths() == ("a/main.tf", "b.tf")
    assert tree.listing("a") == ("a/main.tf",)
    assert summary(tree.read("a/../a/main.tf")) == "read"
    assert summary(tree.read("b.tf")) == "File is not UTF-8"
    assert summary(tree.read("../a/main.tf")) == "File cannot be read"
