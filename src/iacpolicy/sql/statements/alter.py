"""ALTER TABLE, ALTER VIEW and the like: row-level security, columns, owner, partitions, options."""

from collections.abc import Callable
from typing import Any

import msgspec

from iacpolicy.sql.model.database import Aspect, Column, SchemaDoubt, Table, TableKind
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.state.tentative import with_reasons
from iacpolicy.sql.statements import dependents, keys, rules, sequences, triggers, view_options
from iacpolicy.sql.statements.dependents import child_tables
from iacpolicy.sql.statements.harmless import HARMLESS_TABLE_COMMANDS
from iacpolicy.sql.statements.operators import evaluated
from iacpolicy.sql.statements.tables import MAX_COLUMNS, column
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

_OTHER_OBJECTS = frozenset({"OBJECT_INDEX", "OBJECT_TYPE"})


def alter_table(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER TABLE and the same for views, sequences and foreign tables; indexes and types are not modelled."""
    if node.get("objtype") in _OTHER_OBJECTS:
        return
    name = state.find(node["relation"])
    if name in state.views:
        for command in node.get("cmds", ()):
            state.set(state.views, name, view_options.altered(state, state.views[name], command["AlterTableCmd"], at))
        return
    commands = [command["AlterTableCmd"] for command in node.get("cmds", ())]
    if name in state.sequences:
        sequences.alter_relation(state, name, commands)
        return
    known = state.tables.get(name)
    if known is None:
        if not any(command["subtype"] in _SECURITY for command in commands):
            return  # It may be an index, which ALTER TABLE accepts too.
        known = state.table_named(name, at.span)
        if not node.get("missing_ok") and not state.platform.is_system(name.schema):
            _warn_about_missing(state, name, at)
    for command in commands:
        handler = _COMMANDS.get(command["subtype"])
        if handler is None and command["subtype"] not in HARMLESS_TABLE_COMMANDS:
            _doubt_table(state, state.tables[name], at)
        if handler is not None:
            changed = handler(state, state.tables[name], command, at)
            if changed:
                state.put(state.tables[name], **changed)
            _keep_calls(state, state.tables[name], command)
            if command["subtype"] == "AT_DropColumn":
                _drop_from_child_tables(state, name, command, at, only=not node["relation"].get("inh"))
            elif command["subtype"] in _INHERITED and node["relation"].get("inh"):
                _on_child_tables(state, name, command, at)


def _doubt_table(state: ReplayState, table: Table, at: Statement) -> None:
    reasons = (SchemaDoubt(aspect, "the effect of a command of ALTER TABLE is unknown", at.span) for aspect in Aspect)
    state.put(table, uncertain=with_reasons(table.uncertain, *reasons))


def _warn_about_missing(state: ReplayState, name: QualifiedName, at: Statement) -> None:
    made = state.made_in_python.get((name.schema, name.name)) or state.made_in_python.get(("", name.name))
    if made is None:
        what = f"{name} is altered, but no migration before this one makes it. Add the migration that does."
        state.warn("Table is not made by these migrations", what, at.span)
        return
    what = (
        f"{name} is altered here; line {made.line} of {made.path} makes it in Python, which is not replayed, so it is "
        "not checked. Make it by op.execute() with constant SQL to have it checked."
    )
    state.warn("Table is made in Python", what, at.span)


def _keep_calls(state: ReplayState, table: Table, command: Node) -> None:
    calls = evaluated(state, table.calls, command.get("def")) if command["subtype"] in _EVALUATED else table.calls
    if calls != table.calls:
        state.put(table, calls=calls)


def _on_child_tables(state: ReplayState, name: QualifiedName, command: Node, at: Statement) -> None:
    """Apply a change of columns to the partitions and child tables."""
    handler = _COMMANDS[command["subtype"]]
    for child in child_tables(state, name):
        changed = handler(state, state.tables[child], command, at)
        if command["subtype"] == "AT_AddColumn" and "columns" in changed:
            *others, added = changed["columns"]
            changed["columns"] = (*others, msgspec.structs.replace(added, local=False))
        if changed:
            state.put(state.tables[child], **changed)
        _keep_calls(state, state.tables[child], command)


def _security(field: str, value: bool) -> Callable[[ReplayState, Table, Node, Statement], dict[str, Any]]:
    aspect = Aspect.RLS if field == "rls_enabled" else Aspect.FORCE

    def change(_state: ReplayState, table: Table, _command: Node, at: Statement) -> dict[str, Any]:
        settled = tuple(reason for reason in table.uncertain if reason.aspect is not aspect)
        changes: dict[str, Any] = {field: value, "uncertain": settled}
        if aspect is Aspect.RLS:
            changes["decided_at"] = at.span
        return changes

    return change


def _owner(state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    changed = state.put(table, owner=parse_nodes.role(command["newowner"], state.role))
    sequences.follow_table(state, changed)
    return {}


def _triggers(_state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    return {"triggers": triggers.switched(table, command)}


def _rules(_state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    return {"rules": rules.switched(table, command)}


def _add_identity(state: ReplayState, table: Table, command: Node, at: Statement) -> dict[str, Any]:
    column = str(command.get("name", ""))
    sequence = sequences.for_identity(state, table, column, command["def"]["Constraint"], at.span)
    return {"columns": _replaced(table, column, sequence=sequence, identity=True, has_default=True)}


def _drop_identity(state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    column = str(command.get("name", ""))
    sequences.drop_of(state, tuple(known for known in table.columns if known.name == column and known.identity))
    return {"columns": _replaced(table, column, sequence=None, identity=False, has_default=False)}


def _add_column(state: ReplayState, table: Table, command: Node, at: Statement) -> dict[str, Any]:
    made, _ = column(command["def"]["ColumnDef"], at.span)
    if len(table.columns) >= MAX_COLUMNS or any(known.name == made.name for known in table.columns):
        return {}
    added = keys.of_columns(state, table.name, (command["def"],), at.span)
    sequence = sequences.for_column(state, table, command["def"]["ColumnDef"], at.span)
    if sequence is not None:
        made = msgspec.structs.replace(made, sequence=sequence)
    return {"columns": (*table.columns, made), "constraints": (*table.constraints, *added)}


def _drop_column(state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    name = str(command.get("name", ""))
    known = any(column.name == name for column in table.columns)
    dependents.drop_column(state, table.name, name)
    if known and command.get("behavior") == "DROP_CASCADE":
        dependents.drop_users_of_column(state, state.tables[table.name], name)
    return {}


def _drop_from_child_tables(
    state: ReplayState, name: QualifiedName, command: Node, at: Statement, *, only: bool
) -> None:
    """Drop a column from child tables, unless it is local there, another parent has it, or ONLY is given."""
    column = str(command.get("name", ""))
    pending = [name]
    while pending:
        parent = pending.pop()
        state.spend_scan(state.tables)
        for child in [table for table in state.tables.values() if parent in table.parents]:
            known = next((each for each in child.columns if each.name == column), None)
            if known is None or known.local or column in _inherited(state, child):
                continue
            if only:
                state.put(child, columns=_replaced(child, column, local=True))
            else:
                _drop_column(state, child, command, at)
                pending.append(child.name)


def _inherited(state: ReplayState, child: Table) -> set[str]:
    """Return the columns that the parents of a table have."""
    parents = (state.tables[parent] for parent in child.parents if parent in state.tables)
    return {column.name for parent in parents for column in parent.columns}


def _change_column(**changes: Any) -> Callable[[ReplayState, Table, Node, Statement], dict[str, Any]]:
    def change(_state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
        return {"columns": _replaced(table, command.get("name", ""), **changes)}

    return change


def _column_type(_state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    type_name = command["def"]["ColumnDef"].get("typeName", {})
    return {"columns": _replaced(table, command.get("name", ""), type=parse_nodes.type_text(type_name))}


def _column_default(_state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    return {"columns": _replaced(table, command.get("name", ""), has_default="def" in command)}


def _constraint(state: ReplayState, table: Table, command: Node, at: Statement) -> dict[str, Any]:
    changes = keys.add_constraint(state, table, command, at)
    if command["def"]["Constraint"].get("contype") == "CONSTR_PRIMARY" and changes:
        primary = set(changes["constraints"][-1].columns)
        changes["columns"] = _not_null(table, primary)
        for child in child_tables(state, table.name):
            state.put(state.tables[child], columns=_not_null(state.tables[child], primary))
    return changes


def _not_null(table: Table, names: set[str]) -> tuple[Column, ...]:
    return tuple(msgspec.structs.replace(c, not_null=True) if c.name in names else c for c in table.columns)


def _replaced(table: Table, name: str, **changes: Any) -> tuple[Column, ...]:
    return tuple(msgspec.structs.replace(known, **changes) if known.name == name else known for known in table.columns)


def _attach(state: ReplayState, table: Table, command: Node, at: Statement) -> dict[str, Any]:
    partition = state.table(command["def"]["PartitionCmd"]["name"], at.span)
    if partition is not None and partition.name != table.name:
        kind = TableKind.PARTITION if partition.kind is TableKind.TABLE else partition.kind
        columns = tuple(msgspec.structs.replace(column, local=False) for column in partition.columns)
        state.put(partition, parents=(table.name,), kind=kind, columns=columns)
    return {}


def _detach(state: ReplayState, table: Table, command: Node, at: Statement) -> dict[str, Any]:
    partition = state.table(command["def"]["PartitionCmd"]["name"], at.span)
    if partition is not None and partition.name != table.name:
        kind = TableKind.TABLE if partition.kind is TableKind.PARTITION else partition.kind
        state.put(partition, parents=(), kind=kind, columns=_own(partition, set()))
    return {}


def _inherit(state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    return {"parents": (*table.parents, state.find(command["def"]["RangeVar"]))}


def _disinherit(state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    parent = state.find(command["def"]["RangeVar"])
    left = msgspec.structs.replace(table, parents=tuple(known for known in table.parents if known != parent))
    return {"parents": left.parents, "columns": _own(left, _inherited(state, left))}


def _own(table: Table, inherited: set[str]) -> tuple[Column, ...]:
    """Return the columns of a table; those that no parent has any more become local."""
    return tuple(
        column if column.local or column.name in inherited else msgspec.structs.replace(column, local=True)
        for column in table.columns
    )


_SECURITY: dict[str, Callable[[ReplayState, Table, Node, Statement], dict[str, Any]]] = {
    "AT_EnableRowSecurity": _security("rls_enabled", True),
    "AT_DisableRowSecurity": _security("rls_enabled", False),
    "AT_ForceRowSecurity": _security("rls_forced", True),
    "AT_NoForceRowSecurity": _security("rls_forced", False),
}

_INHERITED = frozenset({"AT_AddColumn", "AT_SetNotNull", "AT_DropNotNull", "AT_AlterColumnType"})

_EVALUATED = frozenset({"AT_AddColumn", "AT_ColumnDefault", "AT_AddConstraint"})

_COMMANDS = _SECURITY | {
    **dict.fromkeys(rules.SWITCHES, _rules),
    "AT_ChangeOwner": _owner,
    "AT_AddColumn": _add_column,
    "AT_AddIdentity": _add_identity,
    "AT_DropIdentity": _drop_identity,
    "AT_DisableTrig": _triggers,
    "AT_DisableTrigAll": _triggers,
    "AT_DisableTrigUser": _triggers,
    "AT_EnableAlwaysTrig": _triggers,
    "AT_EnableReplicaTrig": _triggers,
    "AT_EnableTrig": _triggers,
    "AT_EnableTrigAll": _triggers,
    "AT_EnableTrigUser": _triggers,
    "AT_DropColumn": _drop_column,
    "AT_SetNotNull": _change_column(not_null=True),
    "AT_DropNotNull": _change_column(not_null=False),
    "AT_AlterColumnType": _column_type,
    "AT_ColumnDefault": _column_default,
    "AT_AddConstraint": _constraint,
    "AT_DropConstraint": keys.drop_constraint,
    "AT_AttachPartition": _attach,
    "AT_DetachPartition": _detach,
    "AT_AddInherit": _inherit,
    "AT_DropInherit": _disinherit,
}
