r"""psql's `\i` and `\ir`: the statements of included files replace the command."""

import re
from collections.abc import Iterator

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import Tree, join, parent
from iacpolicy.sql.migrations.read_file import read_sql_file
from iacpolicy.sql.syntax.parse import NOT_FOLLOWED, ParsedFile, Statement, UnreadStatement, parse

MAX_DEPTH = 8
MAX_FILES = 1000

_include = re.compile(r"\\(i|ir|include|include_relative)\s+(?:'([^']+)'|\"([^\"]+)\"|([^\s;]+))\s*;?\s*").fullmatch


def with_includes(tree: Tree, file: ParsedFile, directories: tuple[str, ...]) -> tuple[ParsedFile, tuple[str, ...]]:
    r"""Return the file with the files that it includes, and their paths; `directories` are where psql may run."""
    if not any(isinstance(item, UnreadStatement) and _include(item.text.strip()) for item in file.items):
        return file, ()
    work = _IncludeExpansion(tree, directories)
    items = tuple(work.expand(file, (file.path,)))
    own = tuple(diagnostic for diagnostic in file.diagnostics if not _is_about_includes(diagnostic))
    return msgspec.structs.replace(file, items=items, diagnostics=(*own, *work.diagnostics)), tuple(work.paths)


class _IncludeExpansion:
    """The statements, paths and diagnostics of one expansion."""

    def __init__(self, tree: Tree, directories: tuple[str, ...]) -> None:
        self.tree = tree
        self.directories = directories
        self.paths: list[str] = []
        self.diagnostics: list[Diagnostic] = []

    def expand(self, file: ParsedFile, open_files: tuple[str, ...]) -> Iterator[Statement | UnreadStatement]:
        """Yield the statements in order; the depth is bounded, and a file that includes itself is reported."""
        for item in file.items:
            included = _include(item.text.strip()) if isinstance(item, UnreadStatement) else None
            if included is None:
                yield item
                continue
            path = self._resolved(included[1], included[2] or included[3] or included[4], file.path)
            source = read_sql_file(self.tree, path) if path is not None else None
            if path in open_files or len(open_files) > MAX_DEPTH or len(self.paths) >= MAX_FILES:
                source = None
            if not isinstance(source, SourceFile) or path is None:
                self.diagnostics.append(
                    error(
                        NOT_FOLLOWED,
                        f"`{item.text.strip()}` includes a file that is not in the repository, or itself; its "
                        "statements were not replayed. Correct the path, or write the statements into the migration.",
                        item.span,
                    )
                )
                yield item
                continue
            self.paths.append(path)
            parsed = parse(source)
            self.diagnostics.extend(
                diagnostic for diagnostic in parsed.diagnostics if not _is_about_includes(diagnostic)
            )
            yield from self.expand(parsed, (*open_files, path))

    def _resolved(self, command: str, text: str, including: str) -> str | None:
        here = parent(including)
        places = (here,) if command.endswith(("r", "relative")) else (*self.directories, here)
        candidates = (join(place, text) for place in places)
        return next((path for path in candidates if path is not None and self.tree.exists(path)), None)


def _is_about_includes(diagnostic: Diagnostic) -> bool:
    return (
        diagnostic.summary == NOT_FOLLOWED
        and re.match(r"`\\(i|ir|include|include_relative)`", diagnostic.detail) is not None
    )
