"""What the syntax alone says: keys, steps, which module or resource a reference means, which file a call reads."""

from collections.abc import Container
from posixpath import normpath

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import normalise
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl import ast
from iacpolicy.hcl.shared.text import decode_text, number_text, template_text
from iacpolicy.schemas.secret_names import words
from iacpolicy.secrets.flow.pieces import ELEMENT, Piece, Step
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.function_facts import ArgumentFlow

# in an object with a `name` or `key` beside it, these hold what is named
NAMED_BESIDE = words("value text content string_value plaintext secret secret_text")
READING = frozenset({ArgumentFlow.FILE, ArgumentFlow.TEMPLATE, ArgumentFlow.TEMPLATE_FILE})
SHORTEST_NUMBER = 4
_ROOTS = frozenset({"var", "local", "module", "data", "ephemeral", "path", "terraform", "each", "count", "self"})


def key_of(node: ast.Expression, source: SourceFile) -> str | None:
    """The key that an object item is written with, None where it is computed."""
    if isinstance(node, ast.KeyName):
        return node.name
    if isinstance(node, ast.Template):
        return template_text(node, source.text)
    return None


def step_of(node: ast.Expression, source: SourceFile) -> Step:
    """The step that an index means."""
    if isinstance(node, ast.Number):
        digits = number_text(source.text, node)
        return int(digits) if digits.isdigit() and len(digits) < 9 else ELEMENT
    if isinstance(node, ast.Template):
        text = template_text(node, source.text)
        return ELEMENT if text is None else text
    return ELEMENT


def root_name(node: ast.Expression) -> str:
    """The first name of a reference; empty where there is none."""
    while isinstance(node, ast.GetAttr | ast.Index):
        node = node.target
    return node.name if isinstance(node, ast.Name) else ""


def called_module(target: ast.Expression) -> str | None:
    """The call that `module.x` or `module.x[key]` means."""
    while isinstance(target, ast.Index):
        target = target.target
    if isinstance(target, ast.GetAttr) and isinstance(target.target, ast.Name) and target.target.name == "module":
        return target.name
    return None


def referred_resource(target: ast.Expression) -> str | None:
    """The address within the module that `type.name`, `data.type.name` and their instances mean."""
    while isinstance(target, ast.Index):
        target = target.target
    if not isinstance(target, ast.GetAttr):
        return None
    inner = target.target
    if isinstance(inner, ast.Name):
        return None if inner.name in _ROOTS else f"{inner.name}.{target.name}"
    if (
        isinstance(inner, ast.GetAttr)
        and isinstance(inner.target, ast.Name)
        and inner.target.name in ("data", "ephemeral")
    ):
        return f"{inner.target.name}.{inner.name}.{target.name}"
    return None


def whole_address(node: ast.GetAttr, bound: Container[str]) -> str | None:
    """The address within the module that an expression means as a whole, if nothing in `bound` is meant."""
    target = node.target
    if isinstance(target, ast.Name):
        if target.name in bound or target.name in ("var", "local", "each", "path", "terraform", "count", "self"):
            return None
        return f"{target.name}.{node.name}"
    if isinstance(target, ast.GetAttr) and isinstance(target.target, ast.Name):
        mode = target.target.name
        return f"{mode}.{target.name}.{node.name}" if mode in ("data", "ephemeral") else None
    return None


def is_repeated(block: ConfigBlock) -> bool:
    """Whether a block has several instances."""
    return "count" in block.attributes or "for_each" in block.attributes


def path_of(node: ast.Expression, source: SourceFile, directory: str, root: str) -> str | None:
    """The file of the repository that a path means, written plainly or with `path.module` or `path.root`."""
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


def literal_piece(part: ast.Text, template: ast.Template, source: SourceFile) -> Piece:
    """A piece of literal text with its place, as the beginning of a way."""
    start, end = (part.start, part.end)
    whole = (template.start, template.end) if not template.heredoc else (start, end)
    way = Origin(OriginKind.LITERAL, "", source, *whole)
    return Piece(decode_text(source.text, part), source, start, end, part.form, part.indent, template.heredoc, way)


def number_piece(node: ast.Number, source: SourceFile) -> Piece:
    """A number as a literal; a short one has no place, for it is part of a secret at most."""
    digits = number_text(source.text, node)
    if len(digits) < SHORTEST_NUMBER or source.text[node.start : node.end] != digits:
        return Piece(digits)
    way = Origin(OriginKind.LITERAL, "", source, node.start, node.end)
    return Piece(digits, source, node.start, node.end, way=way)


def has_reference(node: ast.Expression) -> bool:
    """Whether an expression refers to anything, so that it can mean something else in another call of its module."""
    from iacpolicy.hcl.visit import walk

    return any(isinstance(n, ast.Name | ast.Call) for n in walk(node))
