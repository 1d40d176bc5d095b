"""Strings and heredocs from python-hcl2's tree.

The tree has the parts of a string, but a heredoc is one token. So this module finds the interpolations of a heredoc and
parses each of them with python-hcl2.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from iacpolicy.hcl.ast import Expression, Interpolation, Template, TemplatePart, TemplateWrap, TextForm
from iacpolicy.hcl.python_hcl2.tree import Hcl2ParseError, LarkTree, Part, check_depth, lark_tree
from iacpolicy.hcl.shared.conversion import Conversion
from iacpolicy.hcl.shared.directives import OpenDirective
from iacpolicy.hcl.shared.literals import TemplateRange, pieces
from iacpolicy.hcl.shared.template_scan import tags

Recurse: TypeAlias = Callable[[Conversion, Part], Expression]

_FOR: Final = re.compile(r"\s*for\s+([\w-]+)\s*(?:,\s*([\w-]+)\s*)?\sin\b")
_IF: Final = re.compile(r"\s*if\b")
_PREFIX: Final = "x = ("


class _Tag(NamedTuple):
    """An interpolation, or the tag of a directive: `kind` is `interpolation`, `for`, `if`, `else` or `end`."""

    start: int
    end: int
    kind: str
    value: Expression | None = None
    names: tuple[str | None, str] | None = None
    strip_before: bool = False
    strip_after: bool = False


def string(cx: Conversion, tree: LarkTree, recurse: Recurse) -> Template | TemplateWrap:
    """Convert a `string`."""
    start, end = tree.start, tree.end
    found = [_string_tag(cx, inner, recurse) for part in tree.trees("string_part") for inner in part.trees()]
    if len(found) == 1 and found[0].kind == "interpolation":
        only = found[0]
        if only.start == start + 1 and only.end == end - 1 and only.value is not None:
            return TemplateWrap(start=start, end=end, value=only.value)
    row = _row(found, start + 1, end - 1)
    parts = _build(row, pieces(cx.text, row, TextForm.QUOTED, flush=False))
    return Template(start=start, end=end, parts=parts)


def heredoc(cx: Conversion, tree: LarkTree, recurse: Recurse) -> Template:
    """Convert a `heredoc_template` or a `heredoc_template_trim`."""
    start, end = tree.start, tree.end
    content = cx.text.index("\n", start) + 1
    content_end = max(cx.text.rfind("\n", content - 1, end) + 1, content)
    found = [_scanned_tag(cx, *place, recurse) for place in tags(cx.text, content, content_end)]
    row = _row(found, content, content_end)
    flush = tree.rule == "heredoc_template_trim"
    return Template(
        start=start, end=end, parts=_build(row, pieces(cx.text, row, TextForm.HEREDOC, flush)), heredoc=True
    )


def _string_tag(cx: Conversion, tree: LarkTree, recurse: Recurse) -> _Tag:
    start, end = tree.start, tree.end
    strip = (cx.text.startswith("~", start + 2), cx.text.startswith("~", end - 2))
    if tree.rule == "interpolation":
        return _Tag(start, end, "interpolation", recurse(cx, next(tree.trees())))
    if tree.rule == "template_if_start":
        return _Tag(start, end, "if", recurse(cx, next(tree.trees())), None, *strip)
    if tree.rule == "template_for_start":
        *names, collection = tree.trees()
        words = [cx.text[name.start : name.end] for name in names]
        bound = (words[0] if len(words) > 1 else None, words[-1])
        return _Tag(start, end, "for", recurse(cx, collection), bound, *strip)
    return _Tag(start, end, "else" if tree.rule == "template_else" else "end", None, None, *strip)


def _scanned_tag(cx: Conversion, start: int, end: int, recurse: Recurse) -> _Tag:
    text = cx.text
    before, after = text.startswith("~", start + 2), text.startswith("~", end - 2)
    inner_start, inner_end = start + 2 + before, end - 1 - after
    if text[start] == "$":
        return _Tag(start, end, "interpolation", _sub(cx, inner_start, inner_end, recurse), None, before, after)
    if opening := _FOR.match(text, inner_start, inner_end):
        first, second = opening[1], opening[2]
        names = (first, second) if second else (None, first)
        return _Tag(start, end, "for", _sub(cx, opening.end(), inner_end, recurse), names, before, after)
    if opening := _IF.match(text, inner_start, inner_end):
        return _Tag(start, end, "if", _sub(cx, opening.end(), inner_end, recurse), None, before, after)
    word = text[inner_start:inner_end].strip()
    if word not in ("else", "endif", "endfor"):
        raise Hcl2ParseError(*cx.source.position(start))
    return _Tag(start, end, "else" if word == "else" else "end", None, None, before, after)


def _sub(cx: Conversion, start: int, end: int, recurse: Recurse) -> Expression:
    """Parse one expression of a heredoc, at its own offsets."""
    try:
        root = lark_tree(f"{_PREFIX}{cx.text[start:end]}\n)\n")
    except Hcl2ParseError:
        raise Hcl2ParseError(*cx.source.position(start)) from None
    check_depth(root)
    whole = LarkTree(root, start - len(_PREFIX))
    attribute = next(next(whole.trees("body")).trees("attribute"))
    value = attribute.parts[2]
    inner = next(value.trees(), None) if isinstance(value, LarkTree) else None
    if inner is None or value.start != start - 1 or value.end != end + 2:
        raise Hcl2ParseError(*cx.source.position(start))
    return recurse(cx, inner)


def _row(found: list[_Tag], start: int, end: int) -> list[TemplateRange[_Tag]]:
    row: list[TemplateRange[_Tag]] = []
    at = start
    strip = False
    for tag in found:
        if tag.start > at:
            row.append(TemplateRange(at, tag.start, None, strip, tag.strip_before))
        row.append(TemplateRange(tag.start, tag.end, tag))
        at, strip = tag.end, tag.strip_after
    if end > at:
        row.append(TemplateRange(at, end, None, strip, False))
    return row


def _build(row: list[TemplateRange[_Tag]], literals: dict[int, tuple[TemplatePart, ...]]) -> tuple[TemplatePart, ...]:
    parts: list[TemplatePart] = []
    opened: list[OpenDirective] = []
    for text_range in row:
        current = opened[-1].branches[-1] if opened else parts
        tag = text_range.node
        if tag is None:
            current.extend(literals[text_range.start])
        elif tag.kind == "interpolation" and tag.value is not None:
            current.append(Interpolation(start=tag.start, end=tag.end, value=tag.value))
        elif tag.value is not None:
            opened.append(OpenDirective(tag.start, tag.names, tag.value))
        elif not opened:
            raise Hcl2ParseError(1, 1)
        elif tag.kind == "else":
            opened[-1].branches.append([])
        else:
            directive = opened.pop().closed(tag.end)
            (opened[-1].branches[-1] if opened else parts).append(directive)
    if opened:
        raise Hcl2ParseError(1, 1)
    return tuple(parts)
