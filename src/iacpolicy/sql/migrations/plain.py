"""Folders of SQL files without a migration tool: ordered by name, or by the patterns in the settings."""

import re
from collections.abc import Sequence

from iacpolicy.core.diagnostics import Diagnostic, warning
from iacpolicy.core.globs import GO_MATCH, matching
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import join
from iacpolicy.sql.migrations.source_formats import DatabaseSource

_undo = re.compile(r"(?:.*[._/-])?(?:down|undo|rollback|revert)\.sql", re.IGNORECASE).fullmatch
_digits = re.compile(r"([0-9]+)")
_section = re.compile(
    r"^[ \t]*--[ \t]*(?:\+goose[ \t]+|\+migrate[ \t]+|migrate:)(up|down)\b[^\n]*$", re.IGNORECASE | re.MULTILINE
)
_visible = re.compile(r"[^\n]").sub


def ordered(source: DatabaseSource, paths: Sequence[str]) -> tuple[tuple[str, ...], list[Diagnostic]]:
    """Return the files in the order of the patterns of `files`, and the diagnostics.

    Without patterns, the order is by path with numbers compared as numbers, and a file that undoes a migration
    (`x.down.sql`) is left out.
    """
    if not source.files:
        return tuple(sorted((p for p in paths if not _undo(p)), key=_natural)), []
    diagnostics: list[Diagnostic] = []
    found: dict[str, None] = {}
    for pattern in source.files:
        full = join(source.path, pattern)
        matched = matching(full, paths, GO_MATCH) if full is not None else []
        if not matched:
            what = f"No SQL file matches the pattern `{pattern}`. Correct it."
            diagnostics.append(warning("Pattern matches nothing", what, source.place))
        found.update(dict.fromkeys(sorted(matched, key=_natural)))
    return tuple(found), diagnostics


def applied_part(source: SourceFile) -> SourceFile:
    """Return the file with the sections of dbmate, goose and sql-migrate that undo it replaced by blanks."""
    marks = list(_section.finditer(source.text))
    if not any(mark[1].lower() == "down" for mark in marks):
        return source
    pieces: list[str] = []
    position = 0
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(source.text)
        if mark[1].lower() == "down":
            pieces.extend((source.text[position : mark.start()], _visible(" ", source.text[mark.start() : end])))
            position = end
    return SourceFile(source.path, "".join(pieces) + source.text[position:])


def _natural(path: str) -> list[tuple[str, int, str]]:
    parts = _digits.split(path)
    return [(parts[i], int(parts[i + 1][:30] or 0) if i + 1 < len(parts) else -1, "") for i in range(0, len(parts), 2)]
