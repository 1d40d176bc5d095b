"""Waiver comments in Alembic revisions: `# iacpolicy:ignore[…]` in Python, or `-- iacpolicy:ignore[…]` in SQL."""

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile

_comment = lazy_pattern(r"(?:#|--)[ \t]*(iacpolicy:ignore[^\n]*)")
_other = lazy_pattern(r"[^A-Za-z0-9_ \t]")


def as_sql(source: SourceFile) -> SourceFile:
    """Return the file as SQL with the same lines: each line of code is a statement, each waiver an SQL comment."""
    return SourceFile(source.path, "\n".join(map(_line, source.text.split("\n"))))


def _line(line: str) -> str:
    found = _comment.search(line)
    code = _other.sub("_", line if found is None else line[: found.start()]).rstrip()
    if code.strip():
        code += ";"
    return code if found is None else f"{code} -- {found[1]}"
