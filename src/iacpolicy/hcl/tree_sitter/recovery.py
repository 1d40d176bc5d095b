"""Recovery from a syntax error: the file is read block by block, and broken parts are reported.

tree-sitter's own recovery may skip the rest of a file after one missing brace. A top-level block almost always begins
in the first column, and little else does. So a broken file is cut at such lines, and each part is parsed at its own
offsets. Only the parts with an error are lost.
"""

import re
from typing import Final

import tree_sitter

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import Attribute, Block, Body, Comment, File
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.shared.lexing import HEREDOC_START, heredoc_end
from iacpolicy.hcl.tree_sitter import node_types
from iacpolicy.hcl.tree_sitter.bodies import body
from iacpolicy.hcl.tree_sitter.comments import comments as comments_of
from iacpolicy.hcl.tree_sitter.diagnosis import diagnose

MAX_PARTS: Final = 20_000

# The start of a definition in the first column, and the end of one there.
_BOUNDARY: Final = lazy_pattern(
    r'^[A-Za-z_][\w-]*(?:(?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*[ \t]*\{|[ \t]*=(?!=))|^\}[ \t\r]*\n',
    re.ASCII | re.MULTILINE,
)


def recover(source: SourceFile, shown: bytes, cx: Conversion) -> tuple[File, tuple[Diagnostic, ...]]:
    """Parse the top-level parts of a broken file one by one."""
    text = shown.decode("ascii")
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    comments: list[Comment] = []
    for start, end in _parts(text):
        root = _parse_part(source, shown, start, end)
        comments.extend(comments_of(cx, root))
        if root.has_error:
            diagnose(cx, text, start, end)
            continue
        inner = next((child for child in root.children if child.kind_id != node_types.COMMENT), None)
        if inner is not None and inner.kind_id == node_types.BODY:
            read = body(cx, inner, start, end)
            attributes.extend(read.attributes)
            blocks.extend(read.blocks)
        elif inner is not None:
            diagnose(cx, text, start, end)
    if not cx.problems:
        diagnose(cx, text, 0, len(text))
    whole = Body(start=0, end=len(text), attributes=tuple(attributes), blocks=tuple(blocks))
    return File(path=source.path, body=whole, comments=tuple(comments)), cx.problems


def _parts(text: str) -> list[tuple[int, int]]:
    """Cut a text before each line that begins a top-level definition, heredocs left whole."""
    heredocs = _heredocs(text)
    starts = [0]
    at = 0
    for found in _BOUNDARY.finditer(text):
        start = found.end() if found[0][0] == "}" else found.start()
        while at < len(heredocs) and heredocs[at][1] <= start:
            at += 1
        inside = at < len(heredocs) and heredocs[at][0] < start
        if start > starts[-1] and not inside and len(starts) < MAX_PARTS:
            starts.append(start)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _heredocs(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = 0
    while opening := HEREDOC_START.search(text, at):
        end = heredoc_end(text, opening, len(text))
        at = opening.end()
        if end is not None:
            found.append((opening.start(), end))
            at = end
    return found


def _parse_part(source: SourceFile, shown: bytes, start: int, end: int) -> tree_sitter.Node:
    line, column = source.position(start)
    end_line, end_column = source.position(end)
    part = tree_sitter.Range((line - 1, column - 1), (end_line - 1, end_column - 1), start, end)
    return tree_sitter.Parser(node_types.LANGUAGE, included_ranges=[part]).parse(shown).root_node
