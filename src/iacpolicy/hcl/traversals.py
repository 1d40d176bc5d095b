"""The steps taken from a value: attributes, indexes and splats."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from tree_sitter import Node as SyntaxNode

from iacpolicy.hcl import kinds
from iacpolicy.hcl.ast import Expression, GetAttr, Index, Number, Splat, SplatItem
from iacpolicy.hcl.conversion import Conversion

Recurse: TypeAlias = Callable[[Conversion, SyntaxNode, int, bool], Expression]


def traversal(
    cx: Conversion, base: Expression, nodes: Sequence[SyntaxNode], depth: int, lines: bool, recurse: Recurse
) -> Expression:
    """Applies steps to a base: `.name`, `[key]`, `.0`, `.*` and `[*]`, as Terraform groups them."""
    target = base
    start = base.start
    # An open splat waits for its `each`: (target, start of the item, whether it is full).
    splats: list[tuple[Expression, int, bool]] = []
    for step in _steps(nodes):
        kind = step.kind_id
        end = step.end_byte
        if lines and kind != kinds.NEW_INDEX:
            cx.require_one_line(step.children, "within a traversal")
        if kind in (kinds.FULL_SPLAT, kinds.ATTR_SPLAT):
            full = kind == kinds.FULL_SPLAT
            if splats and not splats[-1][2]:
                if not full:
                    cx.problem(
                        step.start_byte,
                        step.start_byte + 2,
                        "Nested attribute-only splat",
                        "`.*` may not follow `.*` in one traversal. Use `[*]` for both.",
                    )
                target = _close(splats, target)
            splat_start = step.start_byte
            splat_end = step.children[0].end_byte
            splats.append((target, splat_start, full))
            target = SplatItem(start=splat_start, end=splat_end)
        elif kind == kinds.GET_ATTR:
            name = step.children[-1]
            target = GetAttr(start=start, end=end, target=target, name=cx.text[name.start_byte : end])
        elif kind == kinds.NEW_INDEX:
            if splats and not splats[-1][2]:
                target = _close(splats, target)
            key = next(child for child in step.children if child.kind_id == kinds.EXPRESSION)
            target = Index(start=start, end=end, target=target, key=recurse(cx, key, depth, False))
        else:
            # The grammar hides the digits' own node.
            dot = step.children[0].end_byte
            digits = end - len(cx.text[dot:end].lstrip())
            if isinstance(target, Index) and target.legacy and target.end + 1 == digits:
                cx.problem(
                    step.start_byte,
                    end,
                    "Two indexes after dots",
                    "An index after a dot cannot be followed by another one. Use brackets, as in [0][1].",
                )
            number = Number(start=digits, end=end)
            target = Index(start=start, end=end, target=target, key=number, legacy=True)
    while splats:
        target = _close(splats, target)
    return target


def _close(splats: list[tuple[Expression, int, bool]], each: Expression) -> Splat:
    target, _, full = splats.pop()
    return Splat(start=target.start, end=each.end, target=target, each=each, full=full)


def _steps(nodes: Sequence[SyntaxNode]) -> Iterator[SyntaxNode]:
    """The steps in order; those that the grammar puts inside a splat follow it."""
    for node in nodes:
        kind = node.kind_id
        if kind == kinds.GET_ATTR:
            yield node
        elif kind == kinds.INDEX:
            yield node.children[0]
        elif kind == kinds.SPLAT:
            splat = node.children[0]
            yield splat
            for inner in splat.children[1:]:
                if inner.kind_id == kinds.GET_ATTR:
                    yield inner
                elif inner.kind_id == kinds.INDEX:
                    yield inner.children[0]
