"""Triggers on tables and views, and event triggers."""

import msgspec

from iacpolicy.sql.model.database import EventTrigger, Table, Trigger, View
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

_BUILT_IN = frozenset(
    {"suppress_redundant_updates_trigger", "tsvector_update_trigger", "tsvector_update_trigger_column"}
)


def create(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE TRIGGER; one of the same name is replaced."""
    relation = _relation(state, state.find(node["relation"]), at)
    name = str(node["trigname"])
    if state.guarded and not node.get("replace") and any(trigger.name == name for trigger in relation.triggers):
        return
    made = Trigger(name, _function(state, node), at.span)
    others = tuple(trigger for trigger in relation.triggers if trigger.name != name)
    _put(state, relation, (*others, made))


def switched(table: Table, command: Node) -> tuple[Trigger, ...]:
    """Return the triggers of a table after ENABLE or DISABLE TRIGGER, of one or of all."""
    enabled = not command["subtype"].startswith("AT_DisableTrig")
    return tuple(
        msgspec.structs.replace(trigger, enabled=enabled) if command.get("name") in {None, trigger.name} else trigger
        for trigger in table.triggers
    )


def rename(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER TRIGGER … RENAME TO."""
    relation = _relation(state, state.find(node["relation"]), at)
    _put(
        state,
        relation,
        tuple(
            msgspec.structs.replace(trigger, name=str(node["newname"])) if trigger.name == node["subname"] else trigger
            for trigger in relation.triggers
        ),
    )


def drop(state: ReplayState, item: Node) -> None:
    """Apply DROP TRIGGER."""
    relation, name = state.relation_of_part(item)
    if relation is not None:
        _put(state, relation, tuple(trigger for trigger in relation.triggers if trigger.name != name))


def drop_of(state: ReplayState, function: QualifiedName) -> None:
    """Remove the triggers of a function that is dropped with CASCADE."""
    state.spend_scan(state.tables, state.views)
    for relation in _relations(state):
        if any(trigger.function == function for trigger in relation.triggers):
            _put(state, relation, tuple(trigger for trigger in relation.triggers if trigger.function != function))
    for trigger in [trigger for trigger in state.event_triggers.values() if trigger.function == function]:
        state.set(state.event_triggers, trigger.name, None)


def follow_function(state: ReplayState, old: QualifiedName, new: QualifiedName) -> None:
    """Rename the function in the triggers that run it."""
    state.spend_scan(state.tables, state.views)
    for relation in _relations(state):
        if any(trigger.function == old for trigger in relation.triggers):
            _put(
                state,
                relation,
                tuple(
                    msgspec.structs.replace(trigger, function=new) if trigger.function == old else trigger
                    for trigger in relation.triggers
                ),
            )
    for trigger in [trigger for trigger in state.event_triggers.values() if trigger.function == old]:
        state.set(state.event_triggers, trigger.name, msgspec.structs.replace(trigger, function=new))


def create_event_trigger(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE EVENT TRIGGER."""
    name = str(node["trigname"])
    tags: tuple[str, ...] = ()
    for item in node.get("whenclause", ()):
        if item.get("DefElem", {}).get("defname") == "tag":
            tags = tuple(tag.upper() for tag in parse_nodes.strings(parse_nodes.items(item["DefElem"].get("arg", {}))))
    made = EventTrigger(name, str(node["eventname"]), _function(state, node), at.span, tags=tags)
    state.set(state.event_triggers, name, made)


def alter_event_trigger(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER EVENT TRIGGER … ENABLE or DISABLE."""
    known = state.event_triggers.get(str(node["trigname"]))
    if known is not None:
        enabled = node.get("tgenabled") != "D"
        state.set(state.event_triggers, known.name, msgspec.structs.replace(known, enabled=enabled))


def rename_event_trigger(state: ReplayState, old: str, new: str) -> None:
    """Apply ALTER EVENT TRIGGER … RENAME TO."""
    known = state.event_triggers.get(old)
    if known is not None:
        state.set(state.event_triggers, old, None)
        state.set(state.event_triggers, new, msgspec.structs.replace(known, name=new))


def _function(state: ReplayState, node: Node) -> QualifiedName:
    parts = parse_nodes.strings(node.get("funcname"))
    if len(parts) > 1:
        return QualifiedName(parts[-2], parts[-1])
    found = state.resolve(parts[-1], state.functions.__contains__)
    return QualifiedName("pg_catalog", parts[-1]) if parts[-1] in _BUILT_IN and found not in state.functions else found


def _relation(state: ReplayState, name: QualifiedName, at: Statement) -> Table | View:
    return state.views.get(name) or state.table_named(name, at.span)


def _relations(state: ReplayState) -> list[Table | View]:
    return [*state.tables.values(), *state.views.values()]


def _put(state: ReplayState, relation: Table | View, triggers: tuple[Trigger, ...]) -> None:
    triggers = tuple(sorted(triggers, key=lambda trigger: trigger.name))
    state.put_relation(relation, triggers=triggers)
