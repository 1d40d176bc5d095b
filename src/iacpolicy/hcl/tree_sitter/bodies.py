"""Bodies: attributes and blocks, from tree-sitter's nodes to ours, with the rules about lines that HCL has."""

from tree_sitter import Node as SyntaxNode

from iacpolicy.hcl.ast import Attribute, Block, Body
from iacpolicy.hcl.shared.conversion import MAX_DEPTH, Conversion
from iacpolicy.hcl.shared.duplicates import without_duplicates
from iacpolicy.hcl.shared.text import has_introducer, unescape_quoted
from iacpolicy.hcl.tree_sitter import node_types
from iacpolicy.hcl.tree_sitter.expressions import expression
from iacpolicy.hcl.tree_sitter.templates import check_quoted


def body(cx: Conversion, node: SyntaxNode | None, start: int, end: int, depth: int = 0) -> Body:
    """Convert the text between two offsets: a file, or the content of a block's braces."""
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    if node is None:
        return Body(start=start, end=end, attributes=(), blocks=())
    if depth > MAX_DEPTH:
        cx.too_deep(node)
        return Body(start=start, end=end, attributes=(), blocks=())
    first_start = 0
    previous_end = -1
    in_block = depth > 0
    items = [child for child in node.children if child.kind_id != node_types.COMMENT]
    for item in items:
        item_start = item.start_byte
        if previous_end < 0:
            first_start = item_start
        elif not cx.breaks_line(previous_end, item_start):
            _report_two_on_a_line(cx, item_start, in_block)
        previous_end = item.end_byte
        if item.kind_id == node_types.ATTRIBUTE:
            attributes.append(_attribute(cx, item, depth))
        else:
            blocks.append(_block(cx, item, depth))
    if in_block and items:
        _check_braces(cx, items, (start, first_start), (previous_end, end))
    if len(attributes) > 1:
        attributes = without_duplicates(cx, attributes)
    return Body(start=start, end=end, attributes=tuple(attributes), blocks=tuple(blocks))


def _attribute(cx: Conversion, node: SyntaxNode, depth: int) -> Attribute:
    parts = node.children
    if len(parts) > 3:
        parts = [part for part in parts if part.kind_id != node_types.COMMENT]
    name, _, value = parts
    start, end = node.start_byte, node.end_byte
    lines = cx.text.find("\n", start, end) >= 0
    if lines:
        cx.require_one_line(parts, "beside the = of an argument")
    name_end = name.end_byte
    return Attribute(
        start=start,
        end=end,
        name=_plain_name(cx, start, name_end),
        name_end=name_end,
        value=expression(cx, value, depth + 1, lines),
    )


def _block(cx: Conversion, node: SyntaxNode, depth: int) -> Block:
    type_end = header_end = -1
    labels: list[str] = []
    label_starts: list[int] = []
    inner: SyntaxNode | None = None
    open_end = close_start = 0
    for child in node.children:
        kind = child.kind_id
        start = child.start_byte
        if kind == node_types.IDENTIFIER:
            end = header_end = child.end_byte
            if type_end < 0:
                type_end = end
            else:
                labels.append(_plain_name(cx, start, end))
                label_starts.append(start)
        elif kind == node_types.STRING:
            header_end = child.end_byte
            labels.append(_label(cx, start, header_end))
            label_starts.append(start)
        elif kind == node_types.BLOCK_START:
            open_end = child.end_byte
            if cx.breaks_line(node.start_byte, start):
                cx.problem(
                    header_end,
                    header_end + 1,
                    "Line ends within a block's header",
                    "The type, the labels and the opening brace { of a block must be on one line. Move the brace up.",
                )
        elif kind == node_types.BODY:
            inner = child
        elif kind == node_types.BLOCK_END:
            close_start = start
    start = node.start_byte
    return Block(
        start=start,
        end=node.end_byte,
        type=_plain_name(cx, start, type_end),
        labels=tuple(labels),
        body=body(cx, inner, open_end, close_start, depth + 1),
        header_end=header_end,
        label_starts=tuple(label_starts),
    )


def _label(cx: Conversion, start: int, end: int) -> str:
    raw = cx.text[start + 1 : end - 1]
    if "\n" in raw:
        check_quoted(cx, start, end)
    if "{" in raw and has_introducer(raw):
        cx.problem(
            start,
            end,
            "Label with an interpolation",
            "The labels of a block are fixed text. Write the name out, or use for_each for several instances.",
        )
    return unescape_quoted(raw)


def _plain_name(cx: Conversion, start: int, end: int) -> str:
    name = cx.text[start:end]
    if "::" in name:
        cx.problem(
            start,
            end,
            "Name with ::",
            f"{name} is no name for an argument, a block or a label; :: belongs to calls of a provider's functions.",
        )
    return name


def _check_braces(cx: Conversion, items: list[SyntaxNode], opening: tuple[int, int], closing: tuple[int, int]) -> None:
    """Report braces that break the rule: both have a line end beside them, or the block is one argument on one line."""
    ends_line = cx.breaks_line(*closing)
    if cx.breaks_line(*opening):
        if not ends_line:
            cx.problem(
                closing[1],
                closing[1] + 1,
                "Brace on the line of an argument",
                "The closing brace } of a block of several lines must be on a line of its own. Move it down.",
            )
    elif len(items) > 1 or items[0].kind_id != node_types.ATTRIBUTE or ends_line:
        cx.problem(
            opening[1],
            opening[1] + 1,
            "Content on the line of an opening brace",
            "Only a block of a single argument may be written on one line. Put a line end after the opening brace {.",
        )


def _report_two_on_a_line(cx: Conversion, start: int, in_block: bool) -> None:
    cx.problem(
        start,
        start + 1,
        "Two definitions on one line",
        "An argument or block begins on the line of the one before it. Put a line end between them"
        + (", also in a block of one line, which contains one argument at most." if in_block else "."),
    )
