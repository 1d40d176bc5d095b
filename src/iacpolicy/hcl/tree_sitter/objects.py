"""Objects and `for` expressions: from tree-sitter's nodes to ours."""

from collections.abc import Callable
from typing import TypeAlias

from tree_sitter import Node as SyntaxNode

from iacpolicy.hcl.ast import Bool, Expression, ForObject, ForTuple, KeyName, Name, Null, ObjectCons, ObjectItem
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.shared.lexing import COMMENT
from iacpolicy.hcl.tree_sitter import node_types

Recurse: TypeAlias = Callable[[Conversion, SyntaxNode, int, bool], Expression]


def object_constructor(cx: Conversion, node: SyntaxNode, depth: int, recurse: Recurse) -> ObjectCons:
    """Convert an `object` node; items are set apart by a comma or by the end of a line."""
    items: list[ObjectItem] = []
    previous_end = -1
    for child in node.children:
        if child.kind_id != node_types.OBJECT_ITEM:
            continue
        start, end = child.start_byte, child.end_byte
        if previous_end >= 0:
            _check_separator(cx, previous_end, start)
        previous_end = end
        lines = cx.text.find("\n", start, end) >= 0
        parts = child.children
        if len(parts) > 3:
            parts = [part for part in parts if part.kind_id != node_types.COMMENT]
        if lines:
            cx.require_one_line(parts, "between a key and its value")
        key = recurse(cx, parts[0], depth, lines)
        if isinstance(key, Name):
            key = KeyName(start=key.start, end=key.end, name=key.name)
        elif isinstance(key, Bool | Null):
            key = KeyName(start=key.start, end=key.end, name=cx.text[key.start : key.end])
        items.append(ObjectItem(start=start, end=end, key=key, value=recurse(cx, parts[2], depth, lines)))
    if previous_end >= 0:
        _check_separator(cx, previous_end, node.end_byte - 1, last=True)
    return ObjectCons(start=node.start_byte, end=node.end_byte, items=tuple(items))


def _check_separator(cx: Conversion, end: int, start: int, last: bool = False) -> None:
    """Report an item that does not end at a comma, a line's end or the brace; a comma on the next line is refused."""
    between = cx.text[end:start]
    if "#" in between or "/" in between:
        between = COMMENT.sub("", between)
    before, comma, _ = between.partition(",")
    if not comma:
        if not last and "\n" not in before:
            cx.problem(
                start,
                start + 1,
                "Object items are not set apart",
                "Two items of an object are on one line without a comma. Put a comma or a line end between them.",
            )
    elif "\n" in before:
        at = cx.text.find(",", end, start)
        cx.problem(
            at,
            at + 1,
            "Comma at the start of a line",
            "The line end has already closed the item before this comma. Put the comma at the end of that line.",
        )


def for_expression(cx: Conversion, node: SyntaxNode, depth: int, recurse: Recurse) -> ForTuple | ForObject:
    """Convert a `for_tuple_expr` or a `for_object_expr` node."""
    key_name: str | None = None
    value_name = ""
    collection: Expression | None = None
    condition: Expression | None = None
    grouping = False
    values: list[Expression] = []
    for child in node.children:
        kind = child.kind_id
        if kind == node_types.FOR_INTRO:
            key_name, value_name, collection = for_intro(cx, child, depth, recurse)
        elif kind == node_types.EXPRESSION:
            values.append(recurse(cx, child, depth, False))
        elif kind == node_types.FOR_CONDITION:
            cx.require_word_end(child.children[0])
            condition = next(
                recurse(cx, part, depth, False) for part in child.children if part.kind_id == node_types.EXPRESSION
            )
        elif kind == node_types.ELLIPSIS:
            grouping = True
    assert collection is not None
    start, end = node.start_byte, node.end_byte
    if node.kind_id == node_types.FOR_TUPLE:
        return ForTuple(
            start=start,
            end=end,
            key_name=key_name,
            value_name=value_name,
            collection=collection,
            value=values[0],
            condition=condition,
        )
    return ForObject(
        start=start,
        end=end,
        key_name=key_name,
        value_name=value_name,
        collection=collection,
        key=values[0],
        value=values[1],
        condition=condition,
        grouping=grouping,
    )


def for_intro(cx: Conversion, node: SyntaxNode, depth: int, recurse: Recurse) -> tuple[str | None, str, Expression]:
    """Return the names that a `for` binds, and its collection."""
    names: list[str] = []
    collection: Expression | None = None
    for child in node.children:
        if child.kind_id == node_types.IDENTIFIER:
            names.append(cx.text[child.start_byte : child.end_byte])
        elif child.kind_id == node_types.EXPRESSION:
            collection = recurse(cx, child, depth, False)
        elif child.kind_id in node_types.KEYWORDS:
            cx.require_word_end(child)
    assert collection is not None
    return (names[0] if len(names) > 1 else None), names[-1], collection
