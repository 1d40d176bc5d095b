"""The variables of a body in PL/pgSQL, with their values where they are known."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.sql.expressions.values import UNKNOWN, Row, Value
from iacpolicy.sql.procedures import queries
from iacpolicy.sql.procedures.blocks import query_of
from iacpolicy.sql.procedures.scope import CatalogueScope
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax.grammar import Node
from iacpolicy.sql.syntax.parse_nodes import walk

_assignment = re.compile(r'\s*[\w."]+\s*:?=(.*)', re.DOTALL).fullmatch


class PlpgsqlVariables:
    """`values` by name, fields of records as `record.field`; of two variables with one name both are unknown."""

    def __init__(self, state: ReplayState, datums: list[Node], arguments: Mapping[str, Value], span: Span) -> None:
        self.state = state
        self.span = span
        self.names = [_name(datum, datums) for datum in datums]
        self.values: dict[str, Value] = {}
        for datum, name in zip(datums, self.names, strict=True):
            if name and "PLpgSQL_var" in datum:
                default = datum["PLpgSQL_var"].get("default_val")
                value = queries.evaluated(query_of(default), self.scope(), span) if default else None
                self.values[name] = UNKNOWN if name in self.values else value
        self.values["found"] = UNKNOWN
        for name, value in arguments.items():
            self.values[name] = value if self.names.count(name) < 2 else UNKNOWN

    def scope(self) -> CatalogueScope:
        """Return the scope of an expression in the body."""
        return CatalogueScope(self.state, self.values)

    def assign(self, fields: Node, *, certain: bool) -> None:
        """Replay the statement `variable := expression`."""
        name = self.named(fields.get("varno"))
        found = _assignment(query_of(fields.get("expr")))
        if name:
            value = queries.evaluated(found[1], self.scope(), self.span) if found and certain else UNKNOWN
            self.set(name, value)

    def set(self, name: str, value: Value) -> None:
        """Set a variable."""
        if self.names.count(name) < 2:
            self.values[name] = value

    def bind(self, target: Node | None, row: Row | None) -> None:
        """Set the variables of a loop or of INTO to the columns of a row; None makes them unknown."""
        for kind, fields in (target or {}).items():
            if kind == "PLpgSQL_rec":
                record = str(fields.get("refname"))
                for name in [name for name in self.values if name.startswith(f"{record}.")]:
                    self.values[name] = UNKNOWN
                for column, value in (row or {}).items():
                    self.values[f"{record}.{column}"] = value
            elif kind == "PLpgSQL_row":
                columns: list[Any] = list((row or {}).values())
                for index, field in enumerate(fields.get("fields", ())):
                    self.set(str(field.get("name")), columns[index] if index < len(columns) else UNKNOWN)
            elif kind == "PLpgSQL_var":
                self.set(str(fields.get("refname")), next(iter((row or {}).values()), UNKNOWN))

    def forget(self, body: Iterable[Node] | None) -> None:
        """Make the variables unknown that a body assigns, because a loop runs it an unknown number of times."""
        for kind, fields in walk(list(body or ())):
            if kind == "PLpgSQL_stmt_assign":
                name = self.named(fields.get("varno"))
                if name:
                    self.set(name, UNKNOWN)
            for key in ("target", "var"):
                if key in fields and isinstance(fields[key], dict):
                    self.bind(fields[key], None)
            for item in fields.get("diag_items", ()):
                self._forget_number(item.get("PLpgSQL_diag_item", {}).get("target"))

    def _forget_number(self, number: int | None) -> None:
        name = self.named(number)
        if name:
            self.set(name, UNKNOWN)

    def named(self, number: int | None) -> str | None:
        """Return the variable of a number."""
        return self.names[number] if number is not None and 0 <= number < len(self.names) else None


def _name(datum: Node, datums: list[Node]) -> str | None:
    field: Node = datum.get("PLpgSQL_recfield", {})
    if field:
        parent = field.get("recparentno", -1)
        record = datums[parent].get("PLpgSQL_rec", {}).get("refname") if 0 <= parent < len(datums) else None
        return f"{record}.{field.get('fieldname')}" if record else None
    name = datum.get("PLpgSQL_var", {}).get("refname")
    return str(name) if name else None
