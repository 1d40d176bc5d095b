"""The comments of a file."""

from functools import cache

import tree_sitter

from iacpolicy.hcl.ast import Comment
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.tree_sitter import node_types


@cache
def _query() -> tree_sitter.Query:
    return tree_sitter.Query(node_types.LANGUAGE, "(comment) @comment")


def comments(cx: Conversion, root: tree_sitter.Node) -> tuple[Comment, ...]:
    """Return the comments of a tree in the order of the text, without line ends."""
    text = cx.text
    if "#" not in text and "//" not in text and "/*" not in text:
        return ()
    position = cx.source.position
    found = tree_sitter.QueryCursor(_query()).captures(root).get("comment", [])
    return tuple(
        [
            Comment(
                start=node.start_byte,
                end=node.end_byte - text.startswith("\r", node.end_byte - 1),
                line=position(node.start_byte)[0],
            )
            for node in sorted(found, key=lambda node: node.start_byte)
        ]
    )
