"""Terraform files in checkouts of public repositories, which are given on the command line."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import decode


def terraform_files(directory: Path) -> list[Path]:
    """Return the sorted `.tf` files under a directory, without hidden directories and symbolic links."""
    found = []
    for path in sorted(directory.rglob("*.tf")):
        parts = path.relative_to(directory).parts
        if path.is_file() and not path.is_symlink() and not any(p.startswith(".") for p in parts):
            found.append(path)
    return found


def module_directories(directory: Path) -> list[Path]:
    """Return the directories that have `.tf` files."""
    return sorted({path.parent for path in terraform_files(directory)})


def read(path: Path) -> SourceFile | None:
    """Return the file as a scan reads it, None if it is not text."""
    source = decode(path.name, path.read_bytes())
    return source if isinstance(source, SourceFile) else None


def distinct(directories: Sequence[Path], largest: int) -> Iterator[tuple[Path, SourceFile]]:
    """Yield the files of all directories up to a size in bytes, each distinct text once."""
    seen = set()
    for directory in directories:
        for path in terraform_files(directory):
            if path.stat().st_size > largest:
                continue
            source = read(path)
            if source is not None and source.text not in seen:
                seen.add(source.text)
                yield path, source
