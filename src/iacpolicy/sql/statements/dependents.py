"""Objects that CASCADE drops: policies and views that name a table, a column, a function or a type.

Names in a policy are compared as written; a name without a schema matches any schema.
"""

from collections.abc import Callable
from functools import lru_cache

import msgspec

from iacpolicy.sql.expressions.conditions import read
from iacpolicy.sql.model.database import Column, RowPolicy, Table
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.statements import sequences, triggers
from iacpolicy.sql.statements.keys import without_column
from iacpolicy.sql.statements.privileges import on_columns
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node


class NamesInTree(msgspec.Struct, frozen=True):
    """The names in an expression or query, each with its schema, which is empty where none is written."""

    relations: frozenset[tuple[str, str]]
    functions: frozenset[tuple[str, str]]
    types: frozenset[tuple[str, str]]
    columns: frozenset[str]
    everything: bool = False


def names_in(node: Node | None) -> NamesInTree:
    """Return the names in a tree."""
    relations, functions, types, columns = set(), set(), set(), set()
    everything = False
    for kind, fields in parse_nodes.walk(node):
        match kind:
            case "RangeVar":
                relations.add((str(fields.get("schemaname", "")), str(fields["relname"])))
            case "FuncCall":
                functions.add(_pair(parse_nodes.strings(fields.get("funcname"))))
            case "TypeCast":
                types.add(_pair(parse_nodes.strings(fields.get("typeName", {}).get("names"))))
            case "ColumnRef":
                columns.update(parse_nodes.strings(fields.get("fields"))[-1:])
                everything |= any("A_Star" in part for part in fields.get("fields", ()))
    return NamesInTree(frozenset(relations), frozenset(functions), frozenset(types), frozenset(columns), everything)


@lru_cache(maxsize=2048)
def _uses_of_text(text: str) -> NamesInTree:
    return names_in(read(text))


def drop_policies_reading(state: ReplayState, gone: set[QualifiedName]) -> None:
    """Drop the policies whose subqueries read a relation that is gone."""
    _drop_policies(state, lambda used: any(_named(used.relations, name) for name in gone))


def drop_users_of_function(state: ReplayState, function: QualifiedName) -> None:
    """Drop the policies, views and triggers that use a function which is dropped with CASCADE."""
    triggers.drop_of(state, function)
    _drop_policies(state, lambda used: _named(used.functions, function))
    for view in [view for view in state.views.values() if _named(frozenset(view.calls), function)]:
        drop_view(state, view.name, cascade=True)


def drop_users_of_column(state: ReplayState, table: Table, column: str) -> None:
    """Drop the policies and views that use a column which is dropped with CASCADE."""
    own = tuple(policy for policy in table.policies if not any(column in used.columns for used in _all_uses(policy)))
    if own != table.policies:
        state.put(table, policies=own)
    _drop_policies(state, lambda used: column in used.columns and _named(used.relations, table.name))
    for view in [view for view in state.views.values() if table.name in view.reads and column in view.mentions]:
        drop_view(state, view.name, cascade=True)


def drop_users_of_type(state: ReplayState, name: QualifiedName) -> None:
    """Drop the columns, policies and functions of a type that is dropped with CASCADE."""
    _drop_policies(state, lambda used: _named(used.types, name))
    state.spend_scan(state.tables, state.functions)
    for table in list(state.tables.values()):
        for column in [column for column in table.columns if is_of_type(column, name)]:
            drop_column(state, table.name, column.name)
            drop_users_of_column(state, state.tables[table.name], column.name)
    for overloads in list(state.functions.values()):
        for function in overloads:
            if any(_same_type(each, name) for each in (*function.arguments, function.returns)):
                state.drop_function(function)


def child_tables(state: ReplayState, name: QualifiedName) -> list[QualifiedName]:
    """Return the partitions and child tables of a table, to any depth."""
    found = {name: None}
    pending = [name]
    while pending:
        current = pending.pop()
        state.spend_scan(state.tables)
        for table in state.tables.values():
            if current in table.parents and table.name not in found:
                found[table.name] = None
                pending.append(table.name)
    return list(found)[1:]


def drop_column(state: ReplayState, name: QualifiedName, column: str) -> None:
    """Remove a column with its keys, indexes and sequence."""
    table = state.tables[name]
    sequences.drop_of(state, tuple(known for known in table.columns if known.name == column))
    kept = tuple(known for known in table.columns if known.name != column)
    grants = on_columns(table.grants, column, None)
    state.put(table, columns=kept, grants=grants, **without_column(table, column))


def is_of_type(column: Column, name: QualifiedName) -> bool:
    """Return whether a column is of a type, or of an array of it."""
    return _same_type(column.type, name)


def rename_type(state: ReplayState, old: QualifiedName, new: QualifiedName) -> None:
    """Rename a type in columns and arguments."""

    def renamed(written: str) -> str:
        brackets = "[]" if written.endswith("[]") else ""
        shown = new.name if "." not in written else f"{new.schema}.{new.name}"
        return shown + brackets if _same_type(written, old) else written

    state.spend_scan(state.tables, state.functions)
    for table in [table for table in state.tables.values() if any(is_of_type(c, old) for c in table.columns)]:
        columns = tuple(msgspec.structs.replace(each, type=renamed(each.type)) for each in table.columns)
        state.put(table, columns=columns)
    for function in [function for overloads in state.functions.values() for function in overloads]:
        arguments = tuple(renamed(each) for each in function.arguments)
        if arguments != function.arguments:
            state.drop_function(function)
            state.put_function(
                msgspec.structs.replace(function, arguments=arguments, returns=renamed(function.returns))
            )


def drop_view(state: ReplayState, name: QualifiedName, *, cascade: bool) -> None:
    """Remove a view, and by CASCADE the views and policies that read it."""
    state.set(state.views, name, None)
    if cascade:
        drop_readers(state, {name})


def drop_readers(state: ReplayState, gone: set[QualifiedName]) -> None:
    """Remove the views and policies that read removed relations, also through other views."""
    while True:
        state.spend_scan(state.views)
        readers = [view.name for view in state.views.values() if gone.intersection(view.reads)]
        if not readers:
            break
        for name in readers:
            state.set(state.views, name, None)
        gone.update(readers)
    drop_policies_reading(state, gone)


def _drop_policies(state: ReplayState, matches: Callable[[NamesInTree], bool]) -> None:
    state.spend_scan(state.tables)
    for table in [table for table in state.tables.values() if table.policies]:
        kept = tuple(policy for policy in table.policies if not any(matches(used) for used in _all_uses(policy)))
        if kept != table.policies:
            state.put(table, policies=kept)


def _all_uses(policy: RowPolicy) -> list[NamesInTree]:
    return [_uses_of_text(text) for text in (policy.using, policy.check) if text is not None]


def _named(pairs: frozenset[tuple[str, str]], name: QualifiedName) -> bool:
    return (name.schema, name.name) in pairs or ("", name.name) in pairs


def _same_type(written: str, name: QualifiedName) -> bool:
    schema, _, last = written.removesuffix("[]").rpartition(".")
    return last == name.name and schema in {"", name.schema}


def _pair(parts: list[str]) -> tuple[str, str]:
    return (parts[-2] if len(parts) > 1 else "", parts[-1] if parts else "")
