"""Traversal of a syntax tree."""

from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import Final, cast

from iacpolicy.hcl import ast
from iacpolicy.hcl.ast import Node

# The fields of each node that hold nodes, from the annotations: (single nodes, tuples of nodes).
_SINGLE: Final = frozenset(
    {
        "value",
        "condition",
        "collection",
        "target",
        "key",
        "each",
        "operand",
        "left",
        "right",
        "then",
        "otherwise",
        "body",
    }
)
_TUPLES: Final = frozenset({"parts", "arguments", "items", "attributes", "blocks"})


def _fields(kind: type[Node]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = kind.__struct_fields__
    tuples = set(_TUPLES)
    if kind is ast.IfDirective:
        tuples |= {"then", "otherwise"}
    if kind is ast.ForDirective:
        tuples |= {"body"}
    single = tuple(
        name for name in names if name in _SINGLE and name not in tuples and not (kind is ast.Bool and name == "value")
    )
    return single, tuple(name for name in names if name in tuples)


_FIELDS: Final = {
    kind: _fields(kind)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, Node) and kind is not Node
}

_start: Final = attrgetter("start")


def children(node: Node) -> list[Node]:
    """Return the nodes directly under a node, in the order of the grammar."""
    single, tuples = _FIELDS[type(node)]
    found: list[Node] = []
    for name in single:
        child = getattr(node, name)
        if child is not None:
            found.append(child)
    for name in tuples:
        found.extend(getattr(node, name))
    return found


def child_at(node: Node, offset: int) -> Node | None:
    """Return the child of a node that contains an offset, by binary search, because a file may have thousands."""
    single, tuples = _FIELDS[type(node)]
    for name in single:
        child = getattr(node, name)
        if child is not None and child.start <= offset < child.end:
            return cast("Node", child)
    for name in tuples:
        items: tuple[Node, ...] = getattr(node, name)
        at = bisect_right(items, offset, key=_start) - 1
        if at >= 0 and offset < items[at].end:
            return items[at]
    return None


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes under it, parents first, without recursion."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        single, tuples = _FIELDS[type(node)]
        for name in tuples:
            pending.extend(reversed(getattr(node, name)))
        for name in reversed(single):
            child = getattr(node, name)
            if child is not None:
                pending.append(child)
