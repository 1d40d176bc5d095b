"""Places in files."""

import msgspec


class Span(msgspec.Struct, frozen=True, gc=False, order=True):
    """A range of one file; lines and columns count from 1, columns in code points, the end exclusive.

    `path` is relative to the root of the scanned repository, with `/`.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def file_start(path: str) -> Span:
    """Return the span of a diagnostic about a whole file."""
    return Span(path, 1, 1, 1, 1)
