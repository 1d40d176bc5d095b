"""Waiver comments in revisions of Alembic: `# iacpolicy:ignore[…]` in Python, or `--` in the SQL inside of it."""

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile

_comment = lazy_pattern(r"(?:#|--)[ \t]*(iacpolicy:ignore[^\n]*)")
_other = lazy_pattern(r"[^A-Za-z0-9_ \t]")


def as_sql(source: SourceFile) -> SourceFile:
    """The file as SQL with the same lines: every line of code one statement, every waiver a comment of SQL."""
    return SourceFile(source.path, "\n".join(map(_line, source.text.split("\n"))))


def _line(line: str) -> str:
    found = _comment.search(line)
    code = _other.sub("_", line if found is None else line[: found.start()]).rstrip()
    if code.strip():
        code += ";"
    return code if found is None else f"{code} -- {found[1]}"
