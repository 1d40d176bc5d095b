"""GRANT and REVOKE on tables, views, sequences, functions and schemas, and ALTER DEFAULT PRIVILEGES."""

import msgspec

from iacpolicy.sql.model.database import DefaultPrivilege
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.statements.privileges import ALL_PRIVILEGES, PrivilegeChange, apply, permitted, privileges
from iacpolicy.sql.statements.renames import signature_functions
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

_KINDS = {
    "OBJECT_TABLE": "table",
    "OBJECT_SCHEMA": "schema",
    "OBJECT_FUNCTION": "function",
    "OBJECT_PROCEDURE": "function",
    "OBJECT_ROUTINE": "function",
    "OBJECT_SEQUENCE": "sequence",
    "OBJECT_TYPE": "type",
}


def grant(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply GRANT and REVOKE; `ALL TABLES IN SCHEMA` means those that exist at that time."""
    kind = _KINDS.get(node["objtype"])
    if kind is None:
        return
    change = _change(state, node, kind, at)
    everywhere = node.get("targtype") == "ACL_TARGET_ALL_IN_SCHEMA"
    objects: list[Node] = node.get("objects", [])
    breadth = len(change.roles) * len(change.privileges)
    if kind == "table":
        for name in (
            _all_relations(state, objects) if everywhere else [state.find(item["RangeVar"]) for item in objects]
        ):
            state.spend(breadth)
            _on_relation(state, name, change)
    elif kind == "sequence":
        named = [state.find(item["RangeVar"]) for item in objects] if not everywhere else []
        schemas = set(parse_nodes.strings(objects)) if everywhere else set()
        for name in [*named, *(name for name in state.sequences if name.schema in schemas)]:
            state.spend(breadth)
            _on_sequence(state, name, change)
    elif kind == "schema":
        for schema in parse_nodes.strings(objects):
            known = state.schemas.get(schema)
            if known is not None:
                state.set(
                    state.schemas,
                    schema,
                    msgspec.structs.replace(
                        known, grants=apply(known.grants, permitted(state, change, known.owner, known.grants))
                    ),
                )
    elif kind == "function":
        if everywhere:
            schemas = set(parse_nodes.strings(objects))
            state.spend_scan(state.functions)
            functions = [
                each for name, overloads in state.functions.items() if name.schema in schemas for each in overloads
            ]
        else:
            functions = [function for item in objects for function in signature_functions(state, item)]
        for function in functions:
            state.spend(breadth)
            allowed = permitted(state, change, function.owner, function.grants)
            state.put_function(msgspec.structs.replace(function, grants=apply(function.grants, allowed)))


def default_privileges(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER DEFAULT PRIVILEGES, for new objects of the named roles or of the current one."""
    action: Node = node["action"]
    kind = _KINDS.get(action["objtype"])
    if kind is None:
        return
    options = parse_nodes.options(node.get("options"))
    roles = (
        [parse_nodes.role(spec, state.role) for spec in parse_nodes.items(options["roles"])]
        if "roles" in options
        else [state.role]
    )
    schemas: list[str | None] = [None]
    if "schemas" in options:
        schemas = list(parse_nodes.strings(parse_nodes.items(options["schemas"])))
    change = _change(state, action, kind, at)
    state.spend(len(roles) * len(schemas) * len(change.roles))
    for role in roles:
        for schema in schemas:
            key = (role, schema, kind)
            known = state.defaults.get(key) or DefaultPrivilege(role, schema, kind, ())
            state.set(state.defaults, key, msgspec.structs.replace(known, grants=apply(known.grants, change)))


def _change(state: ReplayState, node: Node, kind: str, at: Statement) -> PrivilegeChange:
    assert kind in ALL_PRIVILEGES
    return PrivilegeChange(
        grants=bool(node.get("is_grant")),
        roles=tuple(parse_nodes.role(spec, state.role) for spec in node.get("grantees", ())),
        privileges=privileges(node.get("privileges"), kind),
        grantable=bool(node.get("grant_option")),
        span=at.span,
    )


def _all_relations(state: ReplayState, objects: list[Node]) -> list[QualifiedName]:
    schemas = set(parse_nodes.strings(objects))
    state.spend_scan(state.tables, state.views)
    return [name for name in (*state.tables, *state.views) if name.schema in schemas]


def _on_relation(state: ReplayState, name: QualifiedName, change: PrivilegeChange) -> None:
    if name in state.views:
        view = state.views[name]
        allowed = permitted(state, change, view.owner, view.grants)
        state.set(state.views, name, msgspec.structs.replace(view, grants=apply(view.grants, allowed)))
        return
    if name in state.sequences:
        _on_sequence(state, name, change)
        return
    if name not in state.tables and not state.platform.is_system(name.schema):
        return
    table = state.table_named(name, change.span)
    state.put(table, grants=apply(table.grants, permitted(state, change, table.owner, table.grants)))


def _on_sequence(state: ReplayState, name: QualifiedName, change: PrivilegeChange) -> None:
    known = state.sequences.get(name)
    if known is not None:
        fitting = tuple(entry for entry in change.privileges if entry[0] in ALL_PRIVILEGES["sequence"])
        allowed = msgspec.structs.replace(change, privileges=fitting)
        grants = apply(known.grants, permitted(state, allowed, known.owner, known.grants))
        state.set(state.sequences, name, msgspec.structs.replace(known, grants=grants))
