"""Expression trees on one line, to show their grouping in tests."""

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import Node
from iacpolicy.hcl.dump import dump_node
from iacpolicy.hcl.parse import parse_expression


def shape(text: str) -> str:
    """The tree of an expression as nested parentheses: kind, names and operators, children."""
    source = SourceFile("expression", text)
    node, problems = parse_expression(source)
    assert problems == (), problems
    return node_shape(node, source)


def node_shape(node: Node, source: SourceFile) -> str:
    """The tree of a node as nested parentheses."""
    return _shape(dump_node(node, source))


def _shape(shown: object) -> str:
    if isinstance(shown, dict):
        inner = [_shape(value) for name, value in shown.items() if name not in ("kind", "line", "column")]
        return f"({' '.join([shown['kind'], *inner])})" if inner else str(shown["kind"])
    if isinstance(shown, list):
        return "[" + " ".join(_shape(item) for item in shown) + "]"
    return str(shown)
