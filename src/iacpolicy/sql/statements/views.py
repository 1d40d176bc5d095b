"""CREATE VIEW and CREATE MATERIALIZED VIEW."""

from typing import Any

from iacpolicy.sql.model.database import View
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.statements.dependents import names_in
from iacpolicy.sql.statements.privileges import initial
from iacpolicy.sql.statements.view_options import with_options
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement


def create(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE VIEW; OR REPLACE keeps grants and owner, and replaces the options."""
    name = state.target(node["view"])
    known = state.views.get(name) if node.get("replace") else None
    view = View(
        name=name,
        materialized=False,
        made_at=at.span,
        owner=known.owner if known else state.role,
        made_by=known.made_by if known else state.role,
        made_in=known.made_in if known else name.schema,
        **_of_query(state, node.get("query", {})),
        grants=known.grants if known else initial(state, name.schema, state.role, "table"),
        triggers=known.triggers if known else (),
        rules=known.rules if known else (),
    )
    state.set(state.views, name, with_options(view, parse_nodes.options(node.get("options")), at))


def create_materialized(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE MATERIALIZED VIEW."""
    name = state.target(node["into"]["rel"])
    if node.get("if_not_exists") and name in state.views:
        return
    view = View(
        name=name,
        materialized=True,
        made_at=at.span,
        owner=state.role,
        made_by=state.role,
        made_in=name.schema,
        **_of_query(state, node.get("query", {})),
        grants=initial(state, name.schema, state.role, "table"),
    )
    state.set(state.views, name, view)


def _of_query(state: ReplayState, query: Node) -> dict[str, Any]:
    used = names_in(query)
    reads = _reads(state, query)
    mentions = set(used.columns)
    if used.everything:  # `*` means the columns at that time.
        mentions.update(column.name for name in reads if name in state.tables for column in state.tables[name].columns)
    return {
        "reads": reads,
        "calls": tuple(sorted(used.functions)),
        "mentions": tuple(sorted(mentions)),
    }


def _reads(state: ReplayState, query: Node) -> tuple[QualifiedName, ...]:
    names: dict[QualifiedName, None] = {}
    shadowed = set()
    for kind, fields in parse_nodes.walk(query):
        if kind == "CommonTableExpr":
            shadowed.add(str(fields.get("ctename")))
        elif kind == "RangeVar":
            names[state.find(fields)] = None
    return tuple(sorted(name for name in names if name.name not in shadowed or name in state.tables))
