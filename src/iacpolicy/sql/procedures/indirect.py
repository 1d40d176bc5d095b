"""Functions that run without a call of their own: inside expressions, and by triggers."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial

from iacpolicy.sql.model.database import Function, Table
from iacpolicy.sql.procedures.function_calls import doubt_unknown, follow
from iacpolicy.sql.procedures.plpgsql import Execute
from iacpolicy.sql.procedures.scope import CatalogueScope
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.state.tentative import tentatively
from iacpolicy.sql.statements.operators import called, named, view_calls
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import CALLS, Statement

_changes = re.compile(r"\b(?:alter|create|drop|grant|revoke|execute|perform|call|select)\b", re.IGNORECASE).search

_WRITES = frozenset({"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "TruncateStmt"})
_REMOVES = frozenset({"DeleteStmt", "TruncateStmt"})


def doubt_expressions(state: ReplayState, node: Node, at: Statement, execute: Execute) -> None:
    """Doubt the changes by functions that a statement mentions, because the number of their runs depends on rows."""
    calls = list(_calls(state, node))
    if state.functions:
        names = (named(state, _parts(each)) for each in calls) if CALLS in node else called(state, node)
        for name in dict.fromkeys(names):
            _doubted(state, state.functions.get(name, ()), at, execute, "in an expression")
    for each in calls:
        if named(state, _parts(each)) not in state.functions:
            doubt_unknown(state, each, at)


def _calls(state: ReplayState, node: Node) -> Iterator[Node]:
    """Yield the calls in a statement and in the views that it reads, as FuncCall nodes."""
    if CALLS in node:
        yield from node[CALLS]
        return
    for kind, fields in parse_nodes.walk(node):
        if kind == "FuncCall":
            yield fields
        elif kind == "RangeVar" and state.views and "relname" in fields:
            yield from map(parse_nodes.call_of, view_calls(state, state.find(fields)))


def _parts(call: Node) -> list[str]:
    return parse_nodes.strings(call.get("funcname"))


def doubt_alter(state: ReplayState, node: Node, at: Statement, execute: Execute) -> None:
    """Record doubts about functions that ALTER TABLE may run for existing rows; a new default runs for none."""
    commands = (command["AlterTableCmd"] for command in node.get("cmds", ()))
    doubt_expressions(
        state, {"cmds": [each for each in commands if each["subtype"] != "AT_ColumnDefault"]}, at, execute
    )


def doubt_triggers(state: ReplayState, node: Node, at: Statement, execute: Execute) -> None:
    """Doubt the changes by triggers, defaults and constraints of a table when rows are written."""
    relation = node.get("relation")
    if at.kind not in _WRITES or not state.functions or not isinstance(relation, dict):
        return
    name = state.find(relation)
    written = state.tables.get(name) or state.views.get(name)
    for trigger in written.triggers if written is not None else ():
        if trigger.enabled:
            functions = state.functions.get(trigger.function, ())
            _doubted(state, functions, at, execute, f"by the trigger {trigger.name}")
    for called_name in written.calls if isinstance(written, Table) and at.kind not in _REMOVES else ():
        functions = state.functions.get(called_name, ())
        _doubted(state, functions, at, execute, f"by a default or constraint of {name}")


def _doubted(state: ReplayState, functions: Iterable[Function], at: Statement, execute: Execute, how: str) -> None:
    for function in _active(functions):
        state.spend(10)
        action = partial(follow, state, function, at, execute, [], CatalogueScope(state, state.variables))
        tentatively(state, f"the statement may run {function.name}() {how}", at.span, action)


def _active(functions: Iterable[Function]) -> Iterator[Function]:
    return (function for function in functions if _may_change(function.body))


@lru_cache(maxsize=1024)
def _may_change(body: str) -> bool:
    return _changes(body) is not None
