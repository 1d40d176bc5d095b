"""Rows of storage.buckets: the buckets that migrations make, and whether they are public."""

from iacpolicy.sql.model.database import Bucket
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

MAX_BUCKETS = 1000


def insert(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply INSERT INTO storage.buckets with named columns and literal values; other rows are ignored."""
    columns = [column.get("ResTarget", {}).get("name") for column in node.get("cols", ())]
    rows = node.get("selectStmt", {}).get("SelectStmt", {}).get("valuesLists", ())
    if "id" not in columns or "public" not in columns:
        return
    for row in rows:
        values = row.get("List", {}).get("items", ())
        if len(values) != len(columns) or len(state.buckets) >= MAX_BUCKETS:
            continue
        name = parse_nodes.text(values[columns.index("id")]) if "A_Const" in values[columns.index("id")] else ""
        flag = values[columns.index("public")].get("A_Const", {}).get("boolval", {})
        if name:
            state.set(state.buckets, name, Bucket(name, bool(flag.get("boolval")), at.span))
