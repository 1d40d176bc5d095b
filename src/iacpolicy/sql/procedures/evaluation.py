"""Expressions of PL/pgSQL and of catalogue queries, computed as far as what they ask is known."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.sql.model.names import Name
from iacpolicy.sql.procedures.comparisons import any_of, compared
from iacpolicy.sql.procedures.text_functions import FUNCTIONS, MAX_TEXT, formatted
from iacpolicy.sql.procedures.values import UNKNOWN, Oid, Scope, Unknown, Value, is_known, text
from iacpolicy.sql.state.effects import HOLE
from iacpolicy.sql.state.replay_state import State
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node, RefusedError
from iacpolicy.sql.syntax.parse import parse_text

MAX_DEPTH = 60

MAX_VALUES = 1000
"""Values of an array that are followed one by one."""


def expression(query: str, span: Span) -> Node | None:
    """The node of an expression that stands alone, as in PL/pgSQL; None where it cannot be read."""
    try:
        statements = parse_text(f"select {query}", span)
    except RefusedError:
        return None
    if len(statements) != 1 or statements[0].kind != "SelectStmt":
        return None
    targets = statements[0].node.get("targetList", [])
    return targets[0]["ResTarget"].get("val") if len(targets) == 1 else None


def pattern(node: Node | None, scope: Scope) -> str:
    """The text an expression gives, with a hole for everything that is not known."""
    found = text(evaluate(node, scope), scope.state)
    return HOLE if found is None else found


def evaluate(node: Node | None, scope: Scope, depth: int = 0) -> Value:
    """The value of an expression."""
    if node is None or depth > MAX_DEPTH:
        return UNKNOWN
    ((kind, fields),) = node.items()
    handler = _HANDLERS.get(kind)
    return handler(fields, scope, depth + 1) if handler is not None else UNKNOWN


def truth(node: Node | None, scope: Scope, depth: int = 0) -> bool | None | Unknown:
    """The value of a condition: true, false, null, or UNKNOWN."""
    value = evaluate(node, scope, depth)
    return value if value is None or isinstance(value, bool) else UNKNOWN


def _constant(fields: Node, scope: Scope, depth: int) -> Value:
    value: Value = parse_nodes.constant(fields, None, UNKNOWN)
    return value


def _reference(fields: Node, scope: Scope, depth: int) -> Value:
    parts = parse_nodes.strings(fields.get("fields"))
    return scope.column(parts) if parts and len(parts) == len(fields.get("fields", ())) else UNKNOWN


def _parameter(fields: Node, scope: Scope, depth: int) -> Value:
    return scope.variables.get(f"${fields.get('number')}", UNKNOWN)


def _cast(fields: Node, scope: Scope, depth: int) -> Value:
    value = evaluate(fields.get("arg"), scope, depth)
    type_name = fields.get("typeName", {})
    name = parse_nodes.type_text(type_name)
    if name.endswith("[]"):
        return _array_text(value) if isinstance(value, str) else value
    if name in {"regclass", "regprocedure", "regproc", "regnamespace", "regrole"}:
        return _registered(value, name, scope.state) if isinstance(value, str) else value
    if name in {"text", "name", "character varying", "character"}:
        return text(value, scope.state)
    if name == "boolean" and isinstance(value, str):
        return {"t": True, "true": True, "f": False, "false": False}.get(value.lower(), UNKNOWN)
    if name in {"integer", "bigint", "oid", "smallint"}:
        if isinstance(value, str):
            return int(value) if value.isdigit() and len(value) < 10 else UNKNOWN
        return value if isinstance(value, int | Oid | None) else UNKNOWN
    return value if is_known(value) and not isinstance(value, str) else UNKNOWN


def _registered(value: str, kind: str, state: State) -> Value:
    if HOLE in value or '"' in value or kind in {"regprocedure", "regproc"}:
        return UNKNOWN
    if kind in {"regnamespace", "regrole"}:
        return Oid("schema" if kind == "regnamespace" else "role", Name("", value))
    schema, _, name = value.rpartition(".")
    return Oid("class", Name(schema, name) if schema else state.find({"relname": name}))


def _array_text(value: str) -> Value:
    if not (value.startswith("{") and value.endswith("}")) or any(mark in value for mark in ('"', "\\", HOLE)):
        return UNKNOWN
    parts: list[Any] = [part.strip() for part in value[1:-1].split(",")]
    return [part for part in parts if part][:MAX_VALUES]


def _array(fields: Node, scope: Scope, depth: int) -> Value:
    elements = fields.get("elements", ())
    return [evaluate(element, scope, depth) for element in elements] if len(elements) <= MAX_VALUES else UNKNOWN


def _element(fields: Node, scope: Scope, depth: int) -> Value:
    value = evaluate(fields.get("arg"), scope, depth)
    indirection = fields.get("indirection", ())
    index = evaluate(indirection[0].get("A_Indices", {}).get("uidx"), scope, depth) if len(indirection) == 1 else None
    if isinstance(value, list) and isinstance(index, int):
        found: Value = value[index - 1] if 0 < index <= len(value) else None
        return found
    return UNKNOWN


def _logic(fields: Node, scope: Scope, depth: int) -> Value:
    parts = [truth(part, scope, depth) for part in fields.get("args", ())]
    if fields.get("boolop") == "NOT_EXPR":
        return not parts[0] if isinstance(parts[0], bool) else parts[0]
    decisive = fields.get("boolop") == "OR_EXPR"
    if any(part is decisive for part in parts):
        return decisive
    if any(part is UNKNOWN for part in parts):
        return UNKNOWN
    return None if any(part is None for part in parts) else not decisive


def _null_test(fields: Node, scope: Scope, depth: int) -> Value:
    value = evaluate(fields.get("arg"), scope, depth)
    if isinstance(value, Unknown) or value == HOLE:
        return UNKNOWN
    return (value is None) == (fields.get("nulltesttype") == "IS_NULL")


def _boolean_test(fields: Node, scope: Scope, depth: int) -> Value:
    value = truth(fields.get("arg"), scope, depth)
    if value is UNKNOWN:
        return UNKNOWN
    kind = str(fields.get("booltesttype"))
    wanted = {"TRUE": True, "FALSE": False, "UNKNOWN": None}.get(kind.rpartition("_")[2])
    return (value is wanted) != ("NOT" in kind)


def _coalesce(fields: Node, scope: Scope, depth: int) -> Value:
    for part in fields.get("args", ()):
        value = evaluate(part, scope, depth)
        if value is not None:
            return value
    return None


def _case(fields: Node, scope: Scope, depth: int) -> Value:
    if "arg" in fields:
        return UNKNOWN
    for part in fields.get("args", ()):
        holds = truth(part["CaseWhen"].get("expr"), scope, depth)
        if holds is UNKNOWN:
            return UNKNOWN
        if holds:
            return evaluate(part["CaseWhen"].get("result"), scope, depth)
    return evaluate(fields["defresult"], scope, depth) if "defresult" in fields else None


def _operation(fields: Node, scope: Scope, depth: int) -> Value:
    operator = (parse_nodes.strings(fields.get("name")) or [""])[-1]
    kind = str(fields.get("kind"))
    left = evaluate(fields.get("lexpr"), scope, depth) if "lexpr" in fields else UNKNOWN
    if operator == "||":
        right = evaluate(fields.get("rexpr"), scope, depth)
        return _joined((left, right), scope.state)
    if kind == "AEXPR_IN":
        choices = [evaluate(item, scope, depth) for item in parse_nodes.items(fields.get("rexpr", {}))]
        return any_of(left, choices, "=", scope.state, wanted=operator == "=")
    right = evaluate(fields.get("rexpr"), scope, depth)
    if kind in {"AEXPR_OP_ANY", "AEXPR_OP_ALL"}:
        if not isinstance(right, list):
            return UNKNOWN
        if kind == "AEXPR_OP_ANY":
            return any_of(left, right, operator, scope.state, wanted=True)
        opposite = {"<>": "=", "!=": "="}.get(operator)
        return any_of(left, right, opposite, scope.state, wanted=False) if opposite else UNKNOWN
    if kind in {"AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT"}:
        if not (is_known(left) and is_known(right)) or isinstance(left, list) or isinstance(right, list):
            return UNKNOWN
        return (left == right) == (kind == "AEXPR_NOT_DISTINCT")
    if kind in {"AEXPR_OP", "AEXPR_LIKE", "AEXPR_ILIKE"}:
        return compared(left, operator, right, scope.state)
    return UNKNOWN


def _joined(parts: Iterable[Value], state: State) -> Value:
    texts = []
    for part in parts:
        if isinstance(part, list):
            return UNKNOWN
        found = text(part, state)
        if found is None:
            return None
        texts.append(found)
    return "".join(texts) if sum(map(len, texts)) <= MAX_TEXT else HOLE


def _call(fields: Node, scope: Scope, depth: int) -> Value:
    name = (parse_nodes.strings(fields.get("funcname")) or [""])[-1].lower()
    arguments = [evaluate(argument, scope, depth) for argument in fields.get("args", ())]
    state = scope.state
    match name:
        case "format" if arguments and "func_variadic" not in fields:
            template = text(arguments[0], state)
            return UNKNOWN if template is None else formatted(template, [text(each, state) for each in arguments[1:]])
        case "concat":
            return _joined(("" if argument is None else argument for argument in arguments), state)
        case "current_schema" if not arguments:
            return next(state.search_path(), None)
        case "to_regclass" if len(arguments) == 1 and isinstance(arguments[0], str):
            return _relation(arguments[0], state)
        case "length" | "char_length" if len(arguments) == 1 and isinstance(arguments[0], str):
            return len(arguments[0]) if is_known(arguments[0]) else UNKNOWN
        case "array_length" | "cardinality" if arguments and isinstance(arguments[0], list):
            return len(arguments[0])
        case "pg_get_function_identity_arguments" | "oidvectortypes" if arguments and isinstance(arguments[0], Oid):
            return ", ".join(arguments[0].arguments)
        case "string_to_array" if len(arguments) == 2 and all(isinstance(a, str) and is_known(a) for a in arguments):
            return list(str(arguments[0]).split(str(arguments[1]) or None))[:MAX_VALUES]
    function = FUNCTIONS.get(name)
    if function is None:
        return UNKNOWN
    if any(argument is None for argument in arguments):
        return None
    texts = [text(argument, state) or "" for argument in arguments]
    if any(HOLE in each for each in texts):
        return HOLE
    return function(*texts) if len(texts) == function.__code__.co_argcount else UNKNOWN


def _relation(name: str, state: State) -> Value:
    """What to_regclass finds: null where no relation has the name, as far as all of them are known."""
    oid = _registered(name, "regclass", state)
    if not isinstance(oid, Oid):
        return UNKNOWN
    known = state.tables.get(oid.name) or state.views.get(oid.name)
    if known is not None and not known.uncertain:
        return oid
    if known is None and state.relation_exists(oid.name):
        return oid
    imported = any(found.schema in {None, oid.name.schema} for found in state.foreign_imports)
    unsure = known is not None or state.platform.is_system(oid.name.schema) or state.others_may_exist() or imported
    return UNKNOWN if unsure else None


def _current(fields: Node, scope: Scope, depth: int) -> Value:
    match fields.get("op"):
        case "SVFOP_CURRENT_SCHEMA":
            return next(scope.state.search_path(), None)
        case "SVFOP_CURRENT_USER" | "SVFOP_CURRENT_ROLE" | "SVFOP_USER":
            return scope.state.role
        case _:
            return UNKNOWN


def _subquery(fields: Node, scope: Scope, depth: int) -> Value:
    if scope.subquery is None:
        return UNKNOWN
    query = fields.get("subselect", {}).get("SelectStmt", {})
    kind = str(fields.get("subLinkType"))
    if kind == "ANY_SUBLINK":
        choices = scope.subquery(scope, query, "ARRAY_SUBLINK", depth)
        operator = (parse_nodes.strings(fields.get("operName")) or ["="])[-1]
        left = evaluate(fields.get("testexpr"), scope, depth)
        return any_of(left, choices, operator, scope.state, wanted=True) if isinstance(choices, list) else UNKNOWN
    return scope.subquery(scope, query, kind, depth)


_HANDLERS: Mapping[str, Callable[[Node, Scope, int], Value]] = {
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
