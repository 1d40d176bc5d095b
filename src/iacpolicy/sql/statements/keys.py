"""Keys and indexes: constraints in CREATE and ALTER TABLE, CREATE INDEX, and the statements that remove them."""

from collections.abc import Iterable
from typing import Any

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.sql.model.database import Constraint, ConstraintKind, Table, TableIndex
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse import Statement

MAX_KEYS = 500
"""The bound on constraints and indexes of one table."""

_KINDS = {
    "CONSTR_PRIMARY": (ConstraintKind.PRIMARY, "pkey"),
    "CONSTR_UNIQUE": (ConstraintKind.UNIQUE, "key"),
    "CONSTR_FOREIGN": (ConstraintKind.FOREIGN, "fkey"),
}


def constraint(
    state: ReplayState, table: QualifiedName, node: Node, column: str, taken: Iterable[str], span: Span
) -> Constraint | None:
    """Return a key from its node; `column` is the column of a column constraint, empty for a table constraint."""
    kind_and_suffix = _KINDS.get(node.get("contype", ""))
    if kind_and_suffix is None:
        return None
    kind, suffix = kind_and_suffix
    foreign = kind is ConstraintKind.FOREIGN
    columns = tuple(parse_nodes.strings(node.get("fk_attrs" if foreign else "keys"))) or ((column,) if column else ())
    words = [table.name, *(columns if suffix != "pkey" else ()), suffix]
    name = str(node.get("conname") or _free("_".join(words), taken))
    references = state.find(node["pktable"]) if foreign and "pktable" in node else None
    return Constraint(name, kind, columns, span, references, tuple(parse_nodes.strings(node.get("pk_attrs"))))


def of_columns(
    state: ReplayState, table: QualifiedName, elements: Iterable[Node], span: Span
) -> tuple[Constraint, ...]:
    """Return the keys in the list of columns of a CREATE TABLE."""
    found: dict[str, Constraint] = {}
    for element in elements:
        ((kind, fields),) = element.items()
        column = str(fields.get("colname", "")) if kind == "ColumnDef" else ""
        held = fields.get("constraints", ()) if kind == "ColumnDef" else (element,) if kind == "Constraint" else ()
        for node in held:
            made = constraint(state, table, node["Constraint"], column, found, span)
            if made is not None and len(found) < MAX_KEYS:
                found[made.name] = made
    # PostgreSQL merges keys over the same columns; the primary key wins.
    first: dict[tuple[bool, tuple[str, ...], str], Constraint] = {}
    for key in sorted(found.values(), key=lambda key: key.kind is not ConstraintKind.PRIMARY):
        foreign = key.kind is ConstraintKind.FOREIGN
        first.setdefault((foreign, key.columns, key.name if foreign else ""), key)
    return tuple(key for key in found.values() if key in first.values())


def copied(
    state: ReplayState, table: QualifiedName, elements: Iterable[Node], span: Span
) -> tuple[tuple[Constraint, ...], tuple[TableIndex, ...]]:
    """Return the keys and indexes that LIKE … INCLUDING INDEXES copies; foreign keys are not copied."""
    for element in elements:
        clause = element.get("TableLikeClause")
        source = state.tables.get(state.find(clause["relation"])) if clause else None
        # The bit of INDEXES in libpg_query's TableLikeOption.
        if clause and source is not None and int(clause.get("options", 0)) & 64:
            keys = tuple(c for c in source.constraints if c.kind is not ConstraintKind.FOREIGN)
            old, new = f"{source.name.name}_", f"{table.name}_"
            return (
                tuple(msgspec.structs.replace(k, name=_moved(k.name, old, new), span=span) for k in keys),
                tuple(msgspec.structs.replace(i, name=_moved(i.name, old, new), span=span) for i in source.indexes),
            )
    return (), ()


def create_index(state: ReplayState, node: Node, at: Statement) -> None:
    """Apply CREATE INDEX."""
    name = state.find(node["relation"])
    table = state.tables.get(name)
    if table is None or len(table.indexes) >= MAX_KEYS:
        return
    elements = [element["IndexElem"] for element in node.get("indexParams", ())]
    columns = tuple(str(element.get("name", "")) for element in elements)
    taken = [index.name for index in table.indexes]
    words = [name.name, *(column or "expr" for column in columns), "idx"]
    identifier = str(node.get("idxname") or _free("_".join(words), taken))
    if node.get("if_not_exists") and _holder(state, QualifiedName(name.schema, identifier)) is not None:
        return
    index = TableIndex(
        name=identifier,
        columns=columns,
        span=at.span,
        unique=bool(node.get("unique")),
        partial="whereClause" in node,
        shape=_shape(node),
    )
    state.put(table, indexes=(*table.indexes, index))


