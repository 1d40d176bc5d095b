"""Sequences: their own statements, and the sequences of serial and identity columns."""

from typing import Any

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.model.database import Column, Sequence, Table
from iacpolicy.sql.model.names import TEMPORARY, QualifiedName, object_name
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.statements.privileges import initial
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

SERIAL = {
    "smallserial": "smallint", "serial2": "smallint", "serial": "integer", "serial4": "integer",
    "bigserial": "bigint", "serial8": "bigint",
}  # fmt: skip
"""The types that mean a column of another type with a sequence."""

LIKE_IDENTITY = 32
"""The bit of IDENTITY in libpg_query's TableLikeOption."""


def create(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE SEQUENCE."""
    name = state.target(node["sequence"])
    if state.relation_exists(name) and (node.get("if_not_exists") or state.guarded):
        return
    state.set(state.sequences, name, _new(state, name, at.span, state.role))
    _owned_by(state, name, parse_nodes.options(node.get("options")))


def alter(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply ALTER SEQUENCE … OWNED BY; its other options are not modelled."""
    name = state.find(node["sequence"])
    if name in state.sequences:
        _owned_by(state, name, parse_nodes.options(node.get("options")))


def alter_relation(state: ReplayState, name: QualifiedName, commands: list[Node]) -> None:
    """Apply OWNER TO of ALTER SEQUENCE, or of ALTER TABLE on a sequence."""
    for command in commands:
        if command["subtype"] == "AT_ChangeOwner":
            changed = msgspec.structs.replace(
                state.sequences[name], owner=parse_nodes.role(command["newowner"], state.role)
            )
            state.set(state.sequences, name, changed)


def for_column(state: ReplayState, table: Table, definition: Node, span: Span) -> QualifiedName | None:
    """Make the sequence of a column, and return its name; None where the definition needs none."""
    identity: Node | None = None
    for item in definition.get("constraints", ()):
        if item["Constraint"].get("contype") == "CONSTR_IDENTITY":
            identity = item["Constraint"]
    if identity is None:
        names = definition.get("typeName", {}).get("names")
        if not names or names[-1]["String"].get("sval") not in SERIAL:
            return None
    return for_identity(state, table, str(definition.get("colname", "")), identity or {}, span)


def for_identity(state: ReplayState, table: Table, column: str, node: Node, span: Span) -> QualifiedName:
    """Make the sequence of an identity column, whose options can name it, and return its name."""
    chosen = parse_nodes.options(node.get("options")).get("sequence_name")
    if chosen is not None:
        parts = parse_nodes.strings(parse_nodes.items(chosen))
        name = QualifiedName(parts[-2] if len(parts) > 1 else table.name.schema, parts[-1])
    else:
        name = _free(state, table.name, column)
    made = msgspec.structs.replace(_new(state, name, span, table.owner), owned_by=(table.name, column))
    state.set(state.sequences, name, made)
    return name


def drop(state: ReplayState, name: QualifiedName) -> None:
    """Apply DROP SEQUENCE; the column that owned it stays."""
    known = state.sequences.get(name)
    if known is None:
        return
    state.set(state.sequences, name, None)
    _forget(state, known)


def drop_of(state: ReplayState, columns: tuple[Column, ...]) -> None:
    """Remove the sequences that columns own."""
    for column in columns:
        if column.sequence is not None:
            state.set(state.sequences, column.sequence, None)


def move(state: ReplayState, old: QualifiedName, new: QualifiedName) -> None:
    """Apply RENAME and SET SCHEMA to a sequence."""
    known = state.sequences.get(old)
    if known is None or old == new:
        return
    state.set(state.sequences, old, None)
    state.set(state.sequences, new, msgspec.structs.replace(known, name=new))
    if known.owned_by is not None:
        _set_column(state, known.owned_by, new)


def follow_table(state: ReplayState, table: Table) -> None:
    """Change schema and owner of the sequences of a table after its schema, name or owner has changed."""
    for column in table.columns:
        known = state.sequences.get(column.sequence) if column.sequence is not None else None
        if known is None:
            continue
        name = QualifiedName(table.name.schema, known.name.name)
        state.set(state.sequences, known.name, None)
        changed = msgspec.structs.replace(known, name=name, owner=table.owner, owned_by=(table.name, column.name))
        state.set(state.sequences, name, changed)
        if name != known.name:
            _set_column(state, (table.name, column.name), name)


def _new(state: ReplayState, name: QualifiedName, span: Span, owner: str) -> Sequence:
    grants = () if name.schema == TEMPORARY else initial(state, name.schema, state.role, "sequence")
    return Sequence(name, span, owner, grants=grants, made_by=state.role, made_in=name.schema)


def _owned_by(state: ReplayState, name: QualifiedName, options: dict[str, Any]) -> None:
    if "owned_by" not in options:
        return
    parts = parse_nodes.strings(parse_nodes.items(options["owned_by"]))
    known = state.sequences[name]
    _forget(state, known)
    owned_by = None
    if len(parts) > 1:
        relation = {"relname": parts[-2]} | ({"schemaname": parts[-3]} if len(parts) > 2 else {})
        owned_by = (state.find(relation), parts[-1])
        _set_column(state, owned_by, name)
    state.set(state.sequences, name, msgspec.structs.replace(known, owned_by=owned_by))


def _forget(state: ReplayState, sequence: Sequence) -> None:
    if sequence.owned_by is not None:
        _set_column(state, sequence.owned_by, None)


def _set_column(state: ReplayState, place: tuple[QualifiedName, str], sequence: QualifiedName | None) -> None:
    table = state.tables.get(place[0])
    if table is not None:
        columns = tuple(
            msgspec.structs.replace(column, sequence=sequence) if column.name == place[1] else column
            for column in table.columns
        )
        state.put(table, columns=columns)


def _free(state: ReplayState, table: QualifiedName, column: str) -> QualifiedName:
    """Return the name that PostgreSQL chooses: a number is appended where the name is taken."""
    number = 0
    while True:
        name = QualifiedName(table.schema, object_name(table.name, column, f"seq{number or ''}"))
        if not state.relation_exists(name):
            return name
        state.spend()
        number += 1
