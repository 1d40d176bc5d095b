"""Conditions of PL/pgSQL that ask the catalogue whether something is there: answered from the state where it tells."""

from collections.abc import Callable, Iterator, Mapping

from iacpolicy.core.spans import Span
from iacpolicy.sql import nodes
from iacpolicy.sql.grammar import Node
from iacpolicy.sql.model import Aspect, TableKind
from iacpolicy.sql.patterns import expression
from iacpolicy.sql.state import State

MAX_CONDITIONS = 20

Row = Mapping[str, str]
Source = Callable[[State], Iterator[Row] | None]


def answer(state: State, query: str, span: Span) -> bool | None:
    """What `[not] exists (select … from a catalogue where column = 'text' …)` is; None where that is not known."""
    node = expression(query, span)
    wanted = True
    while node is not None and node.get("BoolExpr", {}).get("boolop") == "NOT_EXPR":
        node = node["BoolExpr"]["args"][0]
        wanted = not wanted
    link: Node = (node or {}).get("SubLink", {})
    if link.get("subLinkType") != "EXISTS_SUBLINK":
        return None
    found = _exists(state, link.get("subselect", {}).get("SelectStmt", {}))
    return None if found is None else found == wanted


def _exists(state: State, select: Node) -> bool | None:
    sources = select.get("fromClause", ())
    if len(sources) != 1 or "RangeVar" not in sources[0] or select.get("groupClause"):
        return None
    relation = sources[0]["RangeVar"]
    schema = relation.get("schemaname", "pg_catalog")
    source = _SOURCES.get((schema, relation["relname"]))
    conditions = _conditions(select.get("whereClause"))
    if source is None or conditions is None:
        return None
    rows = source(state)
    if rows is None:
        return None
    for row in rows:
        state.spend()
        if conditions.keys() - row.keys():
            return None
        if all(row[column] == text for column, text in conditions.items()):
            return True
    return None if source is _roles else False  # roles belong to the server: others may have made them


def _conditions(where: Node | None) -> dict[str, str] | None:
    """The texts that columns must have; None where something else is asked too."""
    found: dict[str, str] = {}
    pending = [where] if where is not None else []
    while pending:
        node = pending.pop()
        logic: Node = node.get("BoolExpr", {})
        comparison: Node = node.get("A_Expr", {})
        if logic.get("boolop") == "AND_EXPR":
            pending.extend(logic.get("args", ()))
            continue
        if comparison.get("kind") != "AEXPR_OP" or nodes.strings(comparison.get("name")) != ["="]:
            return None
        column = nodes.strings(comparison.get("lexpr", {}).get("ColumnRef", {}).get("fields"))
        constant = comparison.get("rexpr", {})
        while "TypeCast" in constant:
            if nodes.type_text(constant["TypeCast"].get("typeName", {})) not in {"text", "name", "character varying"}:
                return None
            constant = constant["TypeCast"].get("arg", {})
        if not column or "sval" not in constant.get("A_Const", {}) or len(found) >= MAX_CONDITIONS:
            return None
        found[column[-1]] = nodes.text(constant)
    return found or None


def _policies(state: State) -> Iterator[Row] | None:
    if any(table.doubts(Aspect.POLICIES, Aspect.EXISTENCE) for table in state.tables.values()):
        return None
    return (
        {"schemaname": table.name.schema, "tablename": table.name.name, "policyname": policy.name}
        for table in state.tables.values()
        for policy in table.policies
    )


def _tables(state: State) -> Iterator[Row] | None:
    own = [table for table in state.tables.values() if table.kind is not TableKind.EXTERNAL]
    if any(table.doubts(Aspect.EXISTENCE) for table in own) or _others_may_exist(state):
        return None
    return (
        {
            "schemaname": table.name.schema,
            "tablename": table.name.name,
            "table_schema": table.name.schema,
            "table_name": table.name.name,
        }
        for table in own
    )


def _columns(state: State) -> Iterator[Row] | None:
    if any(table.doubts(Aspect.EXISTENCE, Aspect.DEFINITION) for table in state.tables.values()):
        return None
    if _others_may_exist(state):
        return None
    return (
        {"table_schema": table.name.schema, "table_name": table.name.name, "column_name": column.name}
        for table in state.tables.values()
        if table.kind is not TableKind.EXTERNAL
        for column in table.columns
    )


def _roles(state: State) -> Iterator[Row] | None:
    platform = state.platform
    certain = [role.name for role in state.roles.values() if not role.uncertain]
    names = {*certain, *platform.api_roles, *platform.default_grantees, *platform.bypassing_roles}
    return ({"rolname": name, "usename": name} for name in sorted(names))


def _schemas(state: State) -> Iterator[Row] | None:
    return ({"nspname": name, "schema_name": name} for name in state.schemas)


def _others_may_exist(state: State) -> bool:
    return any(reason.aspect is Aspect.EXISTENCE for reason in state.reasons)


_SOURCES: dict[tuple[str, str], Source] = {
    ("pg_catalog", "pg_policies"): _policies,
    ("pg_catalog", "pg_tables"): _tables,
    ("information_schema", "tables"): _tables,
    ("information_schema", "columns"): _columns,
    ("pg_catalog", "pg_roles"): _roles,
    ("pg_catalog", "pg_user"): _roles,
    ("pg_catalog", "pg_namespace"): _schemas,
    ("information_schema", "schemata"): _schemas,
}
