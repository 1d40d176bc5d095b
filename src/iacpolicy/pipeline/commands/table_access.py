"""The access of each role to each table in each cell, by migrations and resources, and its changes since a base."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.core.git import GitError, GitTree, merge_base
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.spans import Span
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.prepare.prepare import Prepared, prepare
from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.model.database import PUBLIC, Aspect, SchemaDoubt, Table, View
from iacpolicy.sql.model.names import QualifiedName, quoted
from iacpolicy.sql.privileges.table_access import COMMANDS, Access, access
from iacpolicy.terraform.cells import Cell

SUFFIXES = (".tf", ".tofu", ".json", ".tfvars", ".sql", ".toml")


@dataclass(frozen=True)
class AccessRow:
    """The access of one role to one table, for each command, now and in the base; empty if the table does not exist.

    `was` is the name of the table in the base, if it differs.
    """

    table: str
    role: str
    now: tuple[Access, ...]
    before: tuple[Access, ...] | None
    was: str | None = None

    @property
    def is_changed(self) -> bool:
        """True if the access differs from the base for some command."""
        return self.before is not None and [_compared(a) for a in self.now] != [_compared(a) for a in self.before]


@dataclass(frozen=True)
class DatabaseAccess:
    """The access in one database: its cells, its rows, and the reasons why other tables may exist."""

    directory: str
    cells: tuple[Cell, ...]
    rows: tuple[AccessRow, ...]
    possible_tables: tuple[SchemaDoubt, ...]


@dataclass(frozen=True)
class TableAccess:
    """The access in all databases; `problems` are the errors of migrations that could not be read."""

    prepared: Prepared
    databases: tuple[DatabaseAccess, ...]
    problems: tuple[Diagnostic, ...]


def table_access(request: Request, tables: Sequence[str], roles: Sequence[str]) -> TableAccess:
    """Return the access of the given roles to the given tables.

    Without roles, use the roles of the API and the created ones; without tables, use all tables.

    Raises:
        UsageError: a table, a role or the revision `since` does not exist, or there are no migrations.
    """
    head = prepare(request)
    models = _models(head)
    if not models:
        raise UsageError(
            "There are no migrations. Give a directory with supabase/migrations, or name another directory under "
            "`[databases]` in iacpolicy.toml."
        )
    base = _models(_base(request, head)) if request.since is not None else None
    _check(tables, roles, [*(m for m, _ in models), *(m for m, _ in base or ())])
    databases = [_database_access(model, cell, base, tables, roles) for model, cell in models]
    databases = [database for database in databases if database.rows or not tables]
    read = {path for model, _ in models for path in model.migrations.files}
    problems = tuple(
        d for d in head.diagnostics if d.severity is Level.ERROR and d.location is not None and d.location.path in read
    )
    return TableAccess(head, tuple(_merged(databases)), problems)


def _base(request: Request, head: Prepared) -> Prepared:
    assert request.since is not None
    try:
        tree = GitTree(request.root, merge_base(request.root, request.since))
        tree.prefetch(SUFFIXES)
        files = tuple(path for path in request.var_files if tree.exists(path))
        return prepare(structs.replace(request, since=None, var_files=files), head.settings, tree)
    except GitError as problem:
        raise UsageError(
            f"--since {request.since}: {str(problem) or 'there is no such revision'}. Name a branch, tag or commit of "
            "this repository; in a shallow clone, fetch the history first."
        ) from None


def _models(prepared: Prepared) -> list[tuple[SchemaModel, Cell]]:
    return [(node.payload[1], graph.cell) for graph in prepared.graphs for node in graph.of("sql.database")]


def _relations(model: SchemaModel) -> list[Table | View]:
    found: list[Table | View] = [*model.database.tables, *model.database.views]
    own = (relation for relation in found if not model.platform.is_system(relation.name.schema))
    return sorted(own, key=lambda relation: relation.name)


def _roles(model: SchemaModel) -> list[str]:
    made = sorted(role.name for role in model.database.roles if role.created)
    return list(dict.fromkeys((*model.platform.api_roles, *made)))


def _known_roles(model: SchemaModel) -> set[str]:
    platform = model.platform
    named = {role.name for role in model.database.roles}
    return {PUBLIC, *platform.api_roles, *platform.default_grantees, *platform.bypassing_roles, *named}


def _check(tables: Sequence[str], roles: Sequence[str], models: Sequence[SchemaModel]) -> None:
    names = {relation.name for model in models for relation in _relations(model)}
    known_tables = {spelled for name in names for spelled in (str(name), quoted(name.name))}
    for wanted in tables:
        if not any(_is_requested(name, (wanted,)) for name in names):
            raise UsageError(f'There is no table "{wanted}"{did_you_mean(wanted, known_tables, HintForm.ASIDE)}.')
    known = {name for model in models for name in _known_roles(model)}
    for role in roles:
        if role not in known:
            raise UsageError(f'There is no role "{role}"{did_you_mean(role, known, HintForm.ASIDE)}.')


def _is_requested(name: QualifiedName, tables: Sequence[str]) -> bool:
    """Report that a table is among the requested ones, which are written as in SQL or without quotes."""
    spelled = {str(name), quoted(name.name), f"{name.schema}.{name.name}", name.name}
    return not tables or any(wanted in spelled or wanted.lower() in spelled for wanted in tables)


def _database_access(
    model: SchemaModel,
    cell: Cell,
    base: Sequence[tuple[SchemaModel, Cell]] | None,
    tables: Sequence[str],
    roles: Sequence[str],
) -> DatabaseAccess:
    old = None
    if base is not None:
        same = [(m, c) for m, c in base if m.migrations.label == model.migrations.label]
        here = [m for m, c in same if c == cell]
        old = next(iter((*here, *(m for m, _ in same))), None)
    now = _access_by_row(model, tables, roles)
    renamed = _renamed(old, model) if old is not None else {}
    meant = tables and (*tables, *(was for was, name in renamed.items() if _is_requested(name, tables)))
    before = _access_by_row(old, meant, roles) if old is not None else {}
    before = {(str(renamed.get(table, table)), role): accesses for (table, role), accesses in before.items()}
    were = {str(name): was for was, name in renamed.items()}
    rows = [
        AccessRow(
            table,
            role,
            now.get((table, role), ()),
            before.get((table, role), ()) if base is not None else None,
            were.get(table),
        )
        for table, role in sorted({*now, *before})
    ]
    possible_tables = tuple(reason for reason in model.database.uncertain if reason.aspect is Aspect.EXISTENCE)
    return DatabaseAccess(model.migrations.label, (cell,), tuple(rows), possible_tables)


def _renamed(old: SchemaModel, new: SchemaModel) -> dict[str, QualifiedName]:
    """Return the present name of each renamed table of the base; the creating statement identifies the table."""
    there = {relation.name for relation in _relations(old)}
    names = {relation.name for relation in _relations(new)}
    appeared: dict[Span, list[QualifiedName]] = {}
    for relation in _relations(new):
        if relation.name not in there:
            appeared.setdefault(relation.made_at, []).append(relation.name)
    found: dict[str, QualifiedName] = {}
    for relation in _relations(old):
        candidates = appeared.get(relation.made_at, []) if relation.name not in names else []
        if len(candidates) == 1:
            found[str(relation.name)] = candidates[0]
    return found


def _access_by_row(
    model: SchemaModel, tables: Sequence[str], roles: Sequence[str]
) -> dict[tuple[str, str], tuple[Access, ...]]:
    return {
        (str(relation.name), role): tuple(access(model, relation, role, command) for command in COMMANDS)
        for relation in _relations(model)
        if _is_requested(relation.name, tables)
        for role in roles or _roles(model)
    }


def _merged(databases: Sequence[DatabaseAccess]) -> list[DatabaseAccess]:
    """Return the databases, with the cells of equal access as one."""
    result: list[DatabaseAccess] = []
    for database in databases:
        for index, known in enumerate(result):
            if (known.directory, known.rows, known.possible_tables) == (
                database.directory,
                database.rows,
                database.possible_tables,
            ):
                result[index] = replace(known, cells=(*known.cells, *database.cells))
                break
        else:
            result.append(database)
    return result


def _compared(access: Access) -> tuple[object, ...]:
    return access.command, access.outcome, access.columns, access.policies
