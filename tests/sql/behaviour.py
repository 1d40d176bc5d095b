"""Compare the predicted access of roles with real attempts after SET ROLE."""

from typing import Any

from tests.sql import oracle

from iacpolicy.sql.migrations.discover import SchemaModel
from iacpolicy.sql.model.database import Table, View
from iacpolicy.sql.model.names import quoted
from iacpolicy.sql.privileges.table_access import COMMANDS, Access, AccessOutcome, access, executable

ROLES = ("anon", "authenticated", "service_role")


def may_execute(model: SchemaModel, role: str) -> set[tuple[str, str, int]]:
    """Return the functions that a role may execute, by name and number of arguments."""
    return {
        (function.name.schema, function.name.name, len(function.arguments))
        for function in model.database.functions
        if executable(model, function, role).granted
    }


def wrong(connection: Any, model: SchemaModel) -> list[str]:
    """Return every command of a role on a table or view whose success differs from the prediction."""
    made = {role.name for role in model.database.roles if role.created}
    found = []
    relations: tuple[Table | View, ...] = (*model.database.tables, *model.database.views)
    for relation in relations:
        if relation.name.schema in oracle.SYSTEM or relation.uncertain:
            continue
        total = _filled(connection, relation) if isinstance(relation, Table) else None
        for role in (*ROLES, *sorted(made)):
            for command in COMMANDS:
                said = access(model, relation, role, command)
                if said.outcome is not AccessOutcome.UNKNOWN:
                    happened = _tried(connection, relation, said)
                    if not _agrees(said, happened, total):
                        found.append(f"{role} {command} {relation.name}: {said.outcome} ({said.because}), {happened}")
    return found


def _agrees(said: Access, happened: int | str, total: int | None) -> bool:
    if happened == "impossible":
        return True
    if said.outcome is AccessOutcome.DENIED:
        return happened in (0, "denied")
    if said.outcome is AccessOutcome.ALLOWED and happened != "denied" and total and said.command != "insert":
        return happened == total
    return happened != "denied" or (said.outcome is AccessOutcome.POLICIES and said.command in {"insert", "update"})


def _filled(connection: Any, table: Table) -> int:
    """Return the number of rows after the superuser has tried to insert one."""
    try:
        with connection.transaction():
            connection.execute(f"insert into {table.name} default values")
    except Exception as problem:
        if not type(problem).__module__.startswith("psycopg"):
            raise
    try:
        with connection.transaction():
            return int(connection.execute(f"select count(*) from {table.name}").fetchone()[0])
    except Exception as problem:
        if not type(problem).__module__.startswith("psycopg"):
            raise
        return 0


def _tried(connection: Any, relation: Any, said: Access) -> int | str:
    """Return the rows that a role reached by a command, or the refusal; the changes are rolled back."""
    from psycopg import errors

    columns = said.columns
    nullable = [
        c.name for c in getattr(relation, "columns", ()) if not c.not_null and (not columns or c.name in columns)
    ]
    text = {
        "select": f"select {', '.join(map(quoted, columns)) or '*'} from {relation.name}",
        "insert": f"insert into {relation.name} default values",
        "update": f"update {relation.name} set {quoted(nullable[0])} = null" if nullable else "",
        "delete": f"delete from {relation.name}",
    }[said.command]
    if not text:
        return "impossible"
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(f"set local role {quoted(said.role)}")
            return int(connection.execute(text).rowcount)
    except errors.InsufficientPrivilege as problem:
        # An INSERT with all columns needs no default of a serial one, and so no privilege on its sequence.
        return "impossible" if "for sequence" in str(problem) else "denied"
    except errors.Error:
        return "impossible"
