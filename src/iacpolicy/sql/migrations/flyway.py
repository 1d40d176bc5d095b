"""The migrations of Flyway in the order in which it applies them to an empty database.

Source: Flyway's documentation, "Versioned migrations", "Repeatable migrations", "Baseline migrations" and "Callbacks".
"""

import re
from collections.abc import Sequence

from iacpolicy.core.diagnostics import Diagnostic, error, note, warning
from iacpolicy.core.spans import file_start
from iacpolicy.core.tree import parent

_named = re.compile(r"([VUBR])([0-9][0-9._]*)?__(.+)\.sql", re.DOTALL).fullmatch
_callback = re.compile(
    r"(before|after)(Each)?(Migrate|Info|Clean|Validate|Baseline|Repair|Undo|Connect)\w*(__.*)?\.sql"
).fullmatch

Version = tuple[int, ...]


def ordered(paths: Sequence[str]) -> tuple[tuple[str, ...], list[Diagnostic]]:
    """Return versioned migrations by number, then repeatable ones by description, and the diagnostics.

    A baseline replaces all migrations before it.
    """
    diagnostics: list[Diagnostic] = []
    versions: dict[tuple[str, Version], str] = {}
    repeatable: list[tuple[str, str]] = []
    first: list[str] = []
    last: list[str] = []
    for path in paths:
        name = path.rpartition("/")[2]
        found = _named(name)
        callback = _callback(name)
        if found and found[1] == "R" and not found[2]:
            repeatable.append((found[3], path))
        elif found and found[1] != "R" and found[2]:
            known = versions.setdefault((found[1], _version(found[2])), path)
            if known != path and found[1] == "V":
                what = f"{known} has the same version, and Flyway refuses to run. Give it a version of its own."
                diagnostics.append(error("Two migrations have one version", what, file_start(path)))
        elif callback and callback[3] == "Migrate" and not callback[2]:
            (first if callback[1] == "before" else last).append(path)
        else:
            diagnostics.append(_skipped(path, callback is not None))
    baseline = max((v for kind, v in versions if kind == "B"), default=None)
    versioned = [(v, path) for (kind, v), path in sorted(versions.items()) if kind == "V"]
    applied = [path for v, path in versioned if baseline is None or v > baseline]
    if baseline is not None:
        applied.insert(0, versions["B", baseline])
    return (*sorted(first), *applied, *(path for _, path in sorted(repeatable)), *sorted(last)), diagnostics


def _version(text: str) -> Version:
    """Return the numbers of a version without trailing zeros, which do not count."""
    numbers = [int(part[:30]) for part in re.split(r"[._]", text) if part]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _skipped(path: str, callback: bool) -> Diagnostic:
    if callback:
        return note("Callback is not replayed", "Flyway runs it for events other than a migration.", file_start(path))
    what = (
        f"Flyway applies only files named V<version>__<description>.sql or R__<description>.sql in {parent(path)}. "
        "Rename the file if it is a migration."
    )
    return warning("Migration is skipped", what, file_start(path))
