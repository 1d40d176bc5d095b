"""Foreign servers: IMPORT FOREIGN SCHEMA, and the foreign tables that are dropped with a server."""

import msgspec

from iacpolicy.sql.model.database import Aspect, ForeignImport, SchemaDoubt, TableKind
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.state.tentative import with_reasons
from iacpolicy.sql.statements import tables
from iacpolicy.sql.statements.drop import drop_table
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement


def import_schema(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply IMPORT FOREIGN SCHEMA: LIMIT TO names the tables; without it their names are unknown."""
    schema, server = str(node["local_schema"]), str(node["server_name"])
    named = [str(item["RangeVar"]["relname"]) for item in node.get("table_list", ())]
    if node.get("list_type") != "FDW_IMPORT_SCHEMA_LIMIT_TO":
        without = f" except {', '.join(named)}" if named else ""
        remote = node["remote_schema"]
        text = f"IMPORT FOREIGN SCHEMA makes a foreign table in {schema} for each table of {remote}{without}"
        found = ForeignImport(schema, server, SchemaDoubt(Aspect.EXISTENCE, text, at.span))
        state.set(state.foreign_imports, found, found)
        return
    columns = SchemaDoubt(Aspect.DEFINITION, f"its columns are those of the foreign server {server}", at.span)
    for name in named:
        state.spend()
        relation = {"schemaname": schema, "relname": name}
        tables.make(state, relation, TableKind.FOREIGN, (), at.span, (), False, server=server)
        made = state.tables.get(state.target(relation))
        if made is not None and made.made_at == at.span:
            state.put(made, uncertain=with_reasons(made.uncertain, columns))


def drop(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CASCADE of DROP SERVER, DROP FOREIGN DATA WRAPPER and DROP EXTENSION to foreign tables."""
    if node.get("behavior") != "DROP_CASCADE":
        return
    state.spend_scan(state.tables)
    foreign = [table for table in state.tables.values() if table.kind is TableKind.FOREIGN]
    dropped = [parse_nodes.text(item) for item in node.get("objects", ())]
    if node["removeType"] == "OBJECT_FOREIGN_SERVER":
        for table in foreign:
            if table.server in dropped:
                drop_table(state, table.name, cascade=True)
        for found in [found for found in state.foreign_imports if found.server in dropped]:
            state.set(state.foreign_imports, found, None)
        return
    for table in foreign:
        text = f"DROP of {', '.join(dropped)} with CASCADE may drop it"
        reasons = with_reasons(table.uncertain, SchemaDoubt(Aspect.EXISTENCE, text, at.span))
        state.put(table, uncertain=reasons)


def rename_server(state: ReplayState, old: str, new: str) -> None:
    """Apply ALTER SERVER … RENAME TO."""
    state.spend_scan(state.tables)
    for table in [table for table in state.tables.values() if table.server == old]:
        state.put(table, server=new)
    for found in [found for found in state.foreign_imports if found.server == old]:
        renamed = msgspec.structs.replace(found, server=new)
        state.set(state.foreign_imports, found, None)
        state.set(state.foreign_imports, renamed, renamed)
