"""A syntax tree as plain data for people and tests: kind, place, names, literals as text, and what is inside."""

from typing import Any

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import File, Node, Number, Text
from iacpolicy.hcl.shared.text import decode_text, number_text

_LEFT_OUT = frozenset({"start", "end", "name_end", "header_end", "label_starts", "form", "indent", "at_line_start"})


def dump(file: File, source: SourceFile) -> dict[str, Any]:
    """Return the tree of a file, ready for JSON; the parser's depth bound limits the recursion."""
    return {"path": file.path, "body": dump_node(file.body, source)}


def dump_node(node: Node, source: SourceFile) -> dict[str, Any]:
    """Return the tree under one node; fields that are absent, empty or false are left out."""
    line, column = source.position(node.start)
    shown: dict[str, Any] = {"kind": type(node).__name__, "line": line, "column": column}
    if isinstance(node, Text):
        shown["text"] = decode_text(source.text, node)
        return shown
    if isinstance(node, Number):
        shown["text"] = number_text(source.text, node)
        return shown
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if name in _LEFT_OUT or value is None or (value is False and name != "value") or value == ():
            continue
        if isinstance(value, Node):
            shown[name] = dump_node(value, source)
        elif isinstance(value, tuple):
            shown[name] = [dump_node(item, source) if isinstance(item, Node) else item for item in value]
        else:
            shown[name] = value
    return shown
