"""The meaning of names in expressions of PL/pgSQL and in catalogue queries, from the replayed state."""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from iacpolicy.sql.expressions.text_functions import formatted
from iacpolicy.sql.expressions.values import HOLE, UNKNOWN, ExpressionScope, Oid, Row, Value
from iacpolicy.sql.model.names import QualifiedName
from iacpolicy.sql.state.replay_state import ReplayState
from iacpolicy.sql.syntax.grammar import Node


@dataclass(slots=True)
class CatalogueScope(ExpressionScope):
    """Rows by the alias of their relation, and the variables of the block.

    The key of a field of a record variable is `record.field`. `subquery` answers a query inside of an expression.
    """

    state: ReplayState
    variables: MutableMapping[str, Value]
    rows: tuple[tuple[str, Row], ...] = ()
    subquery: Callable[["CatalogueScope", Node, str, int], Value] | None = None

    def column(self, parts: list[str]) -> Value:
        """Return the value of a column or variable; rows go before variables."""
        if len(parts) > 1:
            for alias, row in self.rows:
                if alias == parts[-2]:
                    return row.get(parts[-1], UNKNOWN)
            return self.variables.get(".".join(parts[-2:]), UNKNOWN)
        for _, row in self.rows:
            if parts[0] in row:
                return row[parts[0]]
        return self.variables.get(parts[0], UNKNOWN)

    def parameter(self, number: int) -> Value:
        """Return the value of an argument of the function."""
        return self.variables.get(f"${number}", UNKNOWN)

    def is_same_column(self, left: list[str], right: list[str]) -> bool:
        """Return whether two references are written alike; two aliases may be different rows."""
        return left == right

    def current(self, kind: str) -> Value:
        """Return the current schema or role."""
        match kind:
            case "SVFOP_CURRENT_SCHEMA":
                return next(self.state.search_path(), None)
            case "SVFOP_CURRENT_USER" | "SVFOP_CURRENT_ROLE" | "SVFOP_USER":
                return self.state.role
            case _:
                return UNKNOWN

    def registered(self, text: str, kind: str) -> Value:
        """Return the relation, schema or role that a text names; functions are unknown."""
        if HOLE in text or '"' in text or kind in {"regprocedure", "regproc"}:
            return UNKNOWN
        if kind in {"regnamespace", "regrole"}:
            return Oid("schema" if kind == "regnamespace" else "role", QualifiedName("", text))
        schema, _, name = text.rpartition(".")
        return Oid("class", QualifiedName(schema, name) if schema else self.state.find({"relname": name}))

    def shown(self, oid: Oid) -> str:
        """Return an object as PostgreSQL prints it: without its schema where the search path finds it."""
        signature = f"({','.join(oid.arguments)})" if oid.kind == "function" else ""
        if oid.kind in {"schema", "role"}:
            return oid.name.name
        state = self.state
        visible = state.resolve(oid.name.name, lambda name: state.relation_exists(name) or name in state.functions)
        shown = str(oid.name) if visible != oid.name else str(oid.name).partition(".")[2]
        return shown + signature

    def answer(self, query: dict[str, Any], kind: str, depth: int) -> Value:
        """Return the result of a subquery over the catalogue."""
        return self.subquery(self, query, kind, depth) if self.subquery is not None else UNKNOWN

    def call(self, name: str, arguments: list[Value]) -> Value:
        """Return the result of a function that builds names and texts of DDL, or that queries the catalogue."""
        match name, arguments:
            case "format", [template, *others]:
                text = self.text(template)
                return UNKNOWN if text is None else formatted(text, [self.text(each) for each in others])
            case "current_schema", []:
                return next(self.state.search_path(), None)
            case "to_regclass", [str() as text]:
                return self._relation(text)
            case "pg_get_function_identity_arguments" | "oidvectortypes", [Oid() as oid, *_]:
                return ", ".join(oid.arguments)
        function = _FOLDING.get(name)
        if function is None or len(arguments) != 1:
            return UNKNOWN
        text = self.text(arguments[0])
        return text if text is None or HOLE in text else function(text)

    def _relation(self, name: str) -> Value:
        """Return the relation that to_regclass finds, null where none has the name, UNKNOWN where one may have it."""
        oid = self.registered(name, "regclass")
        if not isinstance(oid, Oid):
            return UNKNOWN
        state = self.state
        known = state.tables.get(oid.name) or state.views.get(oid.name)
        if known is not None and not known.uncertain:
            return oid
        if known is None and state.relation_exists(oid.name):
            return oid
        imported = any(found.schema in {None, oid.name.schema} for found in state.foreign_imports)
        unsure = known is not None or state.platform.is_system(oid.name.schema) or state.others_may_exist() or imported
        return UNKNOWN if unsure else None


_FOLDING: Mapping[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper}
"""Functions whose result depends on the collation, which is irrelevant for ASCII names of objects."""
