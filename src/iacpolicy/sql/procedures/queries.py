"""Queries of the catalogue in a migration's blocks: the rows that they return for certain, and the possible ones."""

from itertools import product
from typing import NamedTuple

from iacpolicy.core.spans import Span
from iacpolicy.sql.expressions.evaluation import evaluate, truth
from iacpolicy.sql.expressions.values import UNKNOWN, Row, Value, flattened
from iacpolicy.sql.procedures import pg_catalog
from iacpolicy.sql.procedures.pg_catalog_rows import CatalogueRow
from iacpolicy.sql.procedures.scope import CatalogueScope
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node, SqlRefusedError
from iacpolicy.sql.syntax.parse import parse_text

MAX_SOURCES = 5
MAX_ROWS = 200_000
"""The bound on combinations of rows in one query."""

_CLAUSES = frozenset({"groupClause", "havingClause", "limitCount", "limitOffset", "withClause", "windowClause"})


_Combination = tuple[tuple[tuple[str, Row], ...], bool, bool]
"""Rows by the alias of their relation, whether they exist for certain, and whether one represents unknown objects."""


class QueryRow(NamedTuple):
    """A row of a result: its columns by name, in order, and whether it exists for certain.

    `others` is true for a row that represents unknown objects.
    """

    row: Row
    certain: bool
    others: bool = False


class _NotUnderstoodError(Exception):
    """The query needs something that is not computed here."""


def expression(query: str, span: Span) -> Node | None:
    """Return the node of an expression in PL/pgSQL; None where it cannot be read."""
    try:
        statements = parse_text(f"select {query}", span)
    except SqlRefusedError:
        return None
    if len(statements) != 1 or statements[0].kind != "SelectStmt":
        return None
    targets = statements[0].node.get("targetList", [])
    return targets[0]["ResTarget"].get("val") if len(targets) == 1 else None


def answer(query: str, scope: CatalogueScope, span: Span) -> bool | None:
    """Return the value of a condition of PL/pgSQL; None where it is unknown."""
    scope.subquery = _subquery
    scope.state.spend(10)
    holds = truth(expression(query, span), scope)
    return False if holds is None else holds if isinstance(holds, bool) else None


def evaluated(query: str, scope: CatalogueScope, span: Span) -> Value:
    """Return the value of an expression of PL/pgSQL."""
    scope.subquery = _subquery
    scope.state.spend(10)
    return evaluate(expression(query, span), scope)


def select(query: str, scope: CatalogueScope, span: Span) -> list[QueryRow] | None:
    """Return the rows of a query; None where it is not computed here."""
    try:
        statements = parse_text(query, span)
    except SqlRefusedError:
        return None
    if len(statements) != 1 or statements[0].kind != "SelectStmt":
        return None
    scope.subquery = _subquery
    try:
        return _select(statements[0].node, scope, 0)
    except _NotUnderstoodError:
        return None


def combinations(node: Node, scope: CatalogueScope) -> list[tuple[CatalogueScope, bool]] | None:
    """Return a scope for each row of a query's FROM that satisfies WHERE, and whether it does for certain.

    None where the query is not computed here.
    """
    scope.subquery = _subquery
    if _CLAUSES & node.keys() or node.get("op", "SETOP_NONE") != "SETOP_NONE":
        return None
    try:
        found = []
        for rows, certain, others in _combined(node.get("fromClause", []), scope, 0):
            inner = CatalogueScope(scope.state, scope.variables, (*rows, *scope.rows), scope.subquery)
            holds = truth(node["whereClause"], inner) if "whereClause" in node else True
            if not others and (holds is UNKNOWN or holds is True):
                found.append((inner, certain and holds is True))
    except _NotUnderstoodError:
        return None
    return found


def _subquery(scope: CatalogueScope, query: Node, kind: str, depth: int) -> Value:
    try:
        found = _select(query, scope, depth)
    except _NotUnderstoodError:
        return UNKNOWN
    match kind:
        case "EXISTS_SUBLINK":
            if any(each.certain for each in found):
                return True
            return UNKNOWN if found else False
        case "ARRAY_SUBLINK":
            if not all(each.certain for each in found):
                return UNKNOWN
            return [next(iter(each.row.values()), None) for each in found]
        case "EXPR_SUBLINK" if len(found) <= 1 and all(each.certain for each in found):
            return next(iter(found[0].row.values()), None) if found else None
        case _:
            return UNKNOWN


def _select(node: Node, scope: CatalogueScope, depth: int) -> list[QueryRow]:
    if depth > MAX_SOURCES * 4:
        raise _NotUnderstoodError
    if node.get("op", "SETOP_NONE") != "SETOP_NONE":
        if node["op"] != "SETOP_UNION" or node.get("limitCount"):
            raise _NotUnderstoodError
        return [*_select(node["larg"], scope, depth + 1), *_select(node["rarg"], scope, depth + 1)]
    if "valuesLists" in node:
        return [_values(row, scope, depth) for row in node["valuesLists"]]
    if _CLAUSES & node.keys():
        raise _NotUnderstoodError
    found = []
    for rows, certain, others in _combined(node.get("fromClause", []), scope, depth):
        inner = CatalogueScope(scope.state, scope.variables, (*rows, *scope.rows), scope.subquery)
        holds = truth(node["whereClause"], inner, depth + 1) if "whereClause" in node else True
        if holds is UNKNOWN or holds is True:
            found.extend(_projected(node, inner, rows, certain and holds is True, others, depth))
    return found


