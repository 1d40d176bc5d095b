"""Expressions from python-hcl2's tree; its depth has been checked, so recursion is bounded."""

from collections.abc import Callable, Iterator
from typing import Final

from iacpolicy.hcl.ast import (
    Binary,
    Bool,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    KeyName,
    Name,
    Null,
    Number,
    ObjectCons,
    ObjectItem,
    Parens,
    TupleCons,
    Unary,
)
from iacpolicy.hcl.python_hcl2.templates import heredoc, string
from iacpolicy.hcl.python_hcl2.tree import Hcl2ParseError, LarkTree, ParsedToken, Part
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.shared.traversals import TraversalStep, traversal

_STEPS: Final = frozenset({"index_expr_term", "get_attr_expr_term", "attr_splat_expr_term", "full_splat_expr_term"})


def expression(cx: Conversion, part: Part) -> Expression:
    """Convert any rule that is an expression."""
    while isinstance(part, LarkTree) and part.rule == "expr_term":
        if isinstance(part.parts[0], ParsedToken):
            inner = next(part.trees())
            return Parens(start=part.start, end=part.end, value=expression(cx, inner))
        part = part.parts[0]
    assert isinstance(part, LarkTree)
    if part.rule in _STEPS:
        return _traversal(cx, part)
    convert = _CONVERTERS.get(part.rule)
    if convert is None:
        raise Hcl2ParseError(*cx.source.position(part.start))
    return convert(cx, part)


def _traversal(cx: Conversion, tree: LarkTree) -> Expression:
    chain: list[LarkTree] = []
    base: Part = tree
    while True:
        if isinstance(base, LarkTree) and base.rule == "expr_term" and not isinstance(base.parts[0], ParsedToken):
            base = base.parts[0]
        elif isinstance(base, LarkTree) and base.rule in _STEPS:
            step = base.parts[1]
            assert isinstance(step, LarkTree)
            chain.append(step)
            base = base.parts[0]
        else:
            break
    steps = [found for link in reversed(chain) for found in _steps(cx, link)]
    return traversal(expression(cx, base), steps, cx.problem)


def _steps(cx: Conversion, tree: LarkTree) -> Iterator[TraversalStep]:
    start, end = tree.start, tree.end
    if tree.rule == "get_attr":
        name = tree.parts[1]
        yield TraversalStep(start, end, name=cx.text[name.start : name.end])
    elif tree.rule == "braces_index":
        yield TraversalStep(start, end, key=expression(cx, next(tree.trees())))
    elif tree.rule == "short_index":
        digits = tree.parts[1]
        yield TraversalStep(start, end, key=Number(start=digits.start, end=digits.end), legacy=True)
    else:
        yield TraversalStep(start, tree.parts[0].end, full=tree.rule == "full_splat")
        for inner in tree.trees():
            yield from _steps(cx, inner)


def _identifier(cx: Conversion, tree: LarkTree) -> Expression:
    return Name(start=tree.start, end=tree.end, name=cx.text[tree.start : tree.end])


def _literal(cx: Conversion, tree: LarkTree) -> Expression:
    start, end = tree.start, tree.end
    word = cx.text[start:end]
    if word == "null":
        return Null(start=start, end=end)
    return Bool(start=start, end=end, value=word == "true")


def _number(cx: Conversion, tree: LarkTree) -> Expression:
    start, end = tree.start, tree.end
    if cx.text[start] != "-":
        return Number(start=start, end=end)
    # The lexer takes a sign for a part of the number.
    return Unary(start=start, end=end, operator="-", operand=Number(start=start + 1, end=end))


def _unary(cx: Conversion, tree: LarkTree) -> Expression:
    operator, operand = tree.parts
    return Unary(
        start=tree.start, end=tree.end, operator=cx.text[operator.start : operator.end], operand=expression(cx, operand)
    )


