"""Functions that run for operators, casts, and the defaults and constraints of a table."""

from collections.abc import Iterator, Sequence

from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

MAX_FUNCTIONS = 20
"""The bound on functions of one operator, one type or one table."""


def define(state: ReplayState, node: Node, _at: Statement) -> None:
    """Apply CREATE OPERATOR; no other definition of this kind runs a function of a migration."""
    if node.get("kind") != "OBJECT_OPERATOR":
        return
    options = parse_nodes.options(node.get("definition"))
    function = options.get("function") or options.get("procedure") or {}
    parts = parse_nodes.strings(function.get("TypeName", {}).get("names"))
    sign = parse_nodes.strings(node.get("defnames"))[-1:]
    if parts and sign:
        state.set(state.operators, sign[0], joined(state.operators.get(sign[0], ()), [named(state, parts)]))


def create_cast(state: ReplayState, node: Node, _at: Statement) -> None:
    """Apply CREATE CAST … WITH FUNCTION."""
    parts = parse_nodes.strings(node.get("func", {}).get("objname"))
    target = parse_nodes.type_text(node.get("targettype", {}))
    if parts:
        state.set(state.casts, target, joined(state.casts.get(target, ()), [named(state, parts)]))


def called(state: ReplayState, tree: object) -> Iterator[QualifiedName]:
    """Yield the functions that a tree may run: by name, by an operator, by a cast, or by a view that it reads."""
    for kind, fields in parse_nodes.walk(tree):
        match kind:
            case "FuncCall":
                yield from (named(state, parts) for parts in [parse_nodes.strings(fields.get("funcname"))] if parts)
            case "A_Expr" if state.operators:
                yield from state.operators.get((parse_nodes.strings(fields.get("name")) or [""])[-1], ())
            case "TypeCast" if state.casts:
                yield from state.casts.get(parse_nodes.type_text(fields.get("typeName", {})), ())
            case "RangeVar" if state.views and "relname" in fields:
                yield from (named(state, parts) for parts in view_calls(state, state.find(fields)))


def view_calls(state: ReplayState, name: QualifiedName) -> Iterator[tuple[str, ...]]:
    """Yield the functions that a view calls, also through other views, as their names are written."""
    seen = {name}
    pending = [name]
    while pending:
        view = state.views.get(pending.pop())
        state.spend()
        if view is None or view.materialized:
            continue
        for schema, function in view.calls:
            yield (schema, function) if schema else (function,)
        pending.extend(below for below in view.reads if below not in seen)
        seen.update(view.reads)


def evaluated(state: ReplayState, known: tuple[QualifiedName, ...], tree: object) -> tuple[QualifiedName, ...]:
    """Return the functions of migrations that a table runs for its rows, those of a new definition included."""
    if not state.functions:
        return known
    return joined(known, [name for name in called(state, tree) if name in state.functions])


def named(state: ReplayState, parts: Sequence[str]) -> QualifiedName:
    """Return the function that a name refers to."""
    if len(parts) > 1:
        return QualifiedName(parts[-2], parts[-1])
    return state.resolve(parts[0], state.functions.__contains__)


def joined(known: tuple[QualifiedName, ...], more: Sequence[QualifiedName]) -> tuple[QualifiedName, ...]:
    """Return the elements of both without duplicates, up to the bound."""
    return tuple(dict.fromkeys((*known, *more)))[:MAX_FUNCTIONS]
