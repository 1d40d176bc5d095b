"""Mutants of a policy in Python: copies with one small change each, which good fixtures detect.

A change is a typical mistake: another comparison or bound, `and` for `or`, a missing `not`, `any` for `all`, a missing
`yield`. Messages, remediations and META stay as they are.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

MAX_MUTANTS = 500

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_SIGNS: dict[type[ast.AST], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.And: "and",
    ast.Or: "or",
    ast.BitAnd: "&",
    ast.BitOr: "|",
}
_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_FUNCTIONS = {"any": "all", "all": "any", "min": "max", "max": "min"}
_MESSAGES = frozenset({"Violation", "Hint"})
_TEXTS = frozenset({"message", "fix", "summary", "detail"})
_DECIDED_ELSEWHERE = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change, the line of the change and its description."""

    line: int
    what: str
    code: CodeType


@dataclass(frozen=True, slots=True)
class _Change:
    line: int
    what: str
    make: Callable[[], None]
    undo: Callable[[], None]


def mutants_of(text: str, filename: str) -> Iterator[Mutant]:
    """Yield the mutants of a module in the order of its lines, at most `MAX_MUTANTS`.

    Raises:
        SyntaxError: the text is not Python.
    """
    tree = ast.parse(text, filename)
    changes = sorted(_changes(tree), key=lambda change: change.line)
    for change in changes[:MAX_MUTANTS]:
        change.make()
        code = compile(ast.fix_missing_locations(tree), filename, "exec")
        change.undo()
        yield Mutant(change.line, change.what, code)


def _changes(tree: ast.Module) -> Iterator[_Change]:
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _inside(statement)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and not _is_meta(statement):
            yield from _constants(statement)


def _is_meta(statement: ast.Assign | ast.AnnAssign) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(target, ast.Name) and target.id == "META" for target in targets)


def _constants(statement: ast.Assign | ast.AnnAssign) -> Iterator[_Change]:
    """Yield the changes of the numbers in a constant of the module."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Constant):
            yield from _number(node)


def _inside(function: ast.AST) -> Iterator[_Change]:
    pending: list[ast.AST] = [function]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.JoinedStr | ast.arguments):
            continue
        yield from _of(node)
        pending.extend(_parts(node))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the children of a node without annotations, decorators, docstrings and texts of violations."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        items = value if isinstance(value, list) else [value]
        if isinstance(node, ast.Call) and _name(node.func) in _MESSAGES:
            items = items[1:] if name == "args" else [i for i in items if getattr(i, "arg", None) not in _TEXTS]
        for item in items:
            if isinstance(item, ast.AST) and not _is_text(item):
                yield item


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _of(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Compare():
            yield from _comparison(node)
        case ast.BoolOp() | ast.BinOp() if type(node.op) in _SWAPPED:
            yield _swap(node)
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield _without(node)
        case ast.Call(func=ast.Name(id=name) as function) if name in _FUNCTIONS:
            yield _set(node.lineno, f"`{_FUNCTIONS[name]}` for `{name}`", function, "id", _FUNCTIONS[name])
        case ast.Constant(value=bool(value)):
            yield _set(node.lineno, f"`{not value}` for `{value}`", node, "value", not value)
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            nothing = ast.YieldFrom(ast.Tuple([], ast.Load()))
            yield _set(node.lineno, "without this `yield`", node, "value", nothing)
        case ast.If() | ast.IfExp() | ast.While():
            yield from _negated(node, "test", node.test)
        case ast.comprehension():
            for index, condition in enumerate(node.ifs):
                yield from _negated_item(node.ifs, index, condition)
    yield from _dropped(node)


def _comparison(node: ast.Compare) -> Iterator[_Change]:
    for index, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            what = f"`{_SIGNS[other]}` for `{_SIGNS[type(operator)]}`"
            yield _set_item(node.lineno, what, node.ops, index, other())
    for operand in (node.left, *node.comparators):
        if isinstance(operand, ast.Constant):
            yield from _number(operand)


def _number(node: ast.Constant) -> Iterator[_Change]:
    value = node.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        for other in (value - 1, value + 1):
            yield _set(node.lineno, f"`{other}` for `{value}`", node, "value", other)


def _swap(node: ast.BoolOp | ast.BinOp) -> _Change:
    other = _SWAPPED[type(node.op)]
    return _set(node.lineno, f"`{_SIGNS[other]}` for `{_SIGNS[type(node.op)]}`", node, "op", other())


def _without(node: ast.UnaryOp) -> _Change:
    """Return the change of `not x` to `not not x`, which has the truth value of `x`."""
    sign = "not" if isinstance(node.op, ast.Not) else "~"
    inner = ast.UnaryOp(type(node.op)(), node.operand)
    return _set(node.lineno, f"without `{sign}`", node, "operand", inner)


def _negated(node: ast.AST, field: str, condition: ast.expr) -> Iterator[_Change]:
    if _is_plain(condition):
        opposite = ast.UnaryOp(ast.Not(), condition)
        yield _set(condition.lineno, "the opposite condition", node, field, opposite)


def _negated_item(conditions: list[ast.expr], index: int, condition: ast.expr) -> Iterator[_Change]:
    if _is_plain(condition):
        opposite = ast.UnaryOp(ast.Not(), condition)
        yield _set_item(condition.lineno, "the opposite condition", conditions, index, opposite)


def _is_plain(condition: ast.expr) -> bool:
    """Report that no other mutant negates the condition."""
    return not isinstance(condition, (*_DECIDED_ELSEWHERE, ast.Constant))


def _dropped(node: ast.AST) -> Iterator[_Change]:
    """Yield the changes that remove a `return` without a value, a `continue` or a `break`."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if not isinstance(block, list):
            continue
        for index, statement in enumerate(block):
            is_bare = isinstance(statement, ast.Return) and statement.value is None
            if is_bare or isinstance(statement, ast.Continue | ast.Break):
                word = "return" if is_bare else type(statement).__name__.lower()
                yield _set_item(statement.lineno, f"without this `{word}`", block, index, ast.Pass())


def _set(line: int, what: str, node: ast.AST, field: str, new: Any) -> _Change:
    old = getattr(node, field)
    return _Change(line, what, lambda: setattr(node, field, new), lambda: setattr(node, field, old))


def _set_item(line: int, what: str, items: list[Any], index: int, new: Any) -> _Change:
    old = items[index]
    return _Change(line, what, lambda: items.__setitem__(index, new), lambda: items.__setitem__(index, old))