def _binary(cx: Conversion, tree: LarkTree) -> Expression:
    left, rest = tree.parts
    assert isinstance(rest, LarkTree)
    operator, right = rest.parts
    first, second = expression(cx, left), expression(cx, right)
    return Binary(
        start=first.start,
        end=second.end,
        operator=cx.text[operator.start : operator.end].split()[-1],
        left=first,
        right=second,
    )


def _conditional(cx: Conversion, tree: LarkTree) -> Expression:
    condition, then, otherwise = (expression(cx, part) for part in tree.trees())
    return Conditional(start=condition.start, end=otherwise.end, condition=condition, then=then, otherwise=otherwise)


def _call(cx: Conversion, tree: LarkTree) -> Expression:
    names = list(tree.trees("identifier"))
    given = next(tree.trees("arguments"), None)
    return Call(
        start=tree.start,
        end=tree.end,
        name=cx.text[names[0].start : names[-1].end],
        arguments=tuple(expression(cx, part) for part in given.trees()) if given else (),
        expand_final=given is not None and given.has("ELLIPSIS"),
        name_end=names[-1].end,
    )


def _tuple(cx: Conversion, tree: LarkTree) -> Expression:
    return TupleCons(start=tree.start, end=tree.end, items=tuple(expression(cx, part) for part in tree.trees()))


def _object(cx: Conversion, tree: LarkTree) -> Expression:
    items: list[ObjectItem] = []
    for item in tree.trees("object_elem"):
        key_tree, _, value_tree = item.parts
        assert isinstance(key_tree, LarkTree)
        inner = next(key_tree.trees())
        key: Expression
        if inner.rule == "keyword":
            key = KeyName(start=inner.start, end=inner.end, name=cx.text[inner.start : inner.end])
        else:
            key = expression(cx, inner)
            if isinstance(key, Name | Bool | Null):
                key = KeyName(start=key.start, end=key.end, name=cx.text[key.start : key.end])
        value = expression(cx, value_tree)
        items.append(ObjectItem(start=key.start, end=value.end, key=key, value=value))
    return ObjectCons(start=tree.start, end=tree.end, items=tuple(items))


def _for(cx: Conversion, tree: LarkTree) -> Expression:
    intro = next(tree.trees("for_intro"))
    names = [cx.text[part.start : part.end] for part in intro.parts if _is_name(part)]
    collection = expression(cx, list(intro.trees())[-1])
    condition_tree = next(tree.trees("for_cond"), None)
    condition = expression(cx, next(condition_tree.trees())) if condition_tree else None
    values = [expression(cx, part) for part in tree.trees() if part.rule not in ("for_intro", "for_cond")]
    start, end = tree.start, tree.end
    key_name = names[0] if len(names) > 1 else None
    if tree.rule == "for_tuple_expr":
        return ForTuple(
            start=start,
            end=end,
            key_name=key_name,
            value_name=names[-1],
            collection=collection,
            value=values[0],
            condition=condition,
        )
    return ForObject(
        start=start,
        end=end,
        key_name=key_name,
        value_name=names[-1],
        collection=collection,
        key=values[0],
        value=values[1],
        condition=condition,
        grouping=tree.has("ELLIPSIS"),
    )


def _is_name(part: Part) -> bool:
    return isinstance(part, LarkTree) and part.rule == "identifier"


def _string(cx: Conversion, tree: LarkTree) -> Expression:
    return string(cx, tree, expression)


def _heredoc(cx: Conversion, tree: LarkTree) -> Expression:
    return heredoc(cx, tree, expression)


_CONVERTERS: Final[dict[str, Callable[[Conversion, LarkTree], Expression]]] = {
    "identifier": _identifier,
    "literal_value": _literal,
    "int_lit": _number,
    "float_lit": _number,
    "unary_op": _unary,
    "binary_op": _binary,
    "conditional": _conditional,
    "function_call": _call,
    "tuple": _tuple,
    "object": _object,
    "for_tuple_expr": _for,
    "for_object_expr": _for,
    "string": _string,
    "heredoc_template": _heredoc,
    "heredoc_template_trim": _heredoc,
}
