"""RENAME, SET SCHEMA and OWNER TO, for every object that has a name."""

import msgspec

from iacpolicy.sql.model.database import Function
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.statements import dependents, keys, publications, rules, sequences, triggers
from iacpolicy.sql.statements.dependents import child_tables
from iacpolicy.sql.statements.privileges import on_columns
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

_RELATIONS = frozenset({"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"})
_ROUTINES = frozenset({"OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE"})


def rename(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER … RENAME TO."""
    kind = node["renameType"]
    new = str(node["newname"])
    if kind in _RELATIONS:
        name = state.find(node["relation"])
        _move_relation(state, name, QualifiedName(name.schema, new), at, moved=False)
    elif kind == "OBJECT_COLUMN" and "relation" in node:
        named = state.find(node["relation"])
        followers = child_tables(state, named) if node["relation"].get("inh") else []
        for each in [state.tables[key] for key in (named, *followers) if key in state.tables]:
            columns = tuple(
                msgspec.structs.replace(column, name=new) if column.name == node.get("subname") else column
                for column in each.columns
            )
            old_name = str(node.get("subname"))
            grants = on_columns(each.grants, old_name, new)
            changed = state.put(each, columns=columns, grants=grants, **keys.renamed_column(each, old_name, new))
            sequences.follow_table(state, changed)
    elif kind == "OBJECT_TABCONSTRAINT":
        table = state.tables.get(state.find(node["relation"]))
        if table is not None:
            state.put(table, **keys.rename_constraint(table, str(node.get("subname")), new))
    elif kind == "OBJECT_INDEX":
        keys.rename_index(state, _index_name(state, node["relation"]), new)
    elif kind == "OBJECT_POLICY":
        table = state.table(node["relation"], at.span)
        if table is not None:
            state.put(
                table,
                policies=tuple(
                    msgspec.structs.replace(policy, name=new) if policy.name == node.get("subname") else policy
                    for policy in table.policies
                ),
            )
    elif kind == "OBJECT_SEQUENCE":
        name = state.find(node["relation"])
        sequences.move(state, name, QualifiedName(name.schema, new))
    elif kind in {"OBJECT_TYPE", "OBJECT_DOMAIN"}:
        old = _type_name(state, node["object"])
        dependents.rename_type(state, old, QualifiedName(old.schema, new))
    elif kind == "OBJECT_TRIGGER":
        triggers.rename(state, node, at)
    elif kind == "OBJECT_RULE":
        rules.rename(state, node)
    elif kind == "OBJECT_EVENT_TRIGGER":
        triggers.rename_event_trigger(state, parse_nodes.text(node["object"]), new)
    elif kind == "OBJECT_PUBLICATION":
        publications.rename(state, parse_nodes.text(node["object"]), new)
    elif kind == "OBJECT_SCHEMA":
        _rename_schema(state, str(node["subname"]), new, at)
    elif kind in _ROUTINES:
        _move_function(state, node["object"], at, name=new)


def set_schema(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER … SET SCHEMA."""
    kind = node["objectType"]
    new = str(node["newschema"])
    if kind in _RELATIONS:
        name = state.find(node["relation"])
        _move_relation(state, name, QualifiedName(new, name.name), at, moved=True)
    elif kind == "OBJECT_SEQUENCE":
        name = state.find(node["relation"])
        sequences.move(state, name, QualifiedName(new, name.name))
    elif kind in {"OBJECT_TYPE", "OBJECT_DOMAIN"}:
        old = _type_name(state, node["object"])
        dependents.rename_type(state, old, QualifiedName(new, old.name))
    elif kind in _ROUTINES:
        _move_function(state, node["object"], at, schema=new)
    elif kind == "OBJECT_EXTENSION":
        extension = state.extensions.get(parse_nodes.text(node["object"]))
        if extension is not None:
            state.set(state.extensions, extension.name, msgspec.structs.replace(extension, schema=new))


def set_owner(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER … OWNER TO, for objects other than relations."""
    owner = parse_nodes.role(node["newowner"], state.role)
    if node["objectType"] == "OBJECT_SCHEMA":
        name = parse_nodes.text(node["object"])
        if name in state.schemas:
            state.set(state.schemas, name, msgspec.structs.replace(state.schemas[name], owner=owner))
    elif node["objectType"] == "OBJECT_PUBLICATION":
        known = state.publications.get(parse_nodes.text(node["object"]))
        if known is not None:
            state.set(state.publications, known.name, msgspec.structs.replace(known, owner=owner))
    elif node["objectType"] in _ROUTINES:
        for function in signature_functions(state, node["object"]):
            state.put_function(msgspec.structs.replace(function, owner=owner))


def _move_relation(state: ReplayState, old: QualifiedName, new: QualifiedName, at: Statement, *, moved: bool) -> None:
    if old == new:
        return
    if old in state.views:
        view = state.views[old]
        state.set(state.views, old, None)
        state.set(state.views, new, msgspec.structs.replace(view, name=new))
    elif old in state.sequences:
        sequences.move(state, old, new)
    elif old in state.tables:
        table = state.tables[old]
        policies = tuple(msgspec.structs.replace(policy, table=new) for policy in table.policies)
        changed = state.put(table, name=new, policies=policies, moved_at=at.span if moved else table.moved_at)
        sequences.follow_table(state, changed)
        _follow(state, old, new)


def _type_name(state: ReplayState, item: Node) -> QualifiedName:
    parts = parse_nodes.strings(parse_nodes.items(item))
    return QualifiedName(parts[-2] if len(parts) > 1 else next(state.search_path(), "public"), parts[-1])


def _index_name(state: ReplayState, relation: Node) -> QualifiedName:
    schema = relation.get("schemaname")
    if schema:
        return QualifiedName(schema, relation["relname"])
    for candidate in state.search_path():
        name = QualifiedName(candidate, relation["relname"])
        if keys.has_index(state, name):
            return name
    return QualifiedName("public", relation["relname"])


def _follow(state: ReplayState, old: QualifiedName, new: QualifiedName) -> None:
    """Update child tables, foreign keys and views that refer to a renamed relation."""
    state.spend_scan(state.tables, state.views)
    for table in [table for table in state.tables.values() if any(key.references == old for key in table.constraints)]:
        state.put(
            table,
            constraints=tuple(
                msgspec.structs.replace(key, references=new) if key.references == old else key
                for key in table.constraints
            ),
        )
    for table in [table for table in state.tables.values() if old in table.parents]:
        state.put(table, parents=tuple(new if parent == old else parent for parent in table.parents))
    for view in [view for view in state.views.values() if old in view.reads]:
        reads = tuple(new if read == old else read for read in view.reads)
        state.set(state.views, view.name, msgspec.structs.replace(view, reads=reads))


def _rename_schema(state: ReplayState, old: str, new: str, at: Statement) -> None:
    if old not in state.schemas:
        return
    schema = state.schemas[old]
    state.set(state.schemas, old, None)
    state.set(state.schemas, new, msgspec.structs.replace(schema, name=new))
    state.spend_scan(state.tables, state.views, state.functions)
    for name in [name for name in (*state.tables, *state.views) if name.schema == old]:
        _move_relation(state, name, QualifiedName(new, name.name), at, moved=True)
    for overloads in [overloads for name, overloads in state.functions.items() if name.schema == old]:
        for function in overloads:
            _put_moved(state, function, QualifiedName(new, function.name.name))
    for name in [name for name in state.sequences if name.schema == old]:
        sequences.move(state, name, QualifiedName(new, name.name))
    for publication in [each for each in state.publications.values() if old in each.schemas]:
        shown = tuple(sorted({*publication.schemas, new} - {old}))
        state.set(state.publications, publication.name, msgspec.structs.replace(publication, schemas=shown))
    for default in [default for default in state.defaults if default[1] == old]:
        entry = state.defaults[default]
        state.set(state.defaults, default, None)
        state.set(state.defaults, (default[0], new, default[2]), msgspec.structs.replace(entry, schema=new))


def _move_function(
    state: ReplayState, signature: Node, at: Statement, *, name: str | None = None, schema: str | None = None
) -> None:
    for function in signature_functions(state, signature):
        _put_moved(state, function, QualifiedName(schema or function.name.schema, name or function.name.name))


def _put_moved(state: ReplayState, function: Function, new: QualifiedName) -> None:
    state.put_function(msgspec.structs.replace(function, name=new), function)
    if new != function.name:
        triggers.follow_function(state, function.name, new)


def signature_functions(state: ReplayState, signature: Node) -> list[Function]:
    """Return the functions that an ObjectWithArgs refers to; without argument types, all of that name."""
    fields = signature.get("ObjectWithArgs", signature)
    parts = parse_nodes.strings(fields.get("objname"))
    if not parts:
        return []
    known = state.functions.__contains__
    overloads = state.functions.get(
        QualifiedName(parts[-2], parts[-1]) if len(parts) > 1 else state.resolve(parts[-1], known), ()
    )
    if fields.get("args_unspecified"):
        return list(overloads)
    arguments = tuple(parse_nodes.type_text(argument["TypeName"]) for argument in fields.get("objargs", ()))
    exact = [function for function in overloads if function.arguments == arguments]
    return exact or (list(overloads) if len(overloads) == 1 else [])
