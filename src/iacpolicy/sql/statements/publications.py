"""Publications: the tables that are sent to subscribers, such as Supabase's realtime service."""

import msgspec

from iacpolicy.sql.model.database import Publication
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement


def create(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE PUBLICATION."""
    name = str(node["pubname"])
    if state.guarded and name in state.publications:
        return
    _clear(state, name)
    tables, schemas = _objects(state, node)
    made = Publication(name, state.role, at.span, bool(node.get("for_all_tables")), tuple(sorted(schemas)))
    state.set(state.publications, name, made)
    _add(state, name, tables, at)


def alter(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER PUBLICATION … ADD, SET and DROP; one that no migration makes is added."""
    name = str(node["pubname"])
    known = state.publications.get(name) or Publication(name, state.platform.owner)
    tables, schemas = _objects(state, node)
    held = set(known.schemas)
    match node.get("action", "AP_AddObjects"):
        case "AP_DropObjects":
            held -= schemas
            for table in tables:
                _remove(state, name, table)
        case action:
            if action == "AP_SetObjects" and "pubobjects" in node:
                _clear(state, name)
                held = set()
            held |= schemas
            _add(state, name, tables, at)
    state.set(state.publications, name, msgspec.structs.replace(known, schemas=tuple(sorted(held))))


def drop(state: ReplayState, name: str) -> None:
    """Apply DROP PUBLICATION."""
    _clear(state, name)
    state.set(state.publications, name, None)


def rename(state: ReplayState, old: str, new: str) -> None:
    """Apply ALTER PUBLICATION … RENAME TO."""
    known = state.publications.get(old)
    if known is None:
        return
    state.set(state.publications, old, None)
    state.set(state.publications, new, msgspec.structs.replace(known, name=new))
    for table in [table for table in state.tables.values() if old in table.published]:
        state.put(table, published=tuple(sorted({*table.published, new} - {old})))


def _objects(state: ReplayState, node: Node) -> tuple[list[QualifiedName], set[str]]:
    tables: list[QualifiedName] = []
    schemas: set[str] = set()
    for item in node.get("pubobjects", ()):
        spec: Node = item["PublicationObjSpec"]
        match spec.get("pubobjtype"):
            case "PUBLICATIONOBJ_TABLE":
                tables.append(state.find(spec["pubtable"]["relation"]))
            case "PUBLICATIONOBJ_TABLES_IN_SCHEMA":
                schemas.add(str(spec["name"]))
            case "PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA":
                schemas.add(next(state.search_path(), "public"))
    return tables, schemas


def _add(state: ReplayState, publication: str, tables: list[QualifiedName], at: Statement) -> None:
    for name in tables:
        if name not in state.views:
            table = state.table_named(name, at.span)
            state.put(table, published=tuple(sorted({*table.published, publication})))


def _remove(state: ReplayState, publication: str, name: QualifiedName) -> None:
    table = state.tables.get(name)
    if table is not None:
        state.put(table, published=tuple(known for known in table.published if known != publication))


def _clear(state: ReplayState, publication: str) -> None:
    state.spend_scan(state.tables)
    for name in [table.name for table in state.tables.values() if publication in table.published]:
        _remove(state, publication, name)
