"""Rules on tables and views, which replace one statement by others."""

import msgspec

from iacpolicy.sql.model.database import RewriteRule, Table, View
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

SWITCHES = frozenset({"AT_EnableRule", "AT_EnableAlwaysRule", "AT_EnableReplicaRule", "AT_DisableRule"})
"""The commands of ALTER TABLE that switch a rule."""


def create(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE RULE; one of the same name is replaced."""
    name = state.find(node["relation"])
    relation = state.views.get(name) or state.table_named(name, at.span)
    made = RewriteRule(
        name=str(node["rulename"]),
        command=str(node["event"]).removeprefix("CMD_").lower(),
        made_at=at.span,
        instead=bool(node.get("instead")),
        nothing="actions" not in node and "whereClause" not in node,
    )
    if state.guarded and not node.get("replace") and any(rule.name == made.name for rule in relation.rules):
        return
    state.put_relation(relation, rules=(*(rule for rule in relation.rules if rule.name != made.name), made))


def switched(relation: Table | View, command: Node) -> tuple[RewriteRule, ...]:
    """Return the rules of a relation after ENABLE or DISABLE RULE; a replica's rule does not run in a session."""
    enabled = command["subtype"] in {"AT_EnableRule", "AT_EnableAlwaysRule"}
    return tuple(
        msgspec.structs.replace(rule, enabled=enabled) if rule.name == command.get("name") else rule
        for rule in relation.rules
    )


def rename(state: ReplayState, node: Node) -> None:
    """Apply ALTER RULE … RENAME TO."""
    name = state.find(node["relation"])
    relation = state.views.get(name) or state.tables.get(name)
    if relation is not None:
        new = str(node["newname"])
        renamed = (
            msgspec.structs.replace(rule, name=new) if rule.name == node.get("subname") else rule
            for rule in relation.rules
        )
        state.put_relation(relation, rules=tuple(renamed))


def drop(state: ReplayState, item: Node) -> None:
    """Apply DROP RULE."""
    relation, name = state.relation_of_part(item)
    if relation is not None:
        state.put_relation(relation, rules=tuple(rule for rule in relation.rules if rule.name != name))
