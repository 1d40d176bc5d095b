"""Bodies, attributes and blocks from python-hcl2's tree."""

from iacpolicy.hcl.ast import Attribute, Block, Body
from iacpolicy.hcl.python_hcl2.expressions import expression
from iacpolicy.hcl.python_hcl2.tree import LarkTree, ParsedToken
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.shared.duplicates import without_duplicates
from iacpolicy.hcl.shared.text import unescape_quoted


def body(cx: Conversion, tree: LarkTree, start: int, end: int) -> Body:
    """Convert a `body`, or the `start` rule that holds one."""
    if tree.rule == "start":
        tree = next(tree.trees("body"))
    attributes = [_attribute(cx, part) for part in tree.trees("attribute")]
    blocks = [_block(cx, part) for part in tree.trees("block")]
    return Body(start=start, end=end, attributes=tuple(without_duplicates(cx, attributes)), blocks=tuple(blocks))


def _attribute(cx: Conversion, tree: LarkTree) -> Attribute:
    name, _, value = tree.parts
    result = expression(cx, value)
    return Attribute(
        start=name.start, end=result.end, name=cx.text[name.start : name.end], name_end=name.end, value=result
    )


def _block(cx: Conversion, tree: LarkTree) -> Block:
    names: list[str] = []
    starts: list[int] = []
    header_end = open_end = close_start = 0
    content: LarkTree | None = None
    for part in tree.parts:
        if isinstance(part, ParsedToken):
            if part.type == "LBRACE":
                open_end = part.end
            else:
                close_start = part.start
        elif part.rule == "body":
            content = part
        else:
            text = cx.text[part.start : part.end]
            names.append(unescape_quoted(text[1:-1]) if part.rule == "string" else text)
            starts.append(part.start)
            header_end = part.end
    assert content is not None
    return Block(
        start=starts[0],
        end=close_start + 1,
        type=names[0],
        labels=tuple(names[1:]),
        body=body(cx, content, open_end, close_start),
        header_end=header_end,
        label_starts=tuple(starts[1:]),
    )
