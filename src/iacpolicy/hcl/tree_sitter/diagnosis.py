"""Diagnosis of a syntax error: its place, its likely cause and the remedy."""

from collections.abc import Iterator, Sequence
from typing import Final

import tree_sitter
from tree_sitter import Node as SyntaxNode

from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.shared.template_scan import tags
from iacpolicy.hcl.tree_sitter import node_types
from iacpolicy.hcl.tree_sitter.brackets import BracketScan, LineEnd, UnsoundError
from iacpolicy.hcl.tree_sitter.hints import hint

_ERROR: Final = 0xFFFF


def diagnose(cx: Conversion, text: str, start: int, end: int) -> None:
    """Report the error of a range of masked text that tree-sitter could not parse."""
    scan = BracketScan(cx.source, text, start, end)
    try:
        scan.run()
    except UnsoundError as found:
        cx.problem(found.start, found.end, found.summary, found.detail)
        return
    at = _first_error(text, start, end, scan.line_ends)
    line_number, column = cx.source.position(at)
    line = cx.source.line(line_number)
    cx.problem(at, max(at - column + 1 + len(line), at + 1), *hint(line))


def diagnose_template(cx: Conversion, text: str, start: int, end: int) -> None:
    """Report the error of a bare template, in masked text."""
    at = _broken_tag(text, start, end)
    cx.problem(
        at,
        at + 1,
        "Template cannot be parsed",
        "An interpolation ${ } or a directive %{ } is not complete, or is not closed (%{ endif }, %{ endfor }). "
        "Complete it, or write $${ or %%{ for the characters themselves.",
    )


def _broken_tag(text: str, start: int, end: int) -> int:
    """Return the start of the first tag that is unclosed, holds no expression, or has no partner."""
    opened: list[tuple[str, int]] = []
    for tag_start, tag_end in tags(text, start, end):
        inner = text[tag_start + 2 : tag_end - 1].strip("~")
        if text[tag_end - 1] != "}":
            return tag_start
        if text[tag_start] == "$":
            if _parsed(f"x=({inner}\n)").has_error:
                return tag_start
            continue
        word = inner.split(None, 1)[0] if inner.strip() else ""
        if word in ("if", "for"):
            opened.append((f"end{word}", tag_start))
        elif word == "else":
            if not opened or opened[-1][0] != "endif":
                return tag_start
        elif not opened or opened.pop()[0] != word:
            return tag_start
    return opened[-1][1] if opened else start


def _first_error(text: str, start: int, end: int, line_ends: Sequence[LineEnd]) -> int:
    """Return the start of the first definition with an error.

    tree-sitter's error nodes can be anywhere after the cause. But a text that is cut at a line's end, with its braces
    closed, has an error only if the cause is before the cut. So the line is found by bisection.
    """
    low, high = 0, len(line_ends)
    broken: SyntaxNode | None = None
    while low < high:
        middle = (low + high) // 2
        cut = line_ends[middle]
        root = _parsed(text[start : cut.offset] + "}" * cut.open_braces)
        if root.has_error:
            high = middle
            broken = root
        else:
            low = middle + 1
    begin = line_ends[low - 1].offset if low else start
    stop = line_ends[low].offset if low < len(line_ends) else end
    if broken is None:
        broken = _parsed(text[start:end])
    begin = _skip_space(text, begin, stop)
    places = (start + place for place in _error_starts(broken))
    return min((place for place in places if begin <= place < stop - 1), default=begin)


def _parsed(text: str) -> SyntaxNode:
    return tree_sitter.Parser(node_types.LANGUAGE).parse(text.encode("ascii")).root_node


def _skip_space(text: str, at: int, end: int) -> int:
    while at < end - 1 and text[at].isspace():
        at += 1
    return at


def _error_starts(root: SyntaxNode) -> Iterator[int]:
    pending = [root]
    while pending:
        node = pending.pop()
        children = node.children if node.has_error else []
        if node.is_missing:
            yield node.start_byte
        elif node.kind_id == _ERROR:
            inside = any(child.has_error for child in children)
            yield node.start_byte if inside or not children else node.end_byte
        pending.extend(children)