def drop_index(state: ReplayState, name: QualifiedName) -> None:
    """Apply DROP INDEX."""
    table = _holder(state, name)
    if table is not None:
        state.put(table, indexes=tuple(index for index in table.indexes if index.name != name.name))


def has_index(state: ReplayState, name: QualifiedName) -> bool:
    """Return whether an index of this name is known."""
    return _holder(state, name) is not None


def rename_index(state: ReplayState, name: QualifiedName, new: str) -> None:
    """Apply ALTER INDEX … RENAME TO."""
    table = _holder(state, name)
    if table is not None:
        state.put(table, indexes=tuple(_named(index, name.name, new) for index in table.indexes))


def add_constraint(state: ReplayState, table: Table, command: Node, at: Statement) -> dict[str, Any]:
    """Return the changes by ALTER TABLE … ADD CONSTRAINT; USING INDEX takes the columns of that index."""
    node: Node = command["def"]["Constraint"]
    made = constraint(state, table.name, node, "", [known.name for known in table.constraints], at.span)
    if made is None or len(table.constraints) >= MAX_KEYS:
        return {}
    indexes = table.indexes
    if "indexname" in node:
        used = next((index for index in indexes if index.name == node["indexname"]), None)
        indexes = tuple(index for index in indexes if index is not used)
        made = msgspec.structs.replace(made, columns=used.columns if used else ())
    return {"constraints": (*table.constraints, made), "indexes": indexes}


def drop_constraint(_state: ReplayState, table: Table, command: Node, _at: Statement) -> dict[str, Any]:
    """Return the changes by ALTER TABLE … DROP CONSTRAINT."""
    return {"constraints": tuple(known for known in table.constraints if known.name != command.get("name"))}


def rename_constraint(table: Table, old: str, new: str) -> dict[str, Any]:
    """Return the changes by ALTER TABLE … RENAME CONSTRAINT."""
    return {"constraints": tuple(_named(known, old, new) for known in table.constraints)}


def without_column(table: Table, column: str) -> dict[str, Any]:
    """Return the keys and indexes of a table that do not use a dropped column."""
    return {
        "constraints": tuple(known for known in table.constraints if column not in known.columns),
        "indexes": tuple(known for known in table.indexes if column not in known.columns),
    }


def renamed_column(table: Table, old: str, new: str) -> dict[str, Any]:
    """Return the keys and indexes with the new name of a column."""

    def follow(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if column == old else column for column in columns)

    return {
        "constraints": tuple(msgspec.structs.replace(key, columns=follow(key.columns)) for key in table.constraints),
        "indexes": tuple(msgspec.structs.replace(index, columns=follow(index.columns)) for index in table.indexes),
    }


def _moved(name: str, old: str, new: str) -> str:
    return new + name[len(old) :] if name.startswith(old) else f"{new}{name}"


def _named(item: Any, old: str, new: str) -> Any:
    return msgspec.structs.replace(item, name=new) if item.name == old else item


def _holder(state: ReplayState, name: QualifiedName) -> Table | None:
    state.spend_scan(state.tables)
    for table in state.tables.values():
        if table.name.schema == name.schema and any(index.name == name.name for index in table.indexes):
            return table
    return None


def _free(name: str, taken: Iterable[str]) -> str:
    """Return the name that PostgreSQL chooses: a number is appended where the name is taken."""
    used = set(taken)
    number = 0
    result = name
    while result in used:
        number += 1
        result = f"{name}{number}"
    return result


def _shape(node: Node) -> str:
    kept = {key: value for key, value in node.items() if key not in {"idxname", "if_not_exists", "concurrent"}}
    relation = {key: value for key, value in kept.pop("relation", {}).items() if key == "relname"}
    return repr(_without_places([relation, kept]))


def _without_places(tree: Any, depth: int = 0) -> Any:
    if depth > 200:
        return "…"
    if isinstance(tree, dict):
        return {key: _without_places(value, depth + 1) for key, value in sorted(tree.items()) if key != "location"}
    if isinstance(tree, list):
        return [_without_places(value, depth + 1) for value in tree]
    return tree
