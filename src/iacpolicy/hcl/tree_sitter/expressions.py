"""Expressions: from tree-sitter's nodes to ours.

Every converter takes the node, its depth in the syntax tree, and a flag that is true if a line end matters. It does
unless a bracket other than that of an object encloses the expression.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from tree_sitter import Node as SyntaxNode

from iacpolicy.hcl.ast import (
    Binary,
    Bool,
    Call,
    Conditional,
    Expression,
    Name,
    Null,
    Number,
    Parens,
    Template,
    Text,
    TupleCons,
    Unary,
)
from iacpolicy.hcl.shared.conversion import MAX_DEPTH, Conversion
from iacpolicy.hcl.shared.traversals import TraversalStep, traversal
from iacpolicy.hcl.tree_sitter import node_types
from iacpolicy.hcl.tree_sitter.objects import for_expression, object_constructor
from iacpolicy.hcl.tree_sitter.templates import check_quoted, template

Converter: TypeAlias = Callable[[Conversion, SyntaxNode, int, bool], Expression]


def expression(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    """Convert an `expression` node."""
    children = node.children
    if len(children) == 1:
        only = children[0]
        if depth > MAX_DEPTH:
            return cx.too_deep(node)
        return _CONVERTERS[only.kind_id](cx, only, depth + 1, lines)
    return term(cx, children, depth, lines)


def term(cx: Conversion, nodes: Sequence[SyntaxNode], depth: int, lines: bool) -> Expression:
    """Convert a run of sibling nodes: a base, perhaps in parentheses, and the steps of a traversal after it."""
    nodes = [node for node in nodes if node.kind_id != node_types.COMMENT]
    first = nodes[0]
    steps_from = 3 if first.kind_id == node_types.PAREN_OPEN else 1
    depth += len(nodes) - steps_from + 1
    if depth > MAX_DEPTH:
        return cx.too_deep(first)
    base: Expression
    if first.kind_id == node_types.PAREN_OPEN:
        base = Parens(start=first.start_byte, end=nodes[2].end_byte, value=expression(cx, nodes[1], depth, False))
    else:
        base = _CONVERTERS[first.kind_id](cx, first, depth, lines)
    if len(nodes) == steps_from:
        return base
    if lines:
        cx.require_one_line(nodes[steps_from - 1 :], "between a value and what is taken from it")
    return traversal(base, _steps(cx, nodes[steps_from:], depth, lines), cx.problem)


def _steps(cx: Conversion, nodes: Sequence[SyntaxNode], depth: int, lines: bool) -> Iterator[TraversalStep]:
    """Yield the steps of a traversal in order; those that the grammar puts inside a splat follow it."""
    for node in nodes:
        kind = node.kind_id
        if kind == node_types.GET_ATTR:
            children = node.children
            if lines:
                cx.require_one_line(children, "within a traversal")
            end = node.end_byte
            yield TraversalStep(node.start_byte, end, name=cx.text[children[-1].start_byte : end])
        elif kind == node_types.INDEX:
            yield _index(cx, node.children[0], depth, lines)
        else:
            splat = node.children[0]
            children = splat.children
            if lines:
                cx.require_one_line(children, "within a traversal")
            yield TraversalStep(splat.start_byte, children[0].end_byte, full=splat.kind_id == node_types.FULL_SPLAT)
            yield from _steps(
                cx, [child for child in children[1:] if child.kind_id != node_types.COMMENT], depth, lines
            )


def _index(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> TraversalStep:
    start, end = node.start_byte, node.end_byte
    children = node.children
    if node.kind_id == node_types.NEW_INDEX:
        key = next(child for child in children if child.kind_id == node_types.EXPRESSION)
        return TraversalStep(start, end, key=expression(cx, key, depth, False))
    # The grammar hides the digits' own node.
    dot = children[0].end_byte
    digits = end - len(cx.text[dot:end].lstrip())
    if lines and cx.breaks_line(dot, digits):
        cx.require_one_line(children, "within a traversal")
    return TraversalStep(start, end, key=Number(start=digits, end=end), legacy=True)


def _literal(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    start, end = node.start_byte, node.end_byte
    kind = node.children[0].kind_id
    if kind == node_types.STRING:
        return string(cx, start, end)
    if kind == node_types.NUMBER:
        if cx.text.startswith(("0x", "0X"), start):
            cx.problem(
                start,
                end,
                "Number is not decimal",
                "Terraform has decimal numbers only. Write the number in decimal, or use parseint with a string.",
            )
        return Number(start=start, end=end)
    if kind == node_types.BOOL:
        return Bool(start=start, end=end, value=end - start == len("true"))
    return Null(start=start, end=end)


def string(cx: Conversion, start: int, end: int) -> Template:
    """Return a quoted string without interpolation, its quotes included."""
    if end - start == 2:
        return Template(start=start, end=end, parts=())
    check_quoted(cx, start, end)
    return Template(start=start, end=end, parts=(Text(start=start + 1, end=end - 1, form=cx.quoted_form),))


def _variable(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    start, end = node.start_byte, node.end_byte
    name = cx.text[start:end]
    if "::" in name:
        cx.problem(
            start,
            end,
            "Namespace without a call",
            f"{name} names a function of a provider and has no value. Write the call with its parentheses.",
        )
    return Name(start=start, end=end, name=name)


def _collection(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    inner = node.children[0]
    if inner.kind_id == node_types.OBJECT:
        return object_constructor(cx, inner, depth, expression)
    return TupleCons(
        start=inner.start_byte,
        end=inner.end_byte,
        items=tuple(
            [expression(cx, item, depth, False) for item in inner.children if item.kind_id == node_types.EXPRESSION]
        ),
    )


def _call(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    children = node.children
    name = children[0]
    name_end = name.end_byte
    if lines:
        cx.require_one_line(children[:2], "between a function's name and its parenthesis")
    arguments: tuple[Expression, ...] = ()
    expand = False
    for child in children:
        if child.kind_id == node_types.ARGUMENTS:
            given = child.children
            expand = given[-1].kind_id == node_types.ELLIPSIS
            arguments = tuple(
                [expression(cx, item, depth, False) for item in given if item.kind_id == node_types.EXPRESSION]
            )
    return Call(
        start=node.start_byte,
        end=node.end_byte,
        name=cx.text[name.start_byte : name_end],
        arguments=arguments,
        expand_final=expand,
        name_end=name_end,
    )


def _operation(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    inner = node.children[0]
    nodes = [child for child in inner.children if child.kind_id != node_types.COMMENT]
    if depth > MAX_DEPTH:
        return cx.too_deep(node)
    start, end = node.start_byte, node.end_byte
    if inner.kind_id == node_types.UNARY:
        if lines:
            cx.require_one_line(nodes[:2], "after an operator")
        return Unary(
            start=start,
            end=end,
            operator=cx.text[start : nodes[0].end_byte],
            operand=term(cx, nodes[1:], depth, lines),
        )
    at = next(i for i, child in enumerate(nodes) if child.kind_id in _OPERATORS)
    operator = nodes[at]
    if lines:
        cx.require_one_line(nodes[at - 1 : at + 2], "beside an operator")
    return Binary(
        start=start,
        end=end,
        operator=cx.text[operator.start_byte : operator.end_byte],
        left=term(cx, nodes[:at], depth, lines),
        right=term(cx, nodes[at + 1 :], depth, lines),
    )


def _conditional(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    # The grammar groups `a ? b : c ? d : e` to the left, Terraform to the right: take the operands apart, and rebuild.
    arms: list[tuple[SyntaxNode, SyntaxNode]] = []
    while True:
        nodes = [child for child in node.children if child.kind_id != node_types.COMMENT]
        if lines:
            cx.require_one_line(nodes, "beside ? or :")
        condition, _, then, _, otherwise = nodes
        arms.append((then, otherwise))
        inner = condition.children
        if len(inner) != 1 or inner[0].kind_id != node_types.CONDITIONAL:
            break
        node = inner[0]
    if depth + len(arms) > MAX_DEPTH:
        return cx.too_deep(node)
    end = arms[0][1].end_byte
    result = expression(cx, arms[0][1], depth + len(arms), lines)
    for level in range(len(arms)):
        then = arms[level][0]
        question = condition if level == len(arms) - 1 else arms[level + 1][1]
        inner_depth = depth + len(arms) - level
        result = Conditional(
            start=question.start_byte,
            end=end,
            condition=expression(cx, question, inner_depth, lines),
            then=expression(cx, then, inner_depth, lines),
            otherwise=result,
        )
    return result


def _for(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    return for_expression(cx, node.children[0], depth, expression)


def _template(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    return template(cx, node.children[0], depth, expression)


def _nested(cx: Conversion, node: SyntaxNode, depth: int, lines: bool) -> Expression:
    return expression(cx, node, depth, lines)


_OPERATORS: Final = frozenset(
    number
    for operator in ("||", "&&", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%")
    if (number := node_types.LANGUAGE.id_for_node_kind(operator, False)) is not None
)
_CONVERTERS: Final[dict[int, Converter]] = {
    node_types.LITERAL: _literal,
    node_types.TEMPLATE: _template,
    node_types.COLLECTION: _collection,
    node_types.VARIABLE: _variable,
    node_types.CALL: _call,
    node_types.FOR: _for,
    node_types.OPERATION: _operation,
    node_types.CONDITIONAL: _conditional,
    node_types.EXPRESSION: _nested,
}
