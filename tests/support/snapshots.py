"""Compare a whole output with a recorded file; `REGENERATE=1` writes the file instead."""

import os
from pathlib import Path


def check(path: Path, actual: str) -> None:
    """Compare a text with a file.

    Raises:
        AssertionError: the texts differ; pytest shows the diff.
    """
    if os.environ.get("REGENERATE") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(actual, encoding="utf-8", newline="")
    expected = path.read_text(encoding="utf-8") if path.exists() else "(no such file; run with REGENERATE=1)"
    assert actual == expected, f"{path.name} differs; if that is right, run again with REGENERATE=1"
