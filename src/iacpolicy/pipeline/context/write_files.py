"""Write files into a repository: only inside it, and atomically."""

import os
from contextlib import suppress
from pathlib import Path

from iacpolicy.core.tree import normalise
from iacpolicy.pipeline.context.usage_error import UsageError


def write_inside(root: Path, path: str, data: bytes) -> None:
    """Write a file of a repository, by its path relative to the root.

    Raises:
        UsageError: the path is outside the repository or is a link, or the file cannot be written.
    """
    clean = normalise(path)
    target = root / (clean or "")
    if not clean or not target.parent.resolve().is_relative_to(root.resolve()) or target.is_symlink():
        raise UsageError(f"{path} is outside the repository {root} or is a link; the file was not written.")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(target)
    except OSError as problem:
        with suppress(OSError):
            draft.unlink()
        raise UsageError(f"{path} cannot be written: {problem.strerror or problem}.") from None
