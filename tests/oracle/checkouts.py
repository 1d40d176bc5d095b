"""The files of Terraform in checkouts of public repositories, which are named on the command line and stay there."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import decode


def terraform_files(directory: Path) -> list[Path]:
    """The `.tf` files under a directory, in order, but for those in hidden directories and behind symbolic links."""
    found = []
    for path in sorted(directory.rglob("*.tf")):
        parts = path.relative_to(directory).parts
        if path.is_file() and not path.is_symlink() and not any(p.startswith(".") for p in parts):
            found.append(path)
    return found


def module_directories(directory: Path) -> list[Path]:
    """The directories that hold `.tf` files."""
    return sorted({path.parent for path in terraform_files(directory)})


def read(path: Path) -> SourceFile | None:
    """The file as a scan would read it; None where it is no text."""
    source = decode(path.name, path.read_bytes())
    return source if isinstance(source, SourceFile) else None


def distinct(directories: Sequence[Path], largest: int) -> Iterator[tuple[Path, SourceFile]]:
    """The files of all directories that are not larger than so many bytes, each text once."""
    seen = set()
    for directory in directories:
        for path in terraform_files(directory):
            if path.stat().st_size > largest:
                continue
            source = read(path)
            if source is not None and source.text not in seen:
                seen.add(source.text)
                yield path, source
