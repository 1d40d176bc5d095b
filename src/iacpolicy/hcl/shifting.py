"""Moves a syntax tree to other offsets."""

from collections.abc import Callable
from typing import Any, TypeVar

from iacpolicy.hcl.ast import Node

AnyNode = TypeVar("AnyNode", bound=Node)


def shifted(node: AnyNode, by: int) -> AnyNode:
    """The same tree with every offset moved."""
    return mapped(node, lambda offset: offset + by)


def mapped(node: AnyNode, offset: Callable[[int], int]) -> AnyNode:
    """The same tree with every offset replaced; nesting is as deep as the parser allowed, so recursion is bounded."""
    changes: dict[str, Any] = {}
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if name in _OFFSETS:
            changes[name] = offset(value)
        elif name == "label_starts":
            changes[name] = tuple([offset(start) for start in value])
        elif isinstance(value, Node):
            changes[name] = mapped(value, offset)
        elif isinstance(value, tuple):
            changes[name] = tuple([mapped(item, offset) if isinstance(item, Node) else item for item in value])
        else:
            changes[name] = value
    return type(node)(**changes)


_OFFSETS = frozenset({"start", "end", "name_end", "header_end"})
