"""The text of an EXECUTE, as far as it is constant: `format`, `||`, `concat`, and values bound by a loop."""

import re
from collections.abc import Mapping

from iacpolicy.core.spans import Span
from iacpolicy.sql import nodes
from iacpolicy.sql.effects import HOLE
from iacpolicy.sql.grammar import Node, RefusedError
from iacpolicy.sql.names import quoted
from iacpolicy.sql.parse import parse_text

MAX_VALUES = 1000
"""Values of a literal array that are followed one by one."""

MAX_NESTED_FORMATS = 5

_specifier = re.compile(r"%(?:(\d+)\$)?-?\d*([sIL%])")

Bindings = Mapping[str, str]
"""Variables whose value is known, by name."""


def expression(query: str, span: Span) -> Node | None:
    """The node of an expression that stands alone, as in PL/pgSQL; None where it cannot be read."""
    try:
        statements = parse_text(f"select {query}", span)
    except RefusedError:
        return None
    if len(statements) != 1 or statements[0].kind != "SelectStmt":
        return None
    targets = statements[0].node.get("targetList", [])
    return targets[0]["ResTarget"].get("val") if targets else None


def pattern(node: Node | None, bindings: Bindings, depth: int = 0) -> str:
    """The text an expression gives, with a hole for everything that is not constant."""
    if depth > MAX_NESTED_FORMATS:
        return HOLE
    parts: list[str] = []
    pending: list[Node | None] = [node]
    while pending:
        current = pending.pop()
        if current is None:
            parts.append(HOLE)
            continue
        ((kind, fields),) = current.items()
        arguments = fields.get("args", [])
        function = (nodes.strings(fields.get("funcname")) or [""])[-1] if kind == "FuncCall" else ""
        if kind == "A_Const":
            parts.append(_constant(fields))
        elif kind == "ColumnRef":
            parts.append(_bound(fields, bindings))
        elif kind == "TypeCast":
            pending.append(fields.get("arg"))
        elif kind == "A_Expr" and nodes.strings(fields.get("name")) == ["||"]:
            pending.extend((fields.get("rexpr"), fields.get("lexpr")))
        elif function == "concat":
            pending.extend(reversed(arguments))
        elif function == "quote_ident" and arguments:
            value = pattern(arguments[0], bindings, depth + 1)
            parts.append(value if HOLE in value else quoted(value))
        elif function == "format" and arguments:
            values = [pattern(argument, bindings, depth + 1) for argument in arguments]
            parts.append(_formatted(values[0], values[1:]))
        else:
            parts.append(HOLE)
    return "".join(parts)


def array(node: Node | None) -> list[str] | None:
    """The strings of a literal array, `array['a', 'b']` or `'{a,b}'::text[]`; None where it is not literal."""
    while node is not None and "TypeCast" in node:
        inner = node["TypeCast"].get("arg")
        if inner is not None and "A_Const" in inner and node["TypeCast"]["typeName"].get("arrayBounds"):
            return _array_text(nodes.text(inner))
        node = inner
    if node is None or "A_ArrayExpr" not in node:
        return None
    elements = node["A_ArrayExpr"].get("elements", [])
    values = [_simple(element, {}) for element in elements]
    return None if any(HOLE in value for value in values) or len(values) > MAX_VALUES else values


def _array_text(text: str) -> list[str] | None:
    if not re.fullmatch(r"\{[\w\s,.]*\}", text):
        return None
    values = [value.strip() for value in text[1:-1].split(",")]
    return [value for value in values if value][:MAX_VALUES]


def _simple(node: Node, bindings: Bindings) -> str:
    """The text of a constant or a bound variable; a hole for the rest."""
    while "TypeCast" in node and "arg" in node["TypeCast"]:
        node = node["TypeCast"]["arg"]
    ((kind, fields),) = node.items()
    if kind == "A_Const":
        return _constant(fields)
    return _bound(fields, bindings) if kind == "ColumnRef" else HOLE


def _constant(fields: Node) -> str:
    if "sval" in fields:
        return str(fields["sval"].get("sval", ""))
    if "ival" in fields:
        return str(fields["ival"].get("ival", 0))
    return HOLE


def _bound(fields: Node, bindings: Bindings) -> str:
    names = nodes.strings(fields.get("fields"))
    return bindings.get(names[0], HOLE) if len(names) == 1 and len(fields.get("fields", ())) == 1 else HOLE


def _formatted(template: str, arguments: list[str]) -> str:
    position = 0

    def value(found: re.Match[str]) -> str:
        nonlocal position
        if found[2] == "%":
            return "%"
        if found[1]:
            position = int(found[1][:4])
        else:
            position += 1
        given = arguments[position - 1] if 0 < position <= len(arguments) else HOLE
        if HOLE in given:
            return given
        if found[2] == "I":
            return quoted(given)
        return "'" + given.replace("'", "''") + "'" if found[2] == "L" else given

    return _specifier.sub(value, template)
