"""Expressions of policies: read once, walked without recursion, and folded where they are constant."""

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node, RefusedError, read_sql

MAX_DEPTH = 60

_COMPARISONS = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_TRUE = frozenset({"t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"})
_FALSE = frozenset({"f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0"})
_NOTHING = object()
_LENGTHS = frozenset({"length", "char_length", "character_length"})
_PLAIN_CALL = frozenset({"funcname", "args", "funcformat", "location"})
_NARROWING = frozenset(
    {"fromClause", "whereClause", "havingClause", "groupClause", "limitCount", "limitOffset", "valuesLists"}
)


class _Null:
    """SQL's null, which is known and neither true nor false."""


NULL = _Null()


@lru_cache(maxsize=2048)
def read(text: str) -> Node | None:
    """The node of an expression; None where the grammar refuses it."""
    try:
        statements = read_sql(f"select (\n{text}\n)")
    except RefusedError:
        return None
    targets = statements[0]["stmt"].get("SelectStmt", {}).get("targetList", ()) if len(statements) == 1 else ()
    found: Node | None = targets[0].get("ResTarget", {}).get("val") if targets else None
    return found


def constant_truth(text: str | None, not_null: Collection[str] = ()) -> bool | None:
    """What a condition is for every row: True, False (null included), or None where it hangs on something.

    `not_null` are the columns of the table that cannot be null, so that `id = id` is true.
    """
    if text is None:
        return None
    node = read(text)
    if node is None:
        return None
    value = _value(node, not_null, 0)
    if value is NULL:
        return False
    if isinstance(value, str):
        value = _boolean(value)
    return value if isinstance(value, bool) else None


