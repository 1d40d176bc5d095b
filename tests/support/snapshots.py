"""Compares a whole output with the file that holds it; `REGENERATE=1` writes the file instead."""

import os
from pathlib import Path


def check(path: Path, actual: str) -> None:
    """Fails where the text differs from the file's.

    Raises:
        AssertionError: with both texts, which pytest shows as a diff.
    """
    if os.environ.get("REGENERATE") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(actual, encoding="utf-8", newline="")
    expected = path.read_text(encoding="utf-8") if path.exists() else "(no such file; run with REGENERATE=1)"
    assert actual == expected, f"{path.name} differs; if that is right, run again with REGENERATE=1"