def _values(row: Node, scope: CatalogueScope, depth: int) -> QueryRow:
    items = row["List"].get("items", ())
    return QueryRow({f"column{n}": evaluate(item, scope, depth + 1) for n, item in enumerate(items, 1)}, True)


def _combined(
    sources: list[Node], scope: CatalogueScope, depth: int
) -> list[tuple[tuple[tuple[str, Row], ...], bool, bool]]:
    """Return every combination of the rows of the relations in FROM that satisfies the conditions of joins."""
    if len(sources) > MAX_SOURCES:
        raise _NotUnderstoodError
    parts = [_source(source, scope, depth) for source in sources]
    size = 1
    for part in parts:
        size *= max(1, len(part))
    if size > MAX_ROWS:
        raise _NotUnderstoodError
    scope.state.spend(3 * size)
    return [
        (
            tuple(pair for rows, _, _ in choice for pair in rows),
            all(certain for _, certain, _ in choice),
            any(others for _, _, others in choice),
        )
        for choice in product(*parts)
    ]


def _source(node: Node, scope: CatalogueScope, depth: int) -> list[_Combination]:
    if depth > MAX_SOURCES * 4:
        raise _NotUnderstoodError
    ((kind, fields),) = node.items()
    alias = fields.get("alias", {})
    name = str(alias.get("aliasname", ""))
    match kind:
        case "RangeVar":
            entries = pg_catalog.rows(scope.state, fields.get("schemaname"), fields["relname"])
            if entries is None:
                raise _NotUnderstoodError
            name = name or fields["relname"]
        case "JoinExpr" if fields.get("jointype") == "JOIN_INNER" and not alias and "usingClause" not in fields:
            return _joined(fields, scope, depth)
        case "RangeFunction":
            entries = _function(fields, scope, depth)
        case "RangeSubselect":
            inner = _select(fields["subquery"]["SelectStmt"], scope, depth + 1)
            entries = [CatalogueRow(found.row, found.certain, found.others) for found in inner]
        case _:
            raise _NotUnderstoodError
    columns = parse_nodes.strings(alias.get("colnames"))
    if columns:
        entries = [entry._replace(row=dict(zip(columns, entry.row.values(), strict=False))) for entry in entries]
    return [(((name, entry.row),), entry.certain, entry.others) for entry in entries]


def _joined(fields: Node, scope: CatalogueScope, depth: int) -> list[_Combination]:
    kept = []
    for rows, certain, others in _combined([fields["larg"], fields["rarg"]], scope, depth + 1):
        inner = CatalogueScope(scope.state, scope.variables, (*rows, *scope.rows), scope.subquery)
        holds = truth(fields["quals"], inner, depth + 1) if "quals" in fields else True
        if holds is UNKNOWN or holds is True:
            kept.append((rows, certain and holds is True, others))
    return kept


def _function(fields: Node, scope: CatalogueScope, depth: int) -> list[CatalogueRow]:
    """Return the rows of `unnest(array)` in FROM."""
    functions = fields.get("functions", ())
    call: Node = parse_nodes.items(functions[0])[0].get("FuncCall", {}) if len(functions) == 1 else {}
    column = str(fields.get("alias", {}).get("aliasname") or "unnest")
    return [CatalogueRow({column: value}) for value in _unnested(call, scope, depth)]


def _unnested(call: Node, scope: CatalogueScope, depth: int) -> list[Value]:
    name = (parse_nodes.strings(call.get("funcname")) or [""])[-1]
    arguments = call.get("args", ())
    if name != "unnest" or len(arguments) != 1:
        raise _NotUnderstoodError
    values = evaluate(arguments[0], scope, depth + 1)
    if not isinstance(values, list):
        raise _NotUnderstoodError
    return list(flattened(values))


def _projected(
    node: Node, scope: CatalogueScope, rows: tuple[tuple[str, Row], ...], certain: bool, others: bool, depth: int
) -> list[QueryRow]:
    """Return the columns of a row; `unnest` among them makes a row of each value."""
    made: dict[str, Value] = {}
    spread: tuple[str, list[Value]] | None = None
    for target in node.get("targetList", ()):
        fields = target.get("ResTarget", {})
        value: Node = fields.get("val", {})
        reference = value.get("ColumnRef", {}).get("fields", ())
        call = value.get("FuncCall", {})
        if any("A_Star" in part for part in reference):
            wanted = parse_nodes.strings(reference)[-1:]
            for alias, row in rows:
                if not wanted or alias == wanted[0]:
                    made.update(row)
        elif parse_nodes.strings(call.get("funcname"))[-1:] == ["unnest"]:
            spread = (str(fields.get("name") or "unnest"), _unnested(call, scope, depth))
            made[spread[0]] = None
        else:
            name = (
                fields.get("name")
                or (parse_nodes.strings(reference) or parse_nodes.strings(call.get("funcname")) or ["?"])[-1]
            )
            made[str(name)] = evaluate(value, scope, depth + 1)
    if spread is None:
        return [QueryRow(made, certain, others)]
    return [QueryRow({**made, spread[0]: value}, certain, others) for value in spread[1]]