def calls(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The functions an expression calls, as `schema.name` or `name`, with their nodes."""
    for kind, fields in parse_nodes.walk(node):
        if kind == "FuncCall":
            yield ".".join(parse_nodes.strings(fields.get("funcname"))).lower(), fields


def needs_only_a_login(text: str | None) -> bool:
    """Whether a condition asks no more than that somebody is logged in: `auth.uid() is not null` and its like."""
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
            if _is_role(fields.get(side)) and parse_nodes.text(_cast_off(fields.get(other))) == "authenticated":
                return True
        return all(_is_call(fields.get(side), "auth.uid") for side in ("lexpr", "rexpr"))
    if kind == "A_Expr" and fields.get("kind") == "AEXPR_IN" and parse_nodes.strings(fields.get("name")) == ["="]:
        choices = [parse_nodes.text(_cast_off(item)) for item in parse_nodes.items(fields.get("rexpr", {}))]
        return _is_role(fields.get("lexpr")) and "authenticated" in choices
    if kind == "BoolExpr" and fields.get("boolop") == "NOT_EXPR":
        test = _unwrapped(fields["args"][0]).get("NullTest", {})
        return test.get("nulltesttype") == "IS_NULL" and _is_call(test.get("arg"), "auth.uid", "auth.jwt")
    if kind == "BoolExpr":
        arguments = fields.get("args", ())
        parts = [_login_only(_unwrapped(part), depth + 1) for part in arguments]
        if fields.get("boolop") == "AND_EXPR":
            trivial = [_value(part, (), 0) is True for part in arguments]
            return any(parts) and all(part or true for part, true in zip(parts, trivial, strict=True))
        return fields.get("boolop") == "OR_EXPR" and any(parts)
    return False


def _is_role(node: Node | None) -> bool:
    """Whether an expression is the role of who asks: `auth.role()`, or `auth.jwt() ->> 'role'`."""
    if node is None:
        return False
    inner = _unwrapped(node).get("A_Expr", {})
    if parse_nodes.strings(inner.get("name")) == ["->>"]:
        return _is_call(inner.get("lexpr"), "auth.jwt") and parse_nodes.text(_cast_off(inner.get("rexpr"))) == "role"
    return _is_call(node, "auth.role")


def _is_call(node: Node | None, *names: str) -> bool:
    if node is None:
        return False
    inner = _unwrapped(node)
    name = ".".join(parse_nodes.strings(inner.get("FuncCall", {}).get("funcname"))).lower()
    return name in names


def _cast_off(node: Node | None) -> Node | None:
    while node is not None and "TypeCast" in node:
        node = node["TypeCast"].get("arg")
    return node if node is not None and "A_Const" in node else None


def _unwrapped(node: Node) -> Node:
    """The expression inside of casts and of `(select …)` without FROM."""
    for _ in range(MAX_DEPTH):
        if "TypeCast" in node and "arg" in node["TypeCast"]:
            node = node["TypeCast"]["arg"]
            continue
        query = scalar_query(node)
        if query is None:
            return node
        node = query
    return node


def scalar_query(node: Node) -> Node | None:
    """The expression of `(select expression)`, None where it is no such query."""
    link: Node = node.get("SubLink", {})
    if link.get("subLinkType") != "EXPR_SUBLINK":
        return None
    query: Node = link.get("subselect", {}).get("SelectStmt", {})
    if query.get("fromClause") or query.get("whereClause") or len(query.get("targetList", ())) != 1:
        return None
    found: Node | None = query["targetList"][0].get("ResTarget", {}).get("val")
    return found


def _value(node: Node | None, not_null: Collection[str], depth: int) -> Any:
    """The constant an expression is; `_NOTHING` where it is none."""
    if node is None or depth > MAX_DEPTH:
        return _NOTHING
    query = scalar_query(node)
    if query is not None:
        return _value(query, not_null, depth + 1)
    ((kind, fields),) = node.items()
    match kind:
        case "A_Const":
            return parse_nodes.constant(fields, NULL, _NOTHING)
        case "TypeCast":
            return _cast(_value(fields.get("arg"), not_null, depth + 1), fields)
        case "BoolExpr":
            return _logic(fields, [_value(part, not_null, depth + 1) for part in fields.get("args", ())])
        case "NullTest":
            return _null_test(fields, _value(fields.get("arg"), not_null, depth + 1), not_null)
        case "BooleanTest":
            return _boolean_test(fields, _value(fields.get("arg"), not_null, depth + 1))
        case "CoalesceExpr":
            return _coalesce([_value(part, not_null, depth + 1) for part in fields.get("args", ())])
        case "CaseExpr" if "arg" not in fields:
            return _case(fields, not_null, depth)
        case "A_Expr":
            return _operation(fields, not_null, depth)
        case "FuncCall":
            return _call(fields, [_value(part, not_null, depth + 1) for part in fields.get("args", ())])
        case "SubLink" if fields.get("subLinkType") == "EXISTS_SUBLINK":
            query = fields.get("subselect", {}).get("SelectStmt", {})
            return True if not query.keys() & _NARROWING and query.get("op") == "SETOP_NONE" else _NOTHING
        case _:
            return _NOTHING


def _cast(value: Any, fields: Node) -> Any:
    name = parse_nodes.type_text(fields.get("typeName", {}))
    if value is NULL:
        return NULL
    if "typmods" in fields.get("typeName", {}):
        return _NOTHING  # a length cuts the text off
    if name == "boolean" and isinstance(value, str):
        return _boolean(value)
    if name == "boolean" and isinstance(value, int):
        return bool(value)
    same = (name in {"text", "character varying"} and isinstance(value, str)) or (
        name in {"integer", "bigint"} and isinstance(value, int) and not isinstance(value, bool)
    )
    return value if same else _NOTHING


def _boolean(value: str) -> Any:
    word = value.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else _NOTHING


def _logic(fields: Node, parts: list[Any]) -> Any:
    known = [part if isinstance(part, bool) or part is NULL else _NOTHING for part in parts]
    match fields.get("boolop"):
        case "NOT_EXPR":
            return not known[0] if isinstance(known[0], bool) else known[0]
        case "AND_EXPR":
            decisive, neutral = False, True
        case _:
            decisive, neutral = True, False
    if any(part is decisive for part in known):
        return decisive
    if any(part is _NOTHING for part in known):
        return _NOTHING
    return NULL if any(part is NULL for part in known) else neutral


def _null_test(fields: Node, value: Any, not_null: Collection[str]) -> Any:
    wanted_null = fields.get("nulltesttype") == "IS_NULL"
    column = _column(fields.get("arg"))
    if value is NULL:
        return wanted_null
    if value is not _NOTHING or (column is not None and column in not_null):
        return not wanted_null
    return _NOTHING


def _boolean_test(fields: Node, value: Any) -> Any:
    kind = str(fields.get("booltesttype"))
    if value is not NULL and not isinstance(value, bool):
        return _NOTHING
    answers = {
        "IS_TRUE": value is True,
        "IS_NOT_TRUE": value is not True,
        "IS_FALSE": value is False,
        "IS_NOT_FALSE": value is not False,
        "IS_UNKNOWN": value is NULL,
        "IS_NOT_UNKNOWN": value is not NULL,
    }
    return answers.get(kind, _NOTHING)


def _case(fields: Node, not_null: Collection[str], depth: int) -> Any:
    for part in fields.get("args", ()):
        holds = _value(part["CaseWhen"].get("expr"), not_null, depth + 1)
        if holds is _NOTHING:
            return _NOTHING
        if holds is True:
            return _value(part["CaseWhen"].get("result"), not_null, depth + 1)
    return _value(fields["defresult"], not_null, depth + 1) if "defresult" in fields else NULL


def _call(fields: Node, values: list[Any]) -> Any:
    """An immutable function of a constant.

    `now()` is none: what it is compared with decides for every row, but only at the time of the query. Upper and lower
    case hang on the collation.
    """
    name = parse_nodes.strings(fields.get("funcname"))
    if name[:-1] not in ([], ["pg_catalog"]) or len(values) != 1 or fields.keys() - _PLAIN_CALL:
        return _NOTHING
    function, value = name[-1] if name else "", values[0]
    if function in _LENGTHS | {"abs"} and value is NULL:
        return NULL
    if function in _LENGTHS and isinstance(value, str):
        return len(value)
    if function == "abs" and type(value) is int:
        return abs(value)
    return _NOTHING


def _coalesce(parts: list[Any]) -> Any:
    for part in parts:
        if part is not NULL:
            return part
    return NULL


def _operation(fields: Node, not_null: Collection[str], depth: int) -> Any:
    operator = (parse_nodes.strings(fields.get("name")) or [""])[-1]
    left, right = fields.get("lexpr"), fields.get("rexpr")
    kind = fields.get("kind")
    if kind == "AEXPR_IN" and right is not None:
        return _membership(left, parse_nodes.items(right), operator, not_null, depth)
    if kind in {"AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT"}:
        operator = "<>" if kind == "AEXPR_DISTINCT" else "="
    elif kind != "AEXPR_OP" or operator not in _COMPARISONS:
        return _NOTHING
    column = _column(left)
    if column is not None and column == _column(right):
        certain = column in not_null or kind != "AEXPR_OP"
        return operator in {"=", "<=", ">="} if certain else _NOTHING
    first, second = _value(left, not_null, depth + 1), _value(right, not_null, depth + 1)
    if kind == "AEXPR_OP" and NULL in (first, second):
        return NULL
    if first is _NOTHING or second is _NOTHING or type(first) is not type(second):
        return _NOTHING
    if isinstance(first, str) and operator not in {"=", "<>", "!="}:
        return _NOTHING  # their order is the collation's
    return _COMPARISONS[operator](first, second)


def _membership(left: Node | None, choices: list[Node], operator: str, not_null: Collection[str], depth: int) -> Any:
    value = _value(left, not_null, depth + 1)
    others = [_value(choice, not_null, depth + 1) for choice in choices]
    if value is _NOTHING or value is NULL or any(other is _NOTHING or other is NULL for other in others):
        return _NOTHING
    if any(type(other) is not type(value) for other in others):
        return _NOTHING
    return (value in others) == (operator == "=")


def _column(node: Node | None) -> str | None:
    """The column a bare reference names, whatever the table before it."""
    if node is None or "ColumnRef" not in node:
        return None
    fields = node["ColumnRef"].get("fields", ())
    names = parse_nodes.strings(fields)
    return names[-1] if names and len(names) == len(fields) else None


def calls_per_row(text: str | None) -> list[str]:
    """The functions that an expression calls anew for every row: those outside of a `(select …)` without FROM."""
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
