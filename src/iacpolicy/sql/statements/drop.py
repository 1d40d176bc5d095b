"""DROP of relations, schemas, policies, functions, extensions and the rest."""

from iacpolicy.sql.model.database import Aspect, SchemaDoubt, TableKind
from iacpolicy.sql.model.names import TEMPORARY, QualifiedName
from iacpolicy.sql.state import effects
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.state.tentative import with_reasons
from iacpolicy.sql.statements import dependents, keys, publications, rules, sequences, triggers
from iacpolicy.sql.statements.dependents import drop_readers, drop_view
from iacpolicy.sql.statements.harmless import HARMLESS_DROPS
from iacpolicy.sql.statements.renames import signature_functions
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement


def drop(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply DROP: partitions always go with their table, child tables and views by CASCADE."""
    cascade = node.get("behavior") == "DROP_CASCADE"
    for item in node.get("objects", ()):
        match node["removeType"]:
            case "OBJECT_TABLE" | "OBJECT_FOREIGN_TABLE":
                drop_table(state, _relation(state, item), cascade=cascade)
            case "OBJECT_VIEW" | "OBJECT_MATVIEW":
                drop_view(state, _relation(state, item), cascade=cascade)
            case "OBJECT_INDEX":
                keys.drop_index(state, _index(state, item))
            case "OBJECT_SCHEMA":
                drop_schema(state, parse_nodes.text(item), at, cascade=cascade)
            case "OBJECT_POLICY":
                _drop_policy(state, item, at)
            case "OBJECT_FUNCTION" | "OBJECT_PROCEDURE" | "OBJECT_ROUTINE":
                for function in signature_functions(state, item):
                    state.drop_function(function)
                    if cascade and function.name not in state.functions:
                        dependents.drop_users_of_function(state, function.name)
            case "OBJECT_TYPE" | "OBJECT_DOMAIN":
                if cascade:
                    dependents.drop_users_of_type(state, _type(state, item))
            case "OBJECT_EXTENSION":
                state.set(state.extensions, parse_nodes.text(item), None)
            case "OBJECT_SEQUENCE":
                sequences.drop(state, _relation(state, item))
            case "OBJECT_TRIGGER":
                triggers.drop(state, item)
            case "OBJECT_RULE":
                rules.drop(state, item)
            case "OBJECT_PUBLICATION":
                publications.drop(state, parse_nodes.text(item))
            case "OBJECT_EVENT_TRIGGER":
                state.set(state.event_triggers, parse_nodes.text(item), None)
            case "OBJECT_LANGUAGE":
                if cascade:
                    _drop_functions_in(state, parse_nodes.text(item))
            case kind if kind not in HARMLESS_DROPS and (cascade or kind != "OBJECT_ACCESS_METHOD"):
                shown = kind.removeprefix("OBJECT_").replace("_", " ")
                effects.doubt_everything(state, f"the effect of DROP {shown} is unknown", at.span)
            case _:
                # The foreign tables of a server are dropped one by one, with the policies that read them.
                if cascade and node["removeType"] != "OBJECT_FOREIGN_SERVER":
                    _doubt_policies(state, at)


def _drop_functions_in(state: ReplayState, language: str) -> None:
    for function in [f for overloads in state.functions.values() for f in overloads if f.language == language]:
        state.drop_function(function)
        if function.name not in state.functions:
            dependents.drop_users_of_function(state, function.name)


def _doubt_policies(state: ReplayState, at: Statement) -> None:
    """Record a doubt about the policies: CASCADE drops those that use the dropped object."""
    state.spend_scan(state.tables)
    reason = SchemaDoubt(Aspect.POLICIES, "DROP … CASCADE may drop policies that use the dropped object", at.span)
    for table in [table for table in state.tables.values() if table.policies]:
        state.put(table, uncertain=with_reasons(table.uncertain, reason))


def drop_table(state: ReplayState, name: QualifiedName, *, cascade: bool) -> None:
    """Remove a table, its partitions, and by CASCADE its child tables and the views that read them."""
    pending = [name]
    gone: set[QualifiedName] = set()
    while pending:
        current = pending.pop()
        if current in gone:
            continue
        gone.add(current)
        if current in state.tables:
            sequences.drop_of(state, state.tables[current].columns)
            state.set(state.tables, current, None)
        state.spend_scan(state.tables)
        for table in list(state.tables.values()):
            if current in table.parents:
                if cascade or table.kind is TableKind.PARTITION:
                    pending.append(table.name)
                else:
                    state.put(table, parents=tuple(parent for parent in table.parents if parent != current))
    if cascade:
        _drop_foreign_keys(state, gone)
        drop_readers(state, gone)


def _drop_foreign_keys(state: ReplayState, gone: set[QualifiedName]) -> None:
    state.spend_scan(state.tables)
    for table in list(state.tables.values()):
        kept = tuple(key for key in table.constraints if key.references not in gone)
        if len(kept) < len(table.constraints):
            state.put(table, constraints=kept)


def drop_schema(state: ReplayState, schema: str, at: Statement, *, cascade: bool) -> None:
    """Remove a schema; without CASCADE only an empty one."""
    inside = [name for name in state.tables if name.schema == schema]
    views = [name for name in state.views if name.schema == schema]
    others = [name for name in (*state.sequences, *state.functions) if name.schema == schema]
    state.spend_scan(state.tables, state.views, state.sequences, state.functions)
    if (inside or views or others) and not cascade:
        state.warn(
            "Schema is not empty",
            f"PostgreSQL refuses to drop {schema} while it contains objects; it was kept. Write CASCADE.",
            at.span,
        )
        return
    for name in inside:
        drop_table(state, name, cascade=True)
    for name in views:
        drop_view(state, name, cascade=True)
    for name in [name for name in state.sequences if name.schema == schema]:
        sequences.drop(state, name)
    for name in [name for name in state.functions if name.schema == schema]:
        state.set(state.functions, name, None)
        dependents.drop_users_of_function(state, name)
    for default in [default for default in state.defaults if default[1] == schema]:
        state.set(state.defaults, default, None)
    state.set(state.schemas, schema, None)


def _drop_policy(state: ReplayState, item: Node, at: Statement) -> None:
    parts = parse_nodes.strings(parse_nodes.items(item))
    if len(parts) < 2:
        return
    relation = {"relname": parts[-2]} | ({"schemaname": parts[-3]} if len(parts) > 2 else {})
    table = state.tables.get(state.find(relation))
    if table is not None:
        state.put(table, policies=tuple(policy for policy in table.policies if policy.name != parts[-1]))


def _type(state: ReplayState, item: Node) -> QualifiedName:
    parts = parse_nodes.strings(item.get("TypeName", {}).get("names"))
    return QualifiedName(parts[-2] if len(parts) > 1 else next(state.search_path(), "public"), parts[-1])


def _index(state: ReplayState, item: Node) -> QualifiedName:
    parts = parse_nodes.strings(parse_nodes.items(item))
    schemas = [parts[-2]] if len(parts) > 1 else list(state.search_path())
    names = [QualifiedName(schema, parts[-1]) for schema in schemas]
    return next((name for name in names if keys.has_index(state, name)), QualifiedName("public", parts[-1]))


def _relation(state: ReplayState, item: Node) -> QualifiedName:
    parts = parse_nodes.strings(parse_nodes.items(item))
    relation = {"relname": parts[-1]} | ({"schemaname": parts[-2]} if len(parts) > 1 else {})
    return state.find(relation)


def discard_temporary(state: ReplayState) -> None:
    """Apply DISCARD TEMP."""
    for name in [name for name in state.tables if name.schema == TEMPORARY]:
        state.set(state.tables, name, None)
    for name in [name for name in state.sequences if name.schema == TEMPORARY]:
        state.set(state.sequences, name, None)
