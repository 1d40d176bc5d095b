"""Constant texts in Python code, found without running it."""

import ast
import textwrap
from collections.abc import Mapping

MAX_DEPTH = 50
MAX_CHARACTERS = 100_000

Environment = Mapping[str, str | tuple[str, ...] | None]


def text_of(node: ast.expr, environment: Environment, depth: int = 0) -> str | None:
    """Return the text of an expression; None where it is not constant."""
    if depth > MAX_DEPTH:
        return None
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.Name(id=name):
            known = environment.get(name)
            return known if isinstance(known, str) else None
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined(left, right, environment, depth)
        case ast.JoinedStr(values=values):
            return _formatted(values, environment, depth)
        case ast.Call(func=ast.Attribute(attr="text" | "dedent") | ast.Name(id="text" | "dedent"), args=[inner]):
            text = text_of(inner, environment, depth + 1)
            dedents = getattr(node.func, "attr", getattr(node.func, "id", "")) == "dedent"
            return textwrap.dedent(text) if text is not None and dedents else text
        case ast.Call(func=ast.Attribute(attr="strip", value=inner), args=[]):
            text = text_of(inner, environment, depth + 1)
            return text.strip() if text is not None else None
        case _:
            return None


def strings_of(node: ast.expr, environment: Environment) -> tuple[str, ...] | None:
    """Return the texts of a literal list, tuple or set, or of a name for one; None where one is not constant."""
    if isinstance(node, ast.Name):
        known = environment.get(node.id)
        return known if isinstance(known, tuple) else None
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return None
    found = [text_of(item, environment) for item in node.elts]
    return tuple(text for text in found if text is not None) if None not in found else None


def _joined(left: ast.expr, right: ast.expr, environment: Environment, depth: int) -> str | None:
    first, second = text_of(left, environment, depth + 1), text_of(right, environment, depth + 1)
    if first is None or second is None or len(first) + len(second) > MAX_CHARACTERS:
        return None
    return first + second


def _formatted(values: list[ast.expr], environment: Environment, depth: int) -> str | None:
    parts: list[str] = []
    for value in values:
        plain = isinstance(value, ast.FormattedValue) and value.conversion == -1 and value.format_spec is None
        inner = value.value if isinstance(value, ast.FormattedValue) and plain else value
        part = text_of(inner, environment, depth + 1)
        if part is None:
            return None
        parts.append(part)
    text = "".join(parts)
    return text if len(text) <= MAX_CHARACTERS else None
