"""The evaluator of SQL expressions for conditions of policies, PL/pgSQL and queries of the catalogue.

Logic has three values. A value that the scope does not give is UNKNOWN. A known result holds for every row.
"""

from collections.abc import Callable, Iterable, Mapping

from iacpolicy.sql.expressions.casts import cast
from iacpolicy.sql.expressions.comparisons import any_of, compared, is_distinct
from iacpolicy.sql.expressions.text_functions import FUNCTIONS, MAX_TEXT
from iacpolicy.sql.expressions.values import (
    HOLE,
    MAX_VALUES,
    UNKNOWN,
    ExpressionScope,
    UnknownSqlValue,
    Value,
    is_known,
)
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node

MAX_DEPTH = 60

_PLAIN_CALL = frozenset({"funcname", "args", "funcformat", "location"})
_REFLEXIVE = frozenset({"=", "<=", ">="})
_COMPARISONS = _REFLEXIVE | {"<>", "!=", "<", ">"}


def pattern(node: Node | None, scope: ExpressionScope) -> str:
    """Return the text of an expression, with a hole for everything that is unknown."""
    found = scope.text(evaluate(node, scope))
    return HOLE if found is None else found


def evaluate(node: Node | None, scope: ExpressionScope, depth: int = 0) -> Value:
    """Return the value of an expression."""
    if node is None or depth > MAX_DEPTH:
        return UNKNOWN
    ((kind, fields),) = node.items()
    handler = _HANDLERS.get(kind)
    return handler(fields, scope, depth + 1) if handler is not None else UNKNOWN


def truth(node: Node | None, scope: ExpressionScope, depth: int = 0) -> bool | None | UnknownSqlValue:
    """Return the value of a condition: true, false, null, or UNKNOWN."""
    value = evaluate(node, scope, depth)
    return value if value is None or isinstance(value, bool) else UNKNOWN


def scalar_query(node: Node) -> Node | None:
    """Return the expression of `(select expression)`, None where the node is no such query."""
    link: Node = node.get("SubLink", {})
    if link.get("subLinkType") != "EXPR_SUBLINK":
        return None
    query: Node = link.get("subselect", {}).get("SelectStmt", {})
    if query.get("fromClause") or query.get("whereClause") or len(query.get("targetList", ())) != 1:
        return None
    found: Node | None = query["targetList"][0].get("ResTarget", {}).get("val")
    return found


