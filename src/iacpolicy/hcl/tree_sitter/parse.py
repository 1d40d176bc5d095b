"""The default parser: conversion of tree-sitter-hcl's tree to the syntax tree."""

import tree_sitter

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import Body, File
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.tree_sitter import node_types
from iacpolicy.hcl.tree_sitter.bodies import body
from iacpolicy.hcl.tree_sitter.comments import comments
from iacpolicy.hcl.tree_sitter.masking import masked, second_view


def parse_native(source: SourceFile) -> tuple[File, tuple[Diagnostic, ...]]:
    """Parse HCL's native syntax; a diagnostic reports each part that cannot be read, and the rest is read."""
    shown = masked(source.text)
    root = syntax_root(shown)
    cx = Conversion(source)
    if root.has_error:
        again = second_view(shown)
        root = syntax_root(again) if again is not None else root
        if root.has_error:
            from iacpolicy.hcl.tree_sitter.recovery import recover  # only for files with an error

            return recover(source, shown, cx)
    return File(path=source.path, body=file_body(cx, root), comments=comments(cx, root)), cx.problems


def syntax_root(shown: bytes) -> tree_sitter.Node:
    """Return the root of tree-sitter's tree for a masked text."""
    return tree_sitter.Parser(node_types.LANGUAGE).parse(shown).root_node


def file_body(cx: Conversion, root: tree_sitter.Node) -> Body:
    """Return the body of a whole file."""
    inner = next((child for child in root.children if child.kind_id != node_types.COMMENT), None)
    if inner is not None and inner.kind_id == node_types.OBJECT:
        start = inner.start_byte
        cx.problem(
            start,
            start + 1,
            "Argument or block expected",
            "A file contains arguments and blocks, not an object. Put JSON into a file named .tf.json.",
        )
        inner = None
    return body(cx, inner, 0, len(cx.text))
