r"""psql's `\connect`: assigns each statement to a database."""

import re
import shlex
from collections.abc import Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, note
from iacpolicy.sql.syntax.parse import NOT_FOLLOWED, LateFile, ParsedFile, Statement, UnreadStatement

_connect = re.compile(r"\\(?:c|connect)(?=\s|;|\Z)(.*)", re.DOTALL).match
_of_the_server = frozenset({"AlterRoleStmt", "CreateRoleStmt", "DropRoleStmt", "GrantRoleStmt", "RenameStmt"})
"""Kinds of statements that apply to every database of a server; of RENAME, those that rename a role."""

_MAKES_NOTHING = frozenset(
    {"AlterDatabaseSetStmt", "AlterDatabaseStmt", "AlterOwnerStmt", "CommentStmt", "CreatedbStmt", "DropdbStmt",
     "SelectStmt", "VariableSetStmt"}
)  # fmt: skip
"""Kinds of statements that a dump has before it connects to the database that it makes."""

_TEMPLATES = frozenset({"template0", "template1"})

MAX_DATABASES = 50


def by_database(
    files: Sequence[ParsedFile | LateFile], diagnostics: Sequence[Diagnostic]
) -> tuple[dict[str | None, list[ParsedFile | LateFile]], list[Diagnostic]]:
    r"""Return the files as each database gets them, and the diagnostics of the files, without those on `\connect`.

    The key None is the database that the migrations are about. It is also the database of a first `\connect` before
    anything is made in another one. The diagnostics end with a note for each other database.
    """
    eager = (file for file in files if isinstance(file, ParsedFile))  # A file that is read late holds no `\connect`.
    if not any(isinstance(item, UnreadStatement) and _connect(item.text) for file in eager for item in file.items):
        return {None: list(files)}, list(diagnostics)
    work = _StatementsByDatabase()
    for file in files:
        work.begin(ParsedFile(file.path, (), ()))
        for item in file.items:
            work.take(item)
    databases: dict[str | None, list[ParsedFile | LateFile]] = {
        name: [msgspec.structs.replace(file, items=tuple(items)) for file, items in parts]
        for name, parts in work.parts.items()
    }
    kept = (diagnostic for diagnostic in diagnostics if not _is_about_connect(diagnostic))
    return databases, [*kept, *work.diagnostics]


class _StatementsByDatabase:
    """The statements of each database; `own` is the name of the database that the migrations are about."""

    def __init__(self) -> None:
        self.own: str | None = None
        self.now: str | None = None
        self.has_begun = False
        self.parts: dict[str | None, list[tuple[ParsedFile, list[Statement | UnreadStatement]]]] = {None: []}
        self.diagnostics: list[Diagnostic] = []
        self.shared: list[tuple[ParsedFile, Statement]] = []
        self.file = ParsedFile("", (), ())

    def begin(self, file: ParsedFile) -> None:
        """Start a file, which is run by itself, in the set's own database."""
        self.file = file
        self.now = None

    def take(self, item: Statement | UnreadStatement) -> None:
        """Add one statement to the connected database, or to all databases."""
        found = _connect(item.text) if isinstance(item, UnreadStatement) else None
        if found is not None:
            self.switch(found[1], item)
        elif isinstance(item, Statement) and _is_of_the_server(item):
            self.shared.append((self.file, item))
            for name in self.parts:
                self.append(name, self.file, item)
        else:
            self.has_begun |= not (isinstance(item, Statement) and item.kind in _MAKES_NOTHING)
            self.append(self.now, self.file, item)

    def append(self, name: str | None, file: ParsedFile, item: Statement | UnreadStatement) -> None:
        """Add a statement of a file to those of a database."""
        parts = self.parts[name]
        if not parts or parts[-1][0] is not file:
            parts.append((file, []))
        parts[-1][1].append(item)

    def switch(self, arguments: str, item: Statement | UnreadStatement) -> None:
        r"""Follow one `\connect`."""
        name = _database(arguments)
        if name is None:
            return  # The same database with another user.
        if self.own is None and not self.has_begun and name not in _TEMPLATES:
            self.own = name
        if name == self.own:
            self.now = None
            return
        if name not in self.parts and len(self.parts) > MAX_DATABASES:
            self.append(self.now, self.file, item)
            return
        self.now = name
        if name not in self.parts:
            self.parts[name] = []
            for file, shared in self.shared:
                self.append(name, file, shared)
            if name in _TEMPLATES:
                return
            what = f"The statements from here on belong to the database {name}, which was replayed separately."
            self.diagnostics.append(note("psql changes the database", what, item.span))


def _database(arguments: str) -> str | None:
    r"""Return the database in the arguments or the connection string of `\connect`; None where it stays the same."""
    try:
        words = shlex.split(arguments.strip().rstrip(";"))
    except ValueError:
        words = arguments.split()
    words = [word for word in words if not word.startswith("-reuse-previous")]
    if not words or words[0] == "-":
        return None
    first = words[0]
    if "=" in first:
        named = [word.partition("=")[2] for word in words if word.startswith("dbname=")] or re.findall(
            r"dbname='?([^' ]+)", arguments
        )
        return named[0] if named else None
    if "://" in first:
        return first.partition("://")[2].partition("/")[2].partition("?")[0] or None
    return first


def _is_of_the_server(item: Statement) -> bool:
    if item.kind == "RenameStmt":
        return bool(item.node.get("renameType") == "OBJECT_ROLE")
    return item.kind in _of_the_server


def _is_about_connect(diagnostic: Diagnostic) -> bool:
    return diagnostic.summary == NOT_FOLLOWED and re.match(r"`\\c(onnect)?`", diagnostic.detail) is not None
