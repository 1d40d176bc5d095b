"""Quoted strings and heredocs with their interpolations and directives: from tree-sitter's nodes to ours.

The grammar's own literal nodes omit white space, so literal text is the text between the other parts. A template is
first converted to a flat list of parts, as in Terraform's scanner. Strip markers and the removal of indentation apply
to neighbours in this list, whatever the nesting of directives is. Then the nesting is built from the list.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from tree_sitter import Node as SyntaxNode

from iacpolicy.hcl.ast import (
    Expression,
    Interpolation,
    Invalid,
    Template,
    TemplatePart,
    TemplateWrap,
)
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.shared.directives import OpenDirective
from iacpolicy.hcl.shared.literals import TemplateRange, pieces
from iacpolicy.hcl.shared.text import has_introducer, impossible_escapes
from iacpolicy.hcl.tree_sitter import node_types
from iacpolicy.hcl.tree_sitter.objects import for_intro

Recurse: TypeAlias = Callable[[Conversion, SyntaxNode, int, bool], Expression]


def template(cx: Conversion, node: SyntaxNode, depth: int, recurse: Recurse) -> Template | TemplateWrap:
    """Convert a `quoted_template` or a `heredoc_template` node."""
    start, end = node.start_byte, node.end_byte
    children = node.children
    if node.kind_id == node_types.HEREDOC:
        return _heredoc(cx, node, children, depth, recurse)
    inner = children[1:-1]
    if len(inner) == 1 and inner[0].kind_id == node_types.INTERPOLATION:
        only = inner[0]
        if only.start_byte == start + 1 and only.end_byte == end - 1:
            return TemplateWrap(start=start, end=end, value=_interpolated(cx, only, depth, recurse))
    row = _row(cx, inner, start + 1, end - 1)
    for text_range in row:
        if text_range.node is None:
            check_quoted(cx, text_range.start, text_range.end)
    parts = _build(cx, row, pieces(cx.text, row, cx.quoted_form, flush=False), depth, recurse)
    return Template(start=start, end=end, parts=parts)


def bare_parts(
    cx: Conversion, nodes: Sequence[SyntaxNode], start: int, end: int, depth: int, recurse: Recurse
) -> Template | TemplateWrap:
    """Build the template of a range of text without delimiters."""
    row = _row(cx, nodes, start, end)
    if len(row) == 1 and row[0].node is not None and row[0].node.kind_id == node_types.INTERPOLATION:
        return TemplateWrap(start=start, end=end, value=_interpolated(cx, row[0].node, depth, recurse))
    parts = _build(cx, row, pieces(cx.text, row, cx.bare_form, flush=False), depth, recurse)
    return Template(start=start, end=end, parts=parts)


def check_quoted(cx: Conversion, start: int, end: int) -> None:
    """Report invalid characters in the literal text of a quoted string."""
    text = cx.text
    at = text.find("\n", start, end)
    if at >= 0:
        cx.problem(
            start,
            at,
            "Quoted string does not end on its line",
            "A string in quotes ends on the line where it begins. Close it, write \\n, or use a heredoc (<<EOT).",
        )
    elif (at := text.find("\r", start, end)) >= 0:
        check_carriage_return(cx, at, end)
    if cx.has_unicode_escapes:
        for place, length in impossible_escapes(text[start:end]):
            cx.problem(
                start + place,
                start + place + length,
                "Escape of no character",
                "The number of this escape is no character of Unicode (surrogates are none). Write the code point.",
            )


def check_carriage_return(cx: Conversion, at: int, end: int) -> None:
    """Report a carriage return that is no part of a line end."""
    text = cx.text
    while at >= 0 and text.startswith("\r\n", at):
        at = text.find("\r", at + 1, end)
    if at >= 0:
        cx.problem(
            at, at + 1, "Carriage return in a string", "Write \\r in quotes in place of the character, or remove it."
        )


def _heredoc(
    cx: Conversion, node: SyntaxNode, children: Sequence[SyntaxNode], depth: int, recurse: Recurse
) -> Template:
    text = cx.text
    opening, closing = children[1], children[-1]
    line_end = text.find("\n", opening.end_byte)
    after_marker = text[opening.end_byte : line_end].removesuffix("\r")
    if after_marker or opening.start_byte != children[0].end_byte or opening.start_byte == opening.end_byte:
        cx.problem(
            node.start_byte,
            line_end,
            "Heredoc marker is not alone",
            "A heredoc begins with << or <<-, a name right after it, and the end of the line. "
            "Move what follows the name to the next line.",
        )
    start = line_end + 1
    end = max(text.rfind("\n", start - 1, closing.start_byte) + 1, start)
    row = _row(cx, children[2:-1], start, end)
    for text_range in row:
        if (
            text_range.node is None
            and "\r" in text
            and (alone := text.find("\r", text_range.start, text_range.end)) >= 0
        ):
            check_carriage_return(cx, alone, text_range.end)
        # The grammar's scanner takes the character after a marker at a line's start as a literal, whatever it is.
        if text_range.node is None and has_introducer(text[text_range.start : text_range.end]):
            cx.problem(
                text_range.start,
                text_range.end,
                "Heredoc could not be read",
                "A line that begins with the heredoc's own end marker continues with an interpolation. "
                "Choose another marker.",
            )
    flush = children[0].end_byte - children[0].start_byte == len("<<-")
    parts = _build(cx, row, pieces(text, row, cx.bare_form, flush), depth, recurse)
    return Template(start=node.start_byte, end=node.end_byte, parts=parts, heredoc=True)


def _row(cx: Conversion, nodes: Sequence[SyntaxNode], start: int, end: int) -> list[TemplateRange[SyntaxNode]]:
    """Return the parts of a template in order: literal ranges, interpolations, and the tags of directives."""
    row: list[TemplateRange[SyntaxNode]] = []
    at = start
    strip = False
    for node in _tags(nodes):
        node_start, node_end = node.start_byte, node.end_byte
        inside = node.children
        strip_before = inside[1].kind_id == node_types.STRIP_MARKER
        if node_start > at:
            row.append(TemplateRange(at, node_start, None, strip, strip_before))
        row.append(TemplateRange(node_start, node_end, node))
        strip = inside[-2].kind_id == node_types.STRIP_MARKER
        if (strip_before and inside[1].start_byte != node_start + 2) or (strip and inside[-2].end_byte != node_end - 1):
            cx.problem(
                node_start,
                node_end,
                "Strip marker after a space",
                "The ~ of a strip marker must be directly after the opening brace or directly before the closing one. "
                "Remove the space.",
            )
        at = node_end
    if end > at:
        row.append(TemplateRange(at, end, None, strip, False))
    return row


def _tags(nodes: Sequence[SyntaxNode]) -> Iterator[SyntaxNode]:
    pending = list(reversed(nodes))
    while pending:
        node = pending.pop()
        kind = node.kind_id
        if kind in (node_types.DIRECTIVE, node_types.TEMPLATE_FOR, node_types.TEMPLATE_IF):
            pending.extend(reversed(node.children))
        elif kind not in (node_types.TEMPLATE_LITERAL, node_types.COMMENT):
            yield node


def _build(
    cx: Conversion,
    row: Sequence[TemplateRange[SyntaxNode]],
    literals: dict[int, tuple[TemplatePart, ...]],
    depth: int,
    recurse: Recurse,
) -> tuple[TemplatePart, ...]:
    parts: list[TemplatePart] = []
    current = parts
    opened: list[OpenDirective] = []
    for text_range in row:
        node = text_range.node
        if node is None:
            current.extend(literals[text_range.start])
            continue
        kind = node.kind_id
        inner_depth = depth + len(opened) + 1
        if kind == node_types.INTERPOLATION:
            value = _interpolated(cx, node, inner_depth, recurse)
            current.append(Interpolation(start=text_range.start, end=text_range.end, value=value))
        elif kind == node_types.FOR_START:
            key, name, collection = for_intro(cx, node, inner_depth, recurse)
            opened.append(OpenDirective(text_range.start, (key, name), collection))
            current = opened[-1].branches[-1]
        elif kind == node_types.IF_INTRO:
            cx.require_word_end(next(child for child in node.children if child.kind_id in node_types.KEYWORDS))
            condition = next(child for child in node.children if child.kind_id == node_types.EXPRESSION)
            opened.append(OpenDirective(text_range.start, None, recurse(cx, condition, inner_depth, False)))
            current = opened[-1].branches[-1]
        elif kind == node_types.ELSE_INTRO:
            opened[-1].branches.append([])
            current = opened[-1].branches[-1]
        else:
            directive = opened.pop().closed(text_range.end)
            current = opened[-1].branches[-1] if opened else parts
            current.append(directive)
    return tuple(parts)


def _interpolated(cx: Conversion, node: SyntaxNode, depth: int, recurse: Recurse) -> Expression:
    for child in node.children:
        if child.kind_id == node_types.EXPRESSION:
            return recurse(cx, child, depth, False)
    start, end = node.start_byte, node.end_byte
    cx.problem(
        start,
        end,
        "Interpolation is empty",
        "${ } contains no expression. Write one, or write $${ for the characters themselves.",
    )
    return Invalid(start=start, end=end)
