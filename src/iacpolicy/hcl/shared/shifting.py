"""Copies of a syntax tree at other offsets."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from iacpolicy.hcl.ast import Node

AnyNode = TypeVar("AnyNode", bound=Node)

_OFFSETS = frozenset({"start", "end", "name_end", "header_end"})


def shifted(node: AnyNode, by: int) -> AnyNode:
    """Return the same tree with every offset moved."""
    return mapped(node, by.__add__)


def mapped(node: AnyNode, offset: Callable[[int], int]) -> AnyNode:
    """Return the same tree with every offset replaced; the parser's depth bound limits the recursion."""
    kind = type(node)
    offsets, others = _fields(kind)
    changes: dict[str, Any] = {name: offset(getattr(node, name)) for name in offsets}
    for name in others:
        value = getattr(node, name)
        if isinstance(value, Node):
            value = mapped(value, offset)
        elif type(value) is tuple:
            if name == "label_starts":
                value = tuple([offset(start) for start in value])
            else:
                value = tuple([mapped(item, offset) if isinstance(item, Node) else item for item in value])
        changes[name] = value
    return kind(**changes)


@cache
def _fields(kind: type[Node]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields of a kind of node that are offsets, and the others."""
    names = kind.__struct_fields__
    return tuple(n for n in names if n in _OFFSETS), tuple(n for n in names if n not in _OFFSETS)
