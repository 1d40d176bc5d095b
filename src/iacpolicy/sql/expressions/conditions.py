"""Conditions of policies: parsed once, walked without recursion, and decided where they are constant."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from iacpolicy.sql.expressions.casts import boolean
from iacpolicy.sql.expressions.evaluation import MAX_DEPTH, evaluate, scalar_query, truth
from iacpolicy.sql.expressions.values import UNKNOWN, ExpressionScope, Value
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node, SqlRefusedError, read_sql

_NARROWING = frozenset(
    {"fromClause", "whereClause", "havingClause", "groupClause", "limitCount", "limitOffset", "valuesLists"}
)


class _ConditionScope(ExpressionScope):
    """The scope of a condition on one table; its subqueries are known where they read no relation."""

    def __init__(self, not_null: Collection[str] = ()) -> None:
        self.not_null = frozenset(not_null)

    def answer(self, query: dict[str, Any], kind: str, depth: int) -> Value:
        """Return the result of `(select expression)`, and of `exists (select …)` where no clause leaves rows out."""
        if kind == "EXISTS_SUBLINK":
            return True if not query.keys() & _NARROWING and query.get("op") == "SETOP_NONE" else UNKNOWN
        inner = scalar_query({"SubLink": {"subLinkType": kind, "subselect": {"SelectStmt": query}}})
        return evaluate(inner, self, depth + 1)


@lru_cache(maxsize=2048)
def read(text: str) -> Node | None:
    """Return the node of an expression; None where the grammar refuses it."""
    try:
        statements = read_sql(f"select (\n{text}\n)")
    except SqlRefusedError:
        return None
    targets = statements[0]["stmt"].get("SelectStmt", {}).get("targetList", ()) if len(statements) == 1 else ()
    found: Node | None = targets[0].get("ResTarget", {}).get("val") if targets else None
    return found


def constant_truth(text: str | None, not_null: Collection[str] = ()) -> bool | None:
    """Return the value of a condition for every row: True, False (also for null), or None where it depends on the row.

    `not_null` are the columns of the table that cannot be null, so that `id = id` is true.
    """
    if text is None:
        return None
    node = read(text)
    if node is None:
        return None
    value = evaluate(node, _ConditionScope(not_null))
    if value is None:
        return False
    if isinstance(value, str):
        value = boolean(value)
    return value if isinstance(value, bool) else None


def calls(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the functions that an expression calls, as `schema.name` or `name`, with their nodes."""
    for kind, fields in parse_nodes.walk(node):
        if kind == "FuncCall":
            yield ".".join(parse_nodes.strings(fields.get("funcname"))).lower(), fields


def needs_only_a_login(text: str | None) -> bool:
    """Return whether a condition requires no more than a login, such as `auth.uid() is not null`."""
    node = read(text) if text is not None else None
    return node is not None and _login_only(_unwrapped(node), 0)


def _login_only(node: Node, depth: int) -> bool:
    if depth > MAX_DEPTH:
        return False
    ((kind, fields),) = node.items()
    if kind == "NullTest" and fields.get("nulltesttype") == "IS_NOT_NULL":
        return _is_call(fields.get("arg"), "auth.uid", "auth.jwt", "auth.role", "auth.email")
    if kind == "A_Expr" and fields.get("kind") == "AEXPR_OP" and parse_nodes.strings(fields.get("name")) == ["="]:
        for side, other in (("lexpr", "rexpr"), ("rexpr", "lexpr")):
            if _is_role(fields.get(side)) and parse_nodes.text(_without_casts(fields.get(other))) == "authenticated":
                return True
        return all(_is_call(fields.get(side), "auth.uid") for side in ("lexpr", "rexpr"))
    if kind == "A_Expr" and fields.get("kind") == "AEXPR_IN" and parse_nodes.strings(fields.get("name")) == ["="]:
        choices = [parse_nodes.text(_without_casts(item)) for item in parse_nodes.items(fields.get("rexpr", {}))]
        return _is_role(fields.get("lexpr")) and "authenticated" in choices
    if kind == "BoolExpr" and fields.get("boolop") == "NOT_EXPR":
        test = _unwrapped(fields["args"][0]).get("NullTest", {})
        return test.get("nulltesttype") == "IS_NULL" and _is_call(test.get("arg"), "auth.uid", "auth.jwt")
    if kind == "BoolExpr":
        arguments = fields.get("args", ())
        parts = [_login_only(_unwrapped(part), depth + 1) for part in arguments]
        if fields.get("boolop") == "AND_EXPR":
            trivial = [truth(part, _ConditionScope()) is True for part in arguments]
            return any(parts) and all(part or true for part, true in zip(parts, trivial, strict=True))
        return fields.get("boolop") == "OR_EXPR" and any(parts)
    return False


def _is_role(node: Node | None) -> bool:
    """Return whether an expression is the role of the request: `auth.role()`, or `auth.jwt() ->> 'role'`."""
    if node is None:
        return False
    inner = _unwrapped(node).get("A_Expr", {})
    if parse_nodes.strings(inner.get("name")) == ["->>"]:
        return (
            _is_call(inner.get("lexpr"), "auth.jwt") and parse_nodes.text(_without_casts(inner.get("rexpr"))) == "role"
        )
    return _is_call(node, "auth.role")


def _is_call(node: Node | None, *names: str) -> bool:
    if node is None:
        return False
    inner = _unwrapped(node)
    name = ".".join(parse_nodes.strings(inner.get("FuncCall", {}).get("funcname"))).lower()
    return name in names


def _without_casts(node: Node | None) -> Node | None:
    while node is not None and "TypeCast" in node:
        node = node["TypeCast"].get("arg")
    return node if node is not None and "A_Const" in node else None


def _unwrapped(node: Node) -> Node:
    """Return the expression inside of casts and of `(select …)` without FROM."""
    for _ in range(MAX_DEPTH):
        if "TypeCast" in node and "arg" in node["TypeCast"]:
            node = node["TypeCast"]["arg"]
            continue
        query = scalar_query(node)
        if query is None:
            return node
        node = query
    return node


def calls_per_row(text: str | None) -> list[str]:
    """Return the functions that an expression calls again for every row: those outside of `(select …)` without FROM."""
    found: list[str] = []
    pending: list[object] = [read(text) if text is not None else None]
    while pending:
        current = pending.pop()
        if isinstance(current, list):
            pending.extend(reversed(current))
        elif isinstance(current, dict):
            if scalar_query(current) is not None:
                continue
            call = current.get("FuncCall")
            if isinstance(call, dict):
                found.append(".".join(parse_nodes.strings(call.get("funcname"))).lower())
            pending.extend(reversed(current.values()))
    return found