def _constant(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    value: Value = parse_nodes.constant(fields, None, UNKNOWN)
    return value


def _reference(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    parts = _column({"ColumnRef": fields})
    return scope.column(parts) if parts is not None else UNKNOWN


def _column(node: Node | None) -> list[str] | None:
    """Return the parts of a reference to a column, None for `*` and for other nodes."""
    fields = node["ColumnRef"].get("fields", ()) if node is not None and "ColumnRef" in node else ()
    names = parse_nodes.strings(fields)
    return names if names and len(names) == len(fields) else None


def _parameter(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    return scope.parameter(int(fields.get("number", 0)))


def _cast(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    return cast(evaluate(fields.get("arg"), scope, depth), fields.get("typeName", {}), scope)


def _array(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    elements = fields.get("elements", ())
    return [evaluate(element, scope, depth) for element in elements] if len(elements) <= MAX_VALUES else UNKNOWN


def _element(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    value = evaluate(fields.get("arg"), scope, depth)
    indirection = fields.get("indirection", ())
    index = evaluate(indirection[0].get("A_Indices", {}).get("uidx"), scope, depth) if len(indirection) == 1 else None
    if isinstance(value, list) and isinstance(index, int):
        found: Value = value[index - 1] if 0 < index <= len(value) else None
        return found
    return UNKNOWN


def _logic(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    parts = [truth(part, scope, depth) for part in fields.get("args", ())]
    if fields.get("boolop") == "NOT_EXPR":
        return not parts[0] if isinstance(parts[0], bool) else parts[0]
    decisive = fields.get("boolop") == "OR_EXPR"
    if any(part is decisive for part in parts):
        return decisive
    if any(part is UNKNOWN for part in parts):
        return UNKNOWN
    return None if any(part is None for part in parts) else not decisive


def _null_test(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    value = evaluate(fields.get("arg"), scope, depth)
    column = _column(fields.get("arg")) or [""]
    is_unknown = isinstance(value, UnknownSqlValue) or (isinstance(value, str) and HOLE in value)
    if is_unknown and column[-1] not in scope.not_null:
        return UNKNOWN
    return (value is None) == (fields.get("nulltesttype") == "IS_NULL")


def _boolean_test(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    value = truth(fields.get("arg"), scope, depth)
    if value is UNKNOWN:
        return UNKNOWN
    kind = str(fields.get("booltesttype"))
    wanted = {"TRUE": True, "FALSE": False, "UNKNOWN": None}.get(kind.rpartition("_")[2])
    return (value is wanted) != ("NOT" in kind)


def _coalesce(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    for part in fields.get("args", ()):
        value = evaluate(part, scope, depth)
        if value is not None:
            return value
    return None


def _case(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    if "arg" in fields:
        return UNKNOWN
    for part in fields.get("args", ()):
        holds = truth(part["CaseWhen"].get("expr"), scope, depth)
        if holds is UNKNOWN:
            return UNKNOWN
        if holds:
            return evaluate(part["CaseWhen"].get("result"), scope, depth)
    return evaluate(fields["defresult"], scope, depth) if "defresult" in fields else None


def _operation(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    operator = (parse_nodes.strings(fields.get("name")) or [""])[-1]
    kind = str(fields.get("kind"))
    left = evaluate(fields.get("lexpr"), scope, depth) if "lexpr" in fields else UNKNOWN
    if kind == "AEXPR_IN":
        choices = [evaluate(item, scope, depth) for item in parse_nodes.items(fields.get("rexpr", {}))]
        return any_of(left, choices, "=", scope, wanted=operator == "=")
    right = evaluate(fields.get("rexpr"), scope, depth)
    if operator == "||":
        return _joined((left, right), scope)
    if kind in {"AEXPR_OP_ANY", "AEXPR_OP_ALL"}:
        if not isinstance(right, list):
            return UNKNOWN
        if kind == "AEXPR_OP_ANY":
            return any_of(left, right, operator, scope, wanted=True)
        opposite = {"<>": "=", "!=": "="}.get(operator)
        return any_of(left, right, opposite, scope, wanted=False) if opposite else UNKNOWN
    if kind in {"AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT"}:
        same = True if _is_one_column(fields, scope) else _negated(is_distinct(left, right, scope))
        return same if kind == "AEXPR_NOT_DISTINCT" else _negated(same)
    if kind not in {"AEXPR_OP", "AEXPR_LIKE", "AEXPR_ILIKE"}:
        return UNKNOWN
    found = compared(left, operator, right, scope)
    if found is UNKNOWN and kind == "AEXPR_OP" and operator in _COMPARISONS and _is_one_column(fields, scope):
        parts = _column(fields.get("lexpr")) or [""]
        return operator in _REFLEXIVE if parts[-1] in scope.not_null else UNKNOWN
    return found


def _is_one_column(fields: Node, scope: ExpressionScope) -> bool:
    left, right = _column(fields.get("lexpr")), _column(fields.get("rexpr"))
    return left is not None and right is not None and scope.is_same_column(left, right)


def _negated(value: Value) -> Value:
    return not value if isinstance(value, bool) else value


def _joined(parts: Iterable[Value], scope: ExpressionScope) -> Value:
    texts = []
    for part in parts:
        if isinstance(part, list):
            return UNKNOWN
        found = scope.text(part)
        if found is None:
            return None
        texts.append(found)
    return "".join(texts) if sum(map(len, texts)) <= MAX_TEXT else HOLE


def _call(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    """Return the result of a function of PostgreSQL; `now()` and the like are UNKNOWN."""
    parts = parse_nodes.strings(fields.get("funcname"))
    if not parts or parts[:-1] not in ([], ["pg_catalog"]) or fields.keys() - _PLAIN_CALL:
        return UNKNOWN
    name = parts[-1].lower()
    arguments = [evaluate(argument, scope, depth) for argument in fields.get("args", ())]
    match name, arguments:
        case "concat", _:
            return _joined(("" if argument is None else argument for argument in arguments), scope)
        case "length" | "char_length" | "character_length" | "abs", [None]:
            return None
        case "length" | "char_length" | "character_length", [str() as text]:
            return len(text) if is_known(text) else UNKNOWN
        case "abs", [int() as number]:
            return UNKNOWN if isinstance(number, bool) else abs(number)
        case "array_length" | "cardinality", [list() as values, *_]:
            return len(values)
        case "string_to_array", [str() as text, str() as separator] if is_known(text) and is_known(separator):
            return list(text.split(separator or None))[:MAX_VALUES]
    function = FUNCTIONS.get(name)
    if function is None:
        return scope.call(name, arguments)
    if any(argument is None for argument in arguments):
        return None
    texts = [scope.text(argument) or "" for argument in arguments]
    if any(HOLE in each for each in texts):
        return HOLE
    return function(*texts) if len(texts) == function.__code__.co_argcount else UNKNOWN


def _current(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    return scope.current(str(fields.get("op")))


def _subquery(fields: Node, scope: ExpressionScope, depth: int) -> Value:
    query = fields.get("subselect", {}).get("SelectStmt", {})
    kind = str(fields.get("subLinkType"))
    if kind == "ANY_SUBLINK":
        choices = scope.answer(query, "ARRAY_SUBLINK", depth)
        operator = (parse_nodes.strings(fields.get("operName")) or ["="])[-1]
        left = evaluate(fields.get("testexpr"), scope, depth)
        return any_of(left, choices, operator, scope, wanted=True) if isinstance(choices, list) else UNKNOWN
    return scope.answer(query, kind, depth)


_HANDLERS: Mapping[str, Callable[[Node, ExpressionScope, int], Value]] = {
    "A_ArrayExpr": _array,
    "A_Const": _constant,
    "A_Expr": _operation,
    "A_Indirection": _element,
    "BoolExpr": _logic,
    "BooleanTest": _boolean_test,
    "CaseExpr": _case,
    "CoalesceExpr": _coalesce,
    "ColumnRef": _reference,
    "FuncCall": _call,
    "NullTest": _null_test,
    "ParamRef": _parameter,
    "SQLValueFunction": _current,
    "SubLink": _subquery,
    "TypeCast": _cast,
}
