"""The steps taken from a value: attributes, indexes and splats, grouped as Terraform groups them."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from iacpolicy.hcl.ast import Expression, GetAttr, Index, Number, Splat, SplatItem


class TraversalStep(NamedTuple):
    """One step: `.name`, `[key]`, `.0` (a key that is `legacy`), and `[*]` or `.*` where neither is given."""

    start: int
    end: int
    name: str | None = None
    key: Expression | None = None
    legacy: bool = False
    full: bool = False


class _Open(NamedTuple):
    """A splat that waits for its `each`."""

    target: Expression
    full: bool


def traversal(
    base: Expression, steps: Iterable[TraversalStep], problem: Callable[[int, int, str, str], None]
) -> Expression:
    """Apply steps to a base."""
    target = base
    start = base.start
    splats: list[_Open] = []
    for step in steps:
        end = step.end
        if step.name is not None:
            target = GetAttr(start=start, end=end, target=target, name=step.name)
        elif step.key is not None:
            if step.legacy:
                _check_legacy(target, step, problem)
            else:
                target = _leave_attribute_splat(splats, target)
            target = Index(start=start, end=end, target=target, key=step.key, legacy=step.legacy)
        else:
            if not step.full and splats and not splats[-1].full:
                problem(
                    step.start,
                    end,
                    "Nested attribute-only splat",
                    "`.*` may not follow `.*` in one traversal. Use `[*]` for both.",
                )
            splats.append(_Open(_leave_attribute_splat(splats, target), step.full))
            target = SplatItem(start=step.start, end=end)
    while splats:
        target = _close(splats, target)
    return target


def _leave_attribute_splat(splats: list[_Open], target: Expression) -> Expression:
    """Apply a step in brackets after `.*` to the whole result."""
    return _close(splats, target) if splats and not splats[-1].full else target


def _close(splats: list[_Open], each: Expression) -> Splat:
    target, full = splats.pop()
    return Splat(start=target.start, end=each.end, target=target, each=each, full=full)


def _check_legacy(target: Expression, step: TraversalStep, problem: Callable[[int, int, str, str], None]) -> None:
    key = step.key
    if isinstance(target, Index) and target.legacy and isinstance(key, Number) and target.end + 1 == key.start:
        problem(
            step.start,
            step.end,
            "Two indexes after dots",
            "An index after a dot cannot be followed by another one. Use brackets, as in [0][1].",
        )
