"""Expressions that are read from the syntax alone.

Arguments that take references and no values (`depends_on`, `provider`, `providers`) may also have strings, which JSON
always has. The argument of `jsonencode` is the document that the call encodes.
"""

from collections.abc import Iterator

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.parse import parse_expression
from iacpolicy.hcl.shared.shifting import shifted
from iacpolicy.hcl.shared.text import template_text
from iacpolicy.terraform.blocks import Argument
from iacpolicy.terraform.function_facts import bare_name


def written(node: ast.Expression, source: SourceFile) -> ast.Expression:
    """Return the expression of an argument; a string is parsed as an expression."""
    if not isinstance(node, ast.Template):
        return node
    text = template_text(node, source.text)
    if text is None or not text.strip():
        return node
    expression, problems = parse_expression(SourceFile(source.path, text))
    return node if problems else shifted(expression, node.parts[0].start)


def static_items(argument: Argument) -> Iterator[ast.Expression]:
    """Yield the items of a list of references; nothing where it is no list."""
    if isinstance(argument.value, ast.TupleCons):
        for item in argument.value.items:
            yield written(item, argument.source)


def encoded_document(node: ast.Expression | None) -> ast.Expression | None:
    """Return the argument of `jsonencode(...)`, None for any other expression."""
    while isinstance(node, ast.Parens):
        node = node.value
    if not isinstance(node, ast.Call) or bare_name(node.name) != "jsonencode":
        return None
    return node.arguments[0] if len(node.arguments) == 1 and not node.expand_final else None


def is_traversal(node: ast.Expression) -> bool:
    """Report whether an expression is one name with attributes and literal indexes only."""
    while True:
        if isinstance(node, ast.Name):
            return True
        if isinstance(node, ast.Index) and isinstance(node.key, ast.Number | ast.Template):
            if isinstance(node.key, ast.Template) and not all(isinstance(p, ast.Text) for p in node.key.parts):
                return False
        elif not isinstance(node, ast.GetAttr):
            return False
        node = node.target
