"""Queries over the syntax: keys, and the module, resource or file that an expression refers to."""

from collections.abc import Container
from posixpath import normpath

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import normalise
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl import ast
from iacpolicy.hcl.shared.text import decode_text, number_text, template_text
from iacpolicy.schemas.secret_names import words
from iacpolicy.secrets.flow.literals import ELEMENT, LiteralPiece, PathKey
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.function_facts import ArgumentFlow
from iacpolicy.terraform.language import OBJECTS, REPETITIONS, RESOURCES

# keys of the value in an object with `name` or `key`
VALUE_KEYS = words("value text content string_value plaintext secret secret_text")
FILE_FLOWS = frozenset({ArgumentFlow.FILE, ArgumentFlow.TEMPLATE, ArgumentFlow.TEMPLATE_FILE})
SHORTEST_NUMBER = 4


def key_of(node: ast.Expression, source: SourceFile) -> str | None:
    """Return the key of an object item, None if it is computed."""
    if isinstance(node, ast.KeyName):
        return node.name
    if isinstance(node, ast.Template):
        return template_text(node, source.text)
    return None


def index_key(node: ast.Expression, source: SourceFile) -> PathKey:
    """Return the key that an index selects."""
    if isinstance(node, ast.Number):
        digits = number_text(source.text, node)
        return int(digits) if digits.isdigit() and len(digits) < 9 else ELEMENT
    if isinstance(node, ast.Template):
        text = template_text(node, source.text)
        return ELEMENT if text is None else text
    return ELEMENT


def root_name(node: ast.Expression) -> str:
    """Return the first name of a reference; empty if there is none."""
    while isinstance(node, ast.GetAttr | ast.Index):
        node = node.target
    return node.name if isinstance(node, ast.Name) else ""


def called_module(target: ast.Expression) -> str | None:
    """Return the name of the call in `module.x` or `module.x[key]`."""
    while isinstance(target, ast.Index):
        target = target.target
    if isinstance(target, ast.GetAttr) and isinstance(target.target, ast.Name) and target.target.name == "module":
        return target.name
    return None


def referred_resource(target: ast.Expression) -> str | None:
    """Return the address within the module of `type.name`, `data.type.name` and their instances."""
    while isinstance(target, ast.Index):
        target = target.target
    if not isinstance(target, ast.GetAttr):
        return None
    inner = target.target
    if isinstance(inner, ast.Name):
        return None if inner.name in OBJECTS or inner.name in RESOURCES else f"{inner.name}.{target.name}"
    if isinstance(inner, ast.GetAttr) and isinstance(inner.target, ast.Name):
        return _address(inner.target.name, inner.name, target.name)
    return None


def _address(mode: str, type_: str, name: str) -> str | None:
    """Return the address of `mode.type.name`, in which `resource` is left out; None if the mode is none."""
    if mode not in RESOURCES:
        return None
    return f"{type_}.{name}" if mode == "resource" else f"{mode}.{type_}.{name}"


def whole_address(node: ast.GetAttr, bound: Container[str]) -> str | None:
    """Return the address of a whole resource or module call; None for other expressions and for names in `bound`."""
    target = node.target
    if isinstance(target, ast.Name):
        if target.name in bound or (target.name in OBJECTS and target.name != "module"):
            return None
        return f"{target.name}.{node.name}"
    if isinstance(target, ast.GetAttr) and isinstance(target.target, ast.Name):
        return _address(target.target.name, target.name, node.name)
    return None


def is_repeated(block: ConfigBlock) -> bool:
    """Return whether a block has `count` or `for_each`."""
    return any(name in block.attributes for name in REPETITIONS)


def path_of(node: ast.Expression, source: SourceFile, directory: str, root: str) -> str | None:
    """Return the path of a file that is written as a literal, with or without `path.module` or `path.root`."""
    if not isinstance(node, ast.Template):
        return None
    text = ""
    for part in node.parts:
        if isinstance(part, ast.Text):
            text += decode_text(source.text, part)
        elif (
            isinstance(part, ast.Interpolation)
            and isinstance(part.value, ast.GetAttr)
            and isinstance(part.value.target, ast.Name)
            and part.value.target.name == "path"
            and not text
        ):
            text = (directory or ".") if part.value.name == "module" else (root or ".")
        else:
            return None
    if text.startswith("/"):
        return None
    plain = isinstance(node.parts[0], ast.Text) if node.parts else False
    return normalise(normpath(f"{root or '.'}/{text}" if plain else text))


def literal_piece(part: ast.Text, template: ast.Template, source: SourceFile) -> LiteralPiece:
    """Return a literal text with its place, which begins a trace."""
    start, end = (part.start, part.end)
    whole = (template.start, template.end) if not template.heredoc else (start, end)
    trace = Origin(OriginKind.LITERAL, "", source, *whole)
    return LiteralPiece(
        decode_text(source.text, part), source, start, end, part.form, part.indent, template.heredoc, trace
    )


def number_piece(node: ast.Number, source: SourceFile) -> LiteralPiece:
    """Return a number as a literal; a short one has no place, because it cannot be a whole secret."""
    digits = number_text(source.text, node)
    if len(digits) < SHORTEST_NUMBER or source.text[node.start : node.end] != digits:
        return LiteralPiece(digits)
    trace = Origin(OriginKind.LITERAL, "", source, node.start, node.end)
    return LiteralPiece(digits, source, node.start, node.end, trace=trace)


def has_reference(node: ast.Expression) -> bool:
    """Return whether an expression has references, so that its value can differ between calls of its module."""
    from iacpolicy.hcl.visit import walk

    return any(isinstance(n, ast.Name | ast.Call) for n in walk(node))
